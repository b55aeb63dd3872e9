import type { AnswerEntity } from '../../model/answer.ts'
import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import type { Document } from '../../model/document.ts'
import { speakerLabel } from '../../model/place.ts'
import type { ProposedEntity } from '../../model/proposal.ts'
import { estimateTokens } from '../../model/tokens.ts'
import { contains, tokens } from '../injection/own-support.ts'

/** A chunk in which one of two names stands, or both. */
export interface PairPlace {
  readonly chunk: Chunk
  readonly document: Pick<Document, 'path' | 'title' | 'kind' | 'date' | 'language'>
  /** How a proposal about this chunk names the ends of the `SAME_AS` link, the subject first. */
  readonly ends: readonly [ProposedEntity, ProposedEntity]
  /** Units of the chunk in which the names were seen. Default: those in which they stand. */
  readonly seenIn?: readonly number[]
}

/** Two names that may mean one thing. */
export interface Pair {
  /** As they are shown, in the order of the link's ends. */
  readonly names: readonly [ProposedEntity, ProposedEntity]
  /** Where the first name stands, and where the second does; one place where that is the same chunk. */
  readonly places: readonly [PairPlace] | readonly [PairPlace, PairPlace]
}

/** Where a shown unit comes from. */
export interface Origin {
  readonly place: PairPlace
  readonly unit: ChunkUnit
}

/** What is shown of a pair: units of one chunk or two as one chunk of their own, numbered through from 1. */
export interface ShownPair {
  readonly pair: Pair
  /** Never stored; its offsets are into its own text. */
  readonly chunk: Chunk
  /** By number of the shown unit. */
  readonly origins: ReadonlyMap<number, Origin>
  /** The two names as entities of an answer: `e1` and `e2`. */
  readonly entities: readonly [AnswerEntity, AnswerEntity]
}

/** Tokens of a chunk that are shown, by estimate, unless the first unit has more. */
const MOST_TOKENS = 600

/** Chooses what is shown: units that name either, both first, with what stands before and behind them. Pure. */
export function showPair(pair: Pair): ShownPair {
  const origins = new Map<number, Origin>()
  const units: ChunkUnit[] = []
  let text = ''
  for (const place of pair.places) {
    let last: ChunkUnit | null = null
    for (const unit of chooseUnits(place, pair)) {
      text += units.length === 0 ? '' : between(place.chunk, last, unit)
      const s = units.length + 1
      units.push({ ...unit, s, start: text.length, end: text.length + unit.text.length })
      origins.set(s, { place, unit })
      text += unit.text
      last = unit
    }
  }
  const { id, documentId } = pair.places[0].chunk
  const chunk = { id, documentId, index: 0, start: 0, end: text.length, text, units }
  const [one, other] = pair.names
  return { pair, chunk, origins, entities: [asEntity(one, 'e1'), asEntity(other, 'e2')] }
}

function asEntity({ name, type, aliases }: ProposedEntity, id: string): AnswerEntity {
  return { id, name, type, aliases, mentions: [] }
}

/** What stands between two units: a paragraph's end where something was left out, or another chunk begins. */
function between(chunk: Chunk, last: ChunkUnit | null, unit: ChunkUnit): string {
  if (last === null || unit.s !== last.s + 1) return '\n\n'
  return chunk.text.slice(last.end - chunk.start, unit.start - chunk.start)
}

function chooseUnits({ chunk: { units }, seenIn = [] }: PairPlace, pair: Pair): ChunkUnit[] {
  const named = units.map((unit) => Math.max(countNamed(unit, pair), seenIn.includes(unit.s) ? 1 : 0))
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
  return pair.names.filter(({ name, aliases }) => [name, ...aliases].some((form) => contains(text, form))).length
}
