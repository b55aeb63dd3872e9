import type { Document } from '../src/model/document.ts'
import type { Piece } from './cut-units.ts'

/** Ranks of boundaries; the hash decides among equals. */
const AFTER_HEADING = 0
const INSIDE = 1
const NEW_TURN = 2
const BEFORE_HEADING = 3

const HASH_RANGE = 2 ** 32

/**
 * How good it is to cut before each piece, as one number: what kind of break it is, then a hash of the texts on
 * both sides. The hash is arbitrary but belongs to the content, so that an edit elsewhere does not change it.
 */
export function boundaryStrengths(document: Document, pieces: readonly Piece[]): Float64Array {
  const hashes = pieces.map((piece) => hashText(`${piece.place.speaker ?? ''}\n${piece.text}`))
  const strengths = new Float64Array(pieces.length)
  for (let index = 1; index < pieces.length; index += 1) {
    const before = pieces[index - 1] as Piece
    const after = pieces[index] as Piece
    const hash = mix(
      mix(hashes[index - 2] ?? 0, hashes[index - 1] ?? 0),
      mix(hashes[index] ?? 0, hashes[index + 1] ?? 0),
    )
    strengths[index] = rank(document, before, after) * HASH_RANGE + hash
  }
  return strengths
}

/** A heading stays with what follows it. */
export function isAllowed(strength: number): boolean {
  return strength >= INSIDE * HASH_RANGE
}

function rank(document: Document, before: Piece, after: Piece): number {
  if (before.kind === 'heading') return AFTER_HEADING
  if (after.kind === 'heading') return BEFORE_HEADING
  if (before.kind === 'utterance' && after.kind === 'utterance') {
    return before.place.speaker === after.place.speaker ? INSIDE : NEW_TURN
  }
  return document.text.slice(before.end, after.start).includes('\n\n') ? NEW_TURN : INSIDE
}

/** FNV-1a over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** Order matters; the finish of MurmurHash3 spreads neighbours apart. */
function mix(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ second
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
