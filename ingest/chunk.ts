import { chunkId, type Chunk } from '../src/model/chunk.ts'
import type { Document } from '../src/model/document.ts'
import { boundaryStrengths, isAllowed } from './boundaries.ts'
import { cutUnits, type Piece } from './cut-units.ts'

/** A size at which reasoning models still weigh every unit, and a request costs little more than its reasoning. */
const DEFAULT_CHUNK_TOKENS = 1200
/** Segments over this many times the wanted size are split further. */
const LARGEST = 1.5

/**
 * Cuts a document into chunks of about `tokens`, 1.5 times that at most. Where to cut is decided by the content
 * around each place alone: a boundary counts if it is the strongest within half a chunk on both sides. So an edit
 * moves the cuts near it and leaves those further away, and with them the ids of the chunks, as they were.
 */
export function chunkDocument(document: Document, options: { tokens?: number } = {}): Chunk[] {
  const tokens = Math.max(1, Math.floor(options.tokens ?? DEFAULT_CHUNK_TOKENS))
  const pieces = cutUnits(document, tokens)
  const strengths = boundaryStrengths(document, pieces)
  const positions = new Float64Array(pieces.length + 1)
  for (const [index, piece] of pieces.entries()) positions[index + 1] = (positions[index] ?? 0) + piece.tokens

  const cuts = localOptima(strengths, positions, tokens / 2)
  const starts: number[] = []
  let from = 0
  for (const cut of [...cuts, pieces.length]) {
    splitSegment(from, cut, strengths, positions, tokens * LARGEST, starts)
    from = cut
  }
  const ordinals = new Map<string, number>()
  return starts.map((start, index) => toChunk(document, pieces.slice(start, starts[index + 1]), index, ordinals))
}

/** Boundaries stronger than every other one within `reach` tokens, with all of that reach inside the document. */
function localOptima(strengths: Float64Array, positions: Float64Array, reach: number): number[] {
  const count = strengths.length
  const total = positions[count] ?? 0
  const before = strongestBehind(strengths, positions, reach)
  // The strongest ahead is the strongest behind of the mirrored document.
  const mirrored = strongestBehind(
    strengths.toReversed(),
    positions
      .slice(0, count)
      .toReversed()
      .map((position) => total - position),
    reach,
  )
  const optima: number[] = []
  for (let index = 1; index < count; index += 1) {
    const strength = strengths[index] ?? 0
    const position = positions[index] ?? 0
    if (!isAllowed(strength) || position < reach || total - position < reach) continue
    if (strength > (before[index] ?? 0) && strength > (mirrored[count - 1 - index] ?? 0)) optima.push(index)
  }
  return optima
}

/** For each boundary the greatest strength among those up to `reach` tokens before it; one pass with a monotonic queue. */
function strongestBehind(strengths: Float64Array, positions: Float64Array, reach: number): Float64Array {
  const result = new Float64Array(strengths.length)
  const queue: number[] = []
  let head = 0
  for (let index = 0; index < strengths.length; index += 1) {
    const position = positions[index] ?? 0
    while (head < queue.length && position - (positions[queue[head] ?? 0] ?? 0) > reach) head += 1
    result[index] = head < queue.length ? (strengths[queue[head] ?? 0] ?? 0) : 0
    while (queue.length > head && (strengths[queue.at(-1) ?? 0] ?? 0) <= (strengths[index] ?? 0)) queue.pop()
    queue.push(index)
  }
  return result
}

/** Halves what is too long, at the strongest boundary of its middle, until it is not; pushes where chunks begin. */
function splitSegment(
  from: number,
  to: number,
  strengths: Float64Array,
  positions: Float64Array,
  largest: number,
  starts: number[],
): void {
  const open: [from: number, to: number][] = [[from, to]]
  for (let segment = open.pop(); segment; segment = open.pop()) {
    const [first, end] = segment
    const size = (positions[end] ?? 0) - (positions[first] ?? 0)
    if (size <= largest || end - first < 2) {
      if (end > first) starts.push(first)
      continue
    }
    const cut = bestCut(first, end, strengths, positions)
    open.push([cut, end], [first, cut])
  }
}

function bestCut(first: number, end: number, strengths: Float64Array, positions: Float64Array): number {
  const start = positions[first] ?? 0
  const size = (positions[end] ?? 0) - start
  let best = -1
  let bestStrength = 0
  let nearest = first + 1
  let nearestRank: [allowed: number, distance: number] = [-1, Infinity]
  for (let index = first + 1; index < end; index += 1) {
    const strength = strengths[index] ?? 0
    const distance = Math.abs(((positions[index] ?? 0) - start) / size - 0.5)
    const allowed = isAllowed(strength) ? 1 : 0
    if (distance <= 0.25 && allowed === 1 && strength > bestStrength) {
      best = index
      bestStrength = strength
    }
    if (allowed > nearestRank[0] || (allowed === nearestRank[0] && distance < nearestRank[1])) {
      nearest = index
      nearestRank = [allowed, distance]
    }
  }
  return best >= 0 ? best : nearest
}

function toChunk(document: Document, pieces: readonly Piece[], index: number, ordinals: Map<string, number>): Chunk {
  // The speaker is part of what the engine is asked.
  const first = chunkId(document.id, pieces, 0)
  const ordinal = ordinals.get(first) ?? 0
  ordinals.set(first, ordinal + 1)
  const start = pieces[0]?.start ?? 0
  const end = pieces.at(-1)?.end ?? 0
  return {
    id: ordinal === 0 ? first : chunkId(document.id, pieces, ordinal),
    documentId: document.id,
    index,
    start,
    end,
    text: document.text.slice(start, end),
    units: pieces.map((piece, position) => ({
      s: position + 1,
      kind: piece.kind,
      start: piece.start,
      end: piece.end,
      place: piece.place,
      text: piece.text,
    })),
  }
}
