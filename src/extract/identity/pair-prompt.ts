import type { ProposedEntity } from '../../model/proposal.ts'
import type { Question } from '../../model/question.ts'
import { schemaFile, type Schema } from '../../model/schema.ts'
import { cut, fenced, fenceFor, isHarmless, LEFT_OUT } from '../fence.ts'
import { renderUnit, titleLine, toQuestion } from '../prompt.ts'
import type { ShownPair } from './pair.ts'

/** What is looked for. The aliases are words by which sources say it. */
export const IDENTITY_SCHEMA: Schema = schemaFile.parse({
  open: false,
  linkTypes: [{ name: 'SAME', aliases: ['ALIAS', 'CALLED', 'KNOWN', 'NAMED'], symmetric: true }],
})

const MOST_ALIASES = 6

/** A pair in the form in which it is asked about; its units are those of both sources. */
export function pairQuestion({ chunk, pair }: ShownPair): Question {
  const [{ document }] = pair.places
  return { ...toQuestion(chunk, document, IDENTITY_SCHEMA, []), asksFor: 'identity' }
}

/**
 * The words of the one user message. Names, titles and units are the sources': they stand within the fence, and what
 * orders the model about is not shown as a name.
 */
export function renderPairPrompt(shown: ShownPair, question: Question): string {
  const { names, places } = shown.pair
  const body = [
    ...names.map((entity, at) => `e${at + 1}: ${describe(entity)}`),
    ...places.flatMap((place, at) => {
      const { title, kind, date, language = null } = place.document
      const own = question.units.filter(({ s }) => shown.origins.get(s)?.place === place)
      const whose = places.length === 1 ? 'both' : `e${at + 1}`
      return ['', `Source of ${whose}. ${titleLine({ title, kind, date, language })}`, ...own.map(renderUnit)]
    }),
  ].join('\n')
  return [ASK, THINK, ...fenced(fenceFor(body), body), ANSWER].join('\n\n')
}

function describe({ name, type, aliases }: ProposedEntity): string {
  const shown = (form: string): string => (isHarmless(form) ? cut(form, 80) : LEFT_OUT)
  const others = aliases.filter((alias) => alias !== name && isHarmless(alias)).slice(0, MOST_ALIASES)
  return `${shown(name)} (${cut(type, 80)}${others.length === 0 ? '' : `; also ${others.map(shown).join(', ')}`})`
}

const ASK =
  'Two names, e1 and e2, stand in what follows. Find out whether they mean one and the same thing in the world, or two.'

const THINK =
  'While thinking, name both and the units you lean on (S3), what speaks for one thing and what for two: role, employer, place, dates, who talks to whom. That the names are alike is no proof: people share first names, and a product may be called like its maker.'

const ANSWER = `Answer with one JSON object only, every key present:
{"summary":"one sentence",
"labels":[],
"entities":[],
"links":[{"subject":"e1","type":"SAME_AS","object":"e2","evidence":[{"s":1,"quote":"at most 30 words, letter for letter from unit 1"}],"support":"stated or inferred","polarity":"asserted (one thing), negated (two things) or hedged (the units do not settle it)","when":null,"why":"one sentence","confidence":0.9}],
"rejected":[]}
Just this one link. Quote from each source what it rests on. "inferred": a quote from each unit joined. Confidence: 0.9 stated outright, 0.6 clear inference, less doubtful.`
