import type { AnswerEntity } from '../../model/answer.ts'
import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import type { Document } from '../../model/document.ts'
import { speakerLabel } from '../../model/place.ts'
import type { ProposedEntity } from '../../model/proposal.ts'
import { estimateTokens } from '../../model/tokens.ts'
import { contains, tokens } from '../injection/own-support.ts'

/** One of two names that may mean one thing, and a chunk in which it stands. */
export interface PairSide {
  /** As the `SAME_AS` link names this end. */
  readonly entity: ProposedEntity
  readonly chunk: Chunk
  readonly document: Pick<Document, 'path' | 'title' | 'kind' | 'date' | 'language'>
}

/** Two names, in the order of the link's ends: the subject first. */
export type Pair = readonly [PairSide, PairSide]

/** Where a shown unit comes from. */
export interface Origin {
  readonly side: PairSide
  readonly unit: ChunkUnit
}

/** What is shown of a pair: units of one chunk or two as one chunk of their own, numbered through from 1. */
export interface ShownPair {
  readonly pair: Pair
  /** Never stored; its offsets are into its own text. */
  readonly chunk: Chunk
  /** By number of the shown unit. */
  readonly origins: ReadonlyMap<number, Origin>
  /** The sides whose chunks are shown: one where both names stand in the same. */
  readonly sides: readonly PairSide[]
  /** The two names as entities of an answer: `e1` and `e2`. */
  readonly entities: readonly [AnswerEntity, AnswerEntity]
}

/** Tokens of a chunk that are shown, by estimate, unless the first unit has more. */
const MOST_TOKENS = 600

/** Chooses what is shown: units that name either, both first, with what stands before and behind them. Pure. */
export function showPair(pair: Pair): ShownPair {
  const [one, other] = pair
  const sides = one.chunk.id === other.chunk.id ? [one] : [one, other]
  const origins = new Map<number, Origin>()
  const units: ChunkUnit[] = []
  let text = ''
  for (const side of sides) {
    let last: ChunkUnit | null = null
    for (const unit of chooseUnits(side.chunk, pair)) {
      text += units.length === 0 ? '' : between(side.chunk, last, unit)
      const s = units.length + 1
      units.push({ ...unit, s, start: text.length, end: text.length + unit.text.length })
      origins.set(s, { side, unit })
      text += unit.text
      last = unit
    }
  }
  const { id, documentId } = one.chunk
  const chunk = { id, documentId, index: 0, start: 0, end: text.length, text, units }
  return { pair, chunk, origins, sides, entities: [asEntity(one, 'e1'), asEntity(other, 'e2')] }
}

function asEntity({ entity: { name, type, aliases } }: PairSide, id: string): AnswerEntity {
  return { id, name, type, aliases, mentions: [] }
}

/** What stands between two units: a paragraph's end where something was left out, or another chunk begins. */
function between(chunk: Chunk, last: ChunkUnit | null, unit: ChunkUnit): string {
  if (last === null || unit.s !== last.s + 1) return '\n\n'
  return chunk.text.slice(last.end - chunk.start, unit.start - chunk.start)
}

function chooseUnits({ units }: Chunk, pair: Pair): ChunkUnit[] {
  const named = units.map((unit) => countNamed(unit, pair))
  const byNames = units.map((_, at) => at).filter((at) => named[at] !== 0)
  // Where the text has other words for it, its beginning says at least what it is about.
  const wanted =
    byNames.length === 0 ? units.map((_, at) => at) : byNames.toSorted((a, b) => (named[b] ?? 0) - (named[a] ?? 0))
  const chosen = new Set<number>()
  let left = MOST_TOKENS
  for (const at of wanted)
    for (const near of [at, at - 1, at + 1]) {
      const unit = units[near]
      if (unit === undefined || chosen.has(near)) continue
      const size = estimateTokens(unit.text)
      if (size > left && chosen.size > 0) continue
      chosen.add(near)
      left -= size
    }
  return units.filter((_, at) => chosen.has(at))
}

/** How many of the two names a unit has, or its speaker bears. */
function countNamed(unit: ChunkUnit, pair: Pair): number {
  const text = tokens(`${speakerLabel(unit.place) ?? ''} ${unit.text}`)
  return pair.filter(({ entity }) => [entity.name, ...entity.aliases].some((name) => contains(text, name))).length
}
