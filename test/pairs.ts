import type { Pair, PairPlace } from '../src/extract/identity/pair.ts'
import { type Chunk, chunkId } from '../src/model/chunk.ts'
import type { AnswerLink } from '../src/model/answer.ts'
import type { Place } from '../src/model/place.ts'

type Said = string | readonly [text: string, place: Place]

/** A chunk of sentences, laid one behind the other from 100 on, as if the document began before it. */
export function chunkOf(documentId: string, ...texts: readonly Said[]): Chunk {
  let at = 100
  const units = texts.map((said, index) => {
    const [text, place] = typeof said === 'string' ? [said, {}] : said
    const start = at
    at += text.length + 1
    return { s: index + 1, kind: 'sentence' as const, start, end: start + text.length, place, text }
  })
  const text = units.map((unit) => unit.text).join('\n')
  return { id: chunkId(documentId, units, 0), documentId, index: 0, start: 100, end: at - 1, text, units }
}

/** A person's name and the chunk that it stands in. */
export interface NamedIn {
  readonly name: string
  readonly chunk: Chunk
  readonly title: string
}

export function sideOf(name: string, chunk: Chunk, title = chunk.documentId): NamedIn {
  return { name, chunk, title }
}

export function pairOf(one: NamedIn, other: NamedIn): Pair {
  const person = ({ name }: NamedIn) => ({ name, type: 'Person', aliases: [] })
  const names = [person(one), person(other)] as const
  const placeOf = ({ chunk, title }: NamedIn): PairPlace => {
    const about = { title, kind: 'document', date: '2025-03-18', language: null } as const
    return { chunk, document: { path: `${chunk.documentId}.md`, ...about }, ends: names }
  }
  const first = placeOf(one)
  return { names, places: one.chunk.id === other.chunk.id ? [first] : [first, placeOf(other)] }
}

/** An answer to the question of a pair. */
export function pairAnswer(
  quotes: readonly (readonly [s: number, quote: string])[],
  polarity: AnswerLink['polarity'] = 'asserted',
  more: Partial<Record<'type' | 'subject' | 'object', string>> = {},
): string {
  const evidence = quotes.map(([s, quote]) => ({ s, quote }))
  const about = { support: 'inferred', polarity, when: null, why: 'Both lead Saltmarsh.', confidence: 0.8 }
  const link = { subject: 'e1', type: 'SAME_AS', object: 'e2', evidence, ...about, ...more }
  return JSON.stringify({ summary: '', labels: [], entities: [], links: [link], rejected: [] })
}
