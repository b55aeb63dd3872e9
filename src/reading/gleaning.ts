import type { Extraction } from '../extract/extract.ts'
import { cut, fenced, fenceFor, isHarmless } from '../extract/fence.ts'
import { namesOf, withoutLink } from '../extract/left-over.ts'
import type { Answer, AnswerEntity } from '../model/answer.ts'
import type { Chunk } from '../model/chunk.ts'
import { counted } from '../model/counted.ts'
import { normaliseName } from '../model/entity.ts'
import type { WantedStep } from './wanted-step.ts'

const MOST_NAMES = 12
/** Names in the reason that is kept. */
const MOST_TOLD = 3

/** What names no link has. */
export interface NamesLeft {
  /** Of the answer: such as are mentioned in a unit that mentions another entity too, so that there may be a link. */
  readonly named: readonly AnswerEntity[]
  /** Of the graph: they stand in the chunk, and the answer does not have them. */
  readonly known: readonly string[]
}

export function namesLeft(
  { entities }: Pick<Answer, 'entities'>,
  { proposals }: Pick<Extraction, 'proposals'>,
  { text }: Pick<Chunk, 'text'>,
  inGraph: readonly string[],
): NamesLeft {
  const isAlone = ({ id, mentions }: AnswerEntity): boolean =>
    !entities.some((other) => other.id !== id && other.mentions.some((unit) => mentions.includes(unit)))
  const named = withoutLink(entities, proposals).filter((entity) => !isAlone(entity))
  const answered = namesOf([...entities, ...proposals.flatMap(({ subject, object }) => [subject, object])])
  const known = inGraph.filter((name) => !answered.has(normaliseName(name)) && standsIn(name, text))
  return { named: named.slice(0, MOST_NAMES), known: known.slice(0, MOST_NAMES) }
}

/** As a whole word, letter for letter. */
function standsIn(name: string, text: string): boolean {
  if (name === '') return false
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (![text[at - 1], text[at + name.length]].some((beside = '') => LETTER.test(beside))) return true
  return false
}

const LETTER = /[\p{L}\p{N}]/u

/** The request that asks for links of names that have none; null where there are no such names. */
export function gleaningStep({ named, known }: NamesLeft): WantedStep | null {
  const lines = [
    ...named.map(({ name, type }) => `- ${cut(name, 80)} (${cut(type, 40)})`),
    ...known.map((name) => `- ${cut(name, 80)}`),
  ]
  const shown = lines.filter(isHarmless)
  if (shown.length === 0) return null
  const names = [...named.map(({ name }) => name), ...known].map((name) => cut(name, 60))
  const told = names.length > MOST_TOLD ? [...names.slice(0, MOST_TOLD), '…'] : names
  const because = `${counted(names.length, 'name')} without a link: ${told.join(', ')}`
  const part = named.map(({ name }) => name).join('\n')
  return { name: 'gleaning', because, prompt: { behind: render(shown.join('\n')) }, part }
}

function render(lines: string): string {
  return [
    'This was answered before. These names stand in the source, and no link of the answer has them:',
    ...fenced(fenceFor(lines, 'names'), lines),
    'Look at each of them again, and answer as is asked for above, with the links only that were missed and have one of these names at an end; list the entities of these links, named as here where they are meant. Many names have no link: then "links" is []. Leave "summary" empty, "labels" and "rejected" [].',
  ].join('\n\n')
}
