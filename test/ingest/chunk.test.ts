import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../ingest/chunk.ts'
import type { Chunk } from '../../src/model/chunk.ts'
import type { Document } from '../../src/model/document.ts'
import { estimateTokens } from '../../src/model/tokens.ts'
import { documentOf } from './well-formed.ts'

const word = fc.stringMatching(/^[a-zé]{1,12}$/)
const part = fc.record({
  text: fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(' ')),
  gap: fc.constantFrom(' ' as const, '\n' as const, '\n\n' as const),
  kind: fc.constantFrom('sentence' as const, 'sentence' as const, 'sentence' as const, 'heading' as const),
})
const turn = fc.record({
  text: fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(' ')),
  kind: fc.constant('utterance' as const),
  speaker: fc.constantFrom('Ana', 'Bo', 'Cy'),
})
const parts = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 400, size: 'max' }),
  fc.array(turn, { minLength: 1, maxLength: 400, size: 'max' }),
)
const TOKENS = 60

function sizeOf(chunk: Chunk): number {
  return chunk.units.reduce((sum, unit) => sum + estimateTokens(unit.text), 0)
}

function expectCovering(document: Document, chunks: readonly Chunk[]): void {
  let end = 0
  for (const [index, chunk] of chunks.entries()) {
    expect(chunk.index).toBe(index)
    expect(chunk.text).toBe(document.text.slice(chunk.start, chunk.end))
    expect(chunk.units.map((unit) => unit.s)).toEqual(chunk.units.map((_, position) => position + 1))
    expect(chunk.units[0]?.start).toBe(chunk.start)
    expect(chunk.units.at(-1)?.end).toBe(chunk.end)
    for (const unit of chunk.units) {
      expect(document.text.slice(end, unit.start).trim()).toBe('')
      expect(unit.text).toBe(document.text.slice(unit.start, unit.end))
      expect(unit.text.trim()).toBe(unit.text)
      end = unit.end
    }
  }
  expect(end).toBe(document.text.length)
}

describe('chunkDocument', () => {
  test('covers the document, numbers from 1, keeps to the size', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 5, max: 200 }), (some, tokens) => {
        const document = documentOf(some)
        const chunks = chunkDocument(document, { tokens })
        expectCovering(document, chunks)
        for (const chunk of chunks) {
          expect(chunk.units.length === 1 || sizeOf(chunk) <= tokens * 1.5).toBe(true)
          expect(chunk.units.length > 1 || sizeOf(chunk) <= tokens * 1.5 + 1).toBe(true)
        }
        expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(chunks.length)
        expect(chunkDocument(document, { tokens })).toEqual(chunks)
      }),
      { numRuns: 60 },
    )
  })

  test('an edit leaves the chunks further away as they were', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 200, maxLength: 500, size: 'max' }),
        fc.nat(),
        fc.constantFrom('edit', 'insert', 'remove'),
        (some, seed, change) => {
          const at = seed % some.length
          const other = { text: 'something else entirely', gap: '\n' as const, kind: 'sentence' as const }
          const changed =
            change === 'insert'
              ? some.toSpliced(at, 0, other)
              : some.toSpliced(at, 1, ...(change === 'edit' ? [other] : []))
          const before = chunkDocument(documentOf(some), { tokens: TOKENS })
          const after = chunkDocument(documentOf(changed), { tokens: TOKENS })
          const position = before.findIndex((chunk) => chunk.end >= (documentOf(some).units[at]?.start ?? 0))
          const left = new Set(after.map((chunk) => chunk.id))
          const lost = before.flatMap((chunk, index) => (left.has(chunk.id) ? [] : [Math.abs(index - position)]))
          expect(Math.max(0, ...lost)).toBeLessThanOrEqual(3)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('most edits cost no more than the chunk that they are in and its neighbour', () => {
    const texts = Array.from({ length: 2000 }, (_, index) => ({
      text: `sentence ${(index * 7919) % 10007} says what ${index} does`,
    }))
    const before = chunkDocument(documentOf(texts))
    const costs = Array.from({ length: 40 }, (_, run) => {
      const after = chunkDocument(documentOf(texts.with(run * 50, { text: `an edit in place ${run}` })))
      const left = new Set(after.map((chunk) => chunk.id))
      return before.filter((chunk) => !left.has(chunk.id)).length
    })
    expect(before.length).toBeGreaterThan(10)
    expect(costs.toSorted((a, b) => a - b)[20]).toBeLessThanOrEqual(2)
    expect(Math.max(...costs)).toBeLessThanOrEqual(5)
  })

  test('a short document is one chunk', () => {
    const document = documentOf(Array.from({ length: 20 }, (_, index) => ({ text: `Line ${index} of a short text.` })))
    expect(chunkDocument(document)).toHaveLength(1)
  })

  test('never cuts after a heading while anything else is possible', () => {
    const sections = Array.from({ length: 60 }, (_, index) => [
      { text: `Heading ${index}`, kind: 'heading' as const, gap: '\n\n' as const },
      { text: `Some words about ${index * 31} that fill this section up, more or less.`, gap: '\n\n' as const },
      { text: `And more of them, ${index * 17}.`, gap: ' ' as const },
    ]).flat()
    const chunks = chunkDocument(documentOf(sections), { tokens: 80 })
    expect(chunks.length).toBeGreaterThan(5)
    for (const chunk of chunks) expect(chunk.units.at(-1)?.kind).not.toBe('heading')
    const atHeading = chunks.filter((chunk) => chunk.units[0]?.kind === 'heading').length
    expect(atHeading).toBeGreaterThan(chunks.length / 2)
  })

  test('cuts transcripts between turns', () => {
    const turns = Array.from({ length: 300 }, (_, index) => ({
      text: `utterance ${(index * 7919) % 1009} about the topic of the day`,
      kind: 'utterance' as const,
      speaker: ['Ana', 'Bo'][Math.floor(index / 3) % 2] ?? '',
    }))
    const chunks = chunkDocument(documentOf(turns), { tokens: 200 })
    expect(chunks.length).toBeGreaterThan(5)
    for (const [index, chunk] of chunks.slice(1).entries()) {
      expect(chunk.units[0]?.place.speaker).not.toBe(chunks[index]?.units.at(-1)?.place.speaker)
    }
  })

  test('a unit longer than a chunk is cut between words, and inside a word only where it must be', () => {
    const long = `${'word '.repeat(3000).trim()}`
    const document = documentOf([
      { text: 'Before.' },
      { text: long },
      { text: `${'x'.repeat(20000)}🙂` },
      { text: 'After.' },
    ])
    const chunks = chunkDocument(document, { tokens: 100 })
    expectCovering(document, chunks)
    for (const chunk of chunks) expect(sizeOf(chunk)).toBeLessThanOrEqual(150)
    for (const unit of chunks.flatMap((chunk) => chunk.units)) expect(unit.text.isWellFormed()).toBe(true)
    expect(chunks.every((chunk) => !/\bwor$|\bwo$/.test(chunk.text))).toBe(true)
  })

  test('the speaker is part of the identity, equal chunks differ by their ordinal', () => {
    const said = (speaker: string) => chunkDocument(documentOf([{ text: 'Yes.', kind: 'utterance', speaker }]))[0]?.id
    expect(said('Ana')).not.toBe(said('Bo'))
    const same = chunkDocument(documentOf(Array.from({ length: 4000 }, () => ({ text: 'the very same line again' }))))
    expect(new Set(same.map((chunk) => chunk.id)).size).toBe(same.length)
  })

  test('a megabyte of one-word lines', () => {
    const document = documentOf(Array.from({ length: 200_000 }, (_, index) => ({ text: `w${index % 977}` })))
    expect(chunkDocument(document).length).toBeGreaterThan(100)
  })

  test('a document without units has no chunks', () => {
    expect(chunkDocument(documentOf([]))).toEqual([])
  })
})
