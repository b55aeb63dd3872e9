import { normaliseName } from '../model/entity.ts'
import { drawnEnds, type StoredLink } from '../store/records.ts'

/**
 * Whether one look may serve for both: they are of one type, share an end on the same side, and either the other ends go
 * by one name, or the best quotes of both are the same words.
 */
export function isAlike(one: StoredLink, other: StoredLink): boolean {
  if (one.id === other.id || one.type !== other.type) return false
  const [a, b] = [drawnEnds(one), drawnEnds(other)]
  const sameSubject = a.subjectId === b.subjectId
  const sameObject = a.objectId === b.objectId
  if (!sameSubject && !sameObject) return false
  const [name, otherName] = sameSubject ? [one.object, other.object] : [one.subject, other.subject]
  return normaliseName(name) === normaliseName(otherName) || quotesTheSame(one, other)
}

function quotesTheSame({ items: [one] }: StoredLink, { items: [other] }: StoredLink): boolean {
  const words = wordsOf(one?.evidence ?? '')
  return words !== '' && words === wordsOf(other?.evidence ?? '')
}

function wordsOf(quote: string): string {
  return quote
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
