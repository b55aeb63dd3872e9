import { normaliseName } from '../../model/entity.ts'
import type { Question } from '../../model/question.ts'
import type { ReadChunk } from './chunk.ts'
import type { Found } from './links.ts'
import type { Match, Party } from './rule.ts'
import { countWords } from './sentences.ts'
import { readVocabulary } from './vocabulary.ts'

/** The answer in the contract's own shape, before it is written out as JSON. */
interface Composed {
  readonly trace: string
  readonly answer: {
    readonly summary: string
    readonly labels: { label: string; s: number[] }[]
    readonly entities: { id: string; name: string; type: string; aliases: string[]; mentions: number[] }[]
    readonly links: {
      subject: string
      type: string
      object: string
      evidence: { s: number; quote: string }[]
      support: Match['support']
      polarity: Match['polarity']
      when: string | null
      why: string
      confidence: number
    }[]
    readonly rejected: { subject: string; type: string; object: string; reason: string }[]
  }
}

const MAX_LINKS = 40
const MAX_REJECTED = 5
const MAX_EVIDENCE = 4

/** Puts the schema's names on what the rules found, joins what says the same, and writes trace and answer. */
export function compose(chunk: ReadChunk, found: Found): Composed {
  const { question } = chunk
  const vocabulary = readVocabulary(question.schema)
  const entities = new Map<string, Composed['answer']['entities'][number]>()
  const links = new Map<string, Composed['answer']['links'][number]>()
  const rejected: Composed['answer']['rejected'] = []
  const trace: string[] = []

  const enter = (party: Party, type: string, units: readonly number[]): string => {
    const key = `${type}\n${normaliseName(party.name)}`
    let entity = entities.get(key)
    if (entity === undefined) {
      entity = { id: `e${entities.size + 1}`, name: party.name, type, aliases: [], mentions: [] }
      entities.set(key, entity)
    }
    for (const alias of party.aliases) {
      if (alias !== entity.name && !entity.aliases.includes(alias)) entity.aliases.push(alias)
    }
    entity.mentions = [...new Set([...entity.mentions, ...units])].toSorted((one, other) => one - other)
    return entity.id
  }
  const reject = (entry: (typeof rejected)[number]): void => {
    if (rejected.length < MAX_REJECTED) rejected.push(entry)
  }

  for (const match of found.matches.toSorted((one, other) => one.s - other.s)) {
    const named = vocabulary.name(match.type, match.subject.kind, match.object.kind)
    if (named === null) continue
    const [first, second] = named.swapped ? [match.object, match.subject] : [match.subject, match.object]
    if (normaliseName(first.name) === normaliseName(second.name)) continue
    const key = [normaliseName(first.name), named.type, normaliseName(second.name), match.polarity].join('\n')
    const known = links.get(key)
    if (known === undefined && links.size >= MAX_LINKS) continue
    const statement = `${first.name} ${named.type} ${second.name}`
    const verdict =
      match.polarity === 'asserted'
        ? ''
        : match.polarity === 'negated'
          ? ` The source denies it ("${match.sign}"), so the link is negated.`
          : ` The source only asks, plans or supposes it ("${match.sign}"), so the link is hedged.`
    trace.push(
      `S${match.s}: rule "${match.rule}" matches "${match.matched}": ${statement}, ${match.because}.${verdict}`,
    )
    if (match.polarity === 'negated' || match.sign === '?') {
      const reason =
        match.polarity === 'negated' ? `S${match.s} denies it ("${match.sign}").` : `S${match.s} only asks.`
      reject({ subject: first.name, type: named.type, object: second.name, reason })
    }
    if (known !== undefined) {
      for (const item of match.evidence) {
        const seen = known.evidence.some((other) => other.s === item.s && other.quote === item.quote)
        if (!seen && known.evidence.length < MAX_EVIDENCE) known.evidence.push(item)
      }
      known.when ??= match.when
      known.confidence = Math.max(known.confidence, match.confidence)
      continue
    }
    const units = [...new Set(match.evidence.map(({ s }) => s))]
    links.set(key, {
      subject: enter(first, named.subject, units),
      type: named.type,
      object: enter(second, named.object, units),
      evidence: match.evidence.map(({ s, quote }) => ({ s, quote })),
      support: match.support,
      polarity: match.polarity,
      when: match.when,
      why: explain(match, statement),
      confidence: match.confidence,
    })
  }
  for (const declined of found.declined) {
    const statement = `${declined.subject} ${declined.type} ${declined.object}`
    trace.push(
      `S${declined.s}: rule "${declined.rule}" would read ${statement}, but ${declined.reason}, so there is no link.`,
    )
    reject({
      subject: declined.subject,
      type: declined.type,
      object: declined.object,
      reason: `S${declined.s}: ${declined.reason}.`,
    })
  }
  return {
    trace: trace.join('\n\n'),
    answer: {
      summary: summarise(chunk),
      labels: readLabels(question),
      entities: [...entities.values()],
      links: [...links.values()],
      rejected,
    },
  }
}

function explain(match: Match, statement: string): string {
  const read = `S${match.s} has "${match.matched}", which the rule "${match.rule}" reads as ${statement}`
  if (match.polarity === 'negated') return `${read}, denied by "${match.sign}".`
  if (match.polarity === 'hedged') return `${read}, left open by "${match.sign}".`
  return `${read}.`
}

/** The heading and the first whole sentence, in the source's own words. */
function summarise(chunk: ReadChunk): string {
  const heading = chunk.units
    .find(({ unit }) => unit.kind === 'heading' && countWords(unit.text) <= 20)
    ?.unit.text.trim()
  let first = ''
  for (const { unit, sentences, instruction } of chunk.units) {
    if (unit.kind === 'heading' || unit.kind === 'row' || instruction !== null || unit.speaker !== null) continue
    const sentence = sentences.find(
      ({ start, end }) => /[.!?]$/.test(unit.text.slice(start, end)) && countWords(unit.text.slice(start, end)) > 5,
    )
    if (sentence === undefined) continue
    first = unit.text.slice(sentence.start, sentence.end).replace(/\s+/g, ' ')
    break
  }
  const parts = [heading === undefined ? '' : heading.replace(/[.:]?$/, '.'), first.length > 300 ? '' : first]
  return parts.filter((part) => part !== '').join(' ')
}

function readLabels(question: Question): { label: string; s: number[] }[] {
  const labels = new Map<string, { label: string; s: number[] }>()
  for (const unit of question.units) {
    const text = unit.text.trim()
    if (unit.kind !== 'heading' || text === '' || text.length > 80) continue
    const known = labels.get(text)
    if (known !== undefined) known.s.push(unit.s)
    else if (labels.size < 5) labels.set(text, { label: text, s: [unit.s] })
  }
  return [...labels.values()]
}
