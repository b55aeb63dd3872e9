import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAnswer } from '../../src/extract/parse.ts'
import { normaliseName } from '../../src/model/entity.ts'
import { pairOf, resolveWithin, type Thing } from '../../src/resolve/identity/identity.ts'
import { type Gold, readGold, thingsIn } from './sample.ts'

/** What was said of a pair of names that stand in one text. */
export interface SaidPair {
  /** By the rules alone. */
  readonly verdict: 'join' | 'propose' | null
  /** By the recorded reply: they are names of one of its entities, of two, or it does not name both. */
  readonly reply: 'one' | 'two' | 'silent'
  /** Whether they are one; null where nobody has read it. */
  readonly isOne: boolean | null
  /** Whether a sentence of the trace names both. */
  readonly isWeighed: boolean
}

interface Recorded {
  readonly model: string
  readonly reasoning: string
  readonly content: string
  readonly units: readonly { readonly speaker: string | null; readonly text: string }[]
}

/** The names of a recorded answer's entities, each form by itself, and which entities have it. */
interface Named {
  readonly things: readonly Thing[]
  readonly entitiesOf: ReadonlyMap<string, ReadonlySet<number>>
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

/**
 * The cases beside the contract, by model: all names in their answers. What replies take for one was read by somebody, see
 * `recorded-judged.json`; so was what the rules took for one when that was written.
 */
export function readCases(folder: string): Map<string, SaidPair[]> {
  const { two } = readJson<{ two: [string, string, string][] }>(join(import.meta.dirname, 'recorded-judged.json'))
  const isTwo = new Set(two.map(([name, a, b]) => `${name} ${pairOf(normaliseName(a), normaliseName(b))}`))
  const said = new Map<string, SaidPair[]>()
  for (const name of readdirSync(folder)
    .filter((file) => existsSync(join(folder, file, 'reply.json')))
    .toSorted()) {
    const { units } = readJson<Pick<Recorded, 'units'>>(join(folder, name, 'request.json'))
    const recorded = { ...readJson<Omit<Recorded, 'units'>>(join(folder, name, 'reply.json')), units }
    const { things } = namesIn(recorded)
    const text = units.map((unit) => `${unit.speaker === null ? '' : `${unit.speaker}: `}${unit.text}`).join('\n')
    const isOne = (a: Thing, b: Thing, reply: SaidPair['reply']): boolean | null => {
      if (isTwo.has(`${name} ${pairOf(formOf(a), formOf(b))}`)) return false
      return reply === 'one' ? true : null
    }
    add(said, recorded.model, comparePairs(things, text, recorded, isOne))
  }
  return said
}

/** The sample, by model: the names of its gold in the text that a reply is about. */
export function readSample(folder: string): Map<string, SaidPair[]> {
  const gold = readGold(folder)
  const said = new Map<string, SaidPair[]>()
  for (const file of readdirSync(join(folder, 'replies')).toSorted()) {
    const recorded = readJson<Recorded & { source: string }>(join(folder, 'replies', file))
    const { things, text } = thingsIn(gold, folder, recorded.source)
    const isOne = (a: Thing, b: Thing): boolean => areOne(gold, a, b)
    add(said, recorded.model, comparePairs(things, text, recorded, isOne))
  }
  return said
}

function areOne({ entities }: Gold, a: Thing, b: Thing): boolean {
  const forms = entities.map(({ name, aliases }) => new Set([name, ...aliases].map(normaliseName)))
  return forms.some((own) => own.has(formOf(a)) && own.has(formOf(b)))
}

function comparePairs(
  things: readonly Thing[],
  text: string,
  recorded: Recorded,
  isOne: (a: Thing, b: Thing, reply: SaidPair['reply']) => boolean | null,
): SaidPair[] {
  const { entitiesOf } = namesIn(recorded)
  const judged = new Map(
    resolveWithin({ things, texts: [text] }).judgements.map((one) => [pairOf(one.a, one.b), one.verdict]),
  )
  const sentences = recorded.reasoning.split(/(?<=[.!?])\s+|\n+/).map((sentence) => ` ${normaliseName(sentence)} `)
  return things.flatMap((a, at) =>
    things.slice(at + 1).flatMap((b): SaidPair[] => {
      if (a.type !== b.type || a.id === b.id) return []
      const [left, right] = [entitiesOf.get(formOf(a)), entitiesOf.get(formOf(b))]
      const reply =
        left === undefined || right === undefined
          ? 'silent'
          : [...left].some((entity) => right.has(entity))
            ? 'one'
            : 'two'
      const isWeighed = sentences.some((sentence) => sentence.includes(formOf(a)) && sentence.includes(formOf(b)))
      return [{ verdict: judged.get(pairOf(a.id, b.id)) ?? null, reply, isOne: isOne(a, b, reply), isWeighed }]
    }),
  )
}

function namesIn({ content, units }: Recorded): Named {
  const { answer } = parseAnswer(content, units.length)
  const things = new Map<string, Thing>()
  const entitiesOf = new Map<string, Set<number>>()
  for (const [at, { name, type, aliases }] of answer.entities.entries())
    for (const form of [name, ...aliases]) {
      const folded = normaliseName(form)
      const id = `${type} ${folded}`
      if (!things.has(id)) things.set(id, { id, type, names: [form] })
      entitiesOf.set(folded, (entitiesOf.get(folded) ?? new Set()).add(at))
    }
  return { things: [...things.values()], entitiesOf }
}

const formOf = ({ names }: Thing): string => normaliseName(names[0] ?? '')

function add(said: Map<string, SaidPair[]>, model: string, pairs: readonly SaidPair[]): void {
  said.set(model, [...(said.get(model) ?? []), ...pairs])
}

/** Pairs that somebody would be asked about, and pairs found, joined ones too. */
export interface Yield {
  readonly asked: number
  readonly askedRight: number
  readonly found: number
  readonly joinedWrong: number
}

/**
 * What rules alone come to, and what comes of it where a reply has its say: what it has as two is not asked about, what it
 * has as one is. Pairs that nobody has read are left out.
 */
export function compareYields(pairs: readonly SaidPair[]): {
  readonly rules: Yield
  readonly withReplies: Yield
  readonly ones: number
  readonly unread: number
} {
  const read = pairs.filter(({ isOne }) => isOne !== null)
  const yieldOf = (isAsked: (pair: SaidPair) => boolean): Yield => {
    const joined = read.filter(({ verdict }) => verdict === 'join')
    const asked = read.filter((pair) => pair.verdict !== 'join' && isAsked(pair))
    const askedRight = asked.filter(({ isOne }) => isOne).length
    const joinedRight = joined.filter(({ isOne }) => isOne).length
    const found = joinedRight + askedRight
    return { asked: asked.length, askedRight, found, joinedWrong: joined.length - joinedRight }
  }
  return {
    rules: yieldOf(({ verdict }) => verdict === 'propose'),
    withReplies: yieldOf(({ verdict, reply }) => reply === 'one' || (verdict === 'propose' && reply === 'silent')),
    ones: read.filter(({ isOne }) => isOne).length,
    unread: pairs.filter(({ isOne, verdict, reply }) => isOne === null && (verdict !== null || reply === 'one')).length,
  }
}
