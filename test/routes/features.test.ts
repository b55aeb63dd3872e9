import { describe, expect, it } from 'vitest'
import type { Chunk, ChunkUnit } from '../../src/model/chunk.ts'
import type { UnitKind } from '../../src/model/document.ts'
import type { Reply } from '../../src/model/reply.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { chunkFeatures, countNames } from '../../src/routes/features.ts'
import { replyFeatures } from '../../src/routes/reply-features.ts'
import { NO_USAGE } from '../../src/engines/engine.ts'
import { answerWith } from '../scripted-engine.ts'

function chunkOf(texts: readonly string[], kind: UnitKind = 'sentence', speakers: readonly string[] = []): Chunk {
  let at = 0
  const units = texts.map((text, index): ChunkUnit => {
    const [start, speaker] = [at, speakers[index]]
    at += text.length + 1
    return { s: index + 1, kind, start, end: at - 1, place: speaker === undefined ? {} : { speaker }, text }
  })
  return { id: 'c', documentId: 'd', index: 0, start: 0, end: at - 1, text: texts.join('\n'), units }
}

describe('features of a chunk', () => {
  it('are counted as a reader would', () => {
    const talk = [
      'We might keep BRASS, or not.',
      "That isn't in the charter, Amara Okafor says.",
      'Maybe it may move in May.',
    ]
    expect(chunkFeatures(chunkOf(talk, 'utterance', ['Leila', 'Tevita', 'Leila']), 'transcript')).toEqual({
      kind: 'transcript',
      tokens: 25,
      units: 3,
      names: 3, // BRASS, Amara Okafor, May
      hedges: 3, // might, Maybe, may
      negations: 2,
      speakers: 2,
      table: false,
    })
    expect(chunkFeatures(chunkOf(['Ana | Heron'], 'row'), 'table')).toMatchObject({ table: true, speakers: 0 })
    expect(chunkFeatures(chunkOf([]), 'document')).toMatchObject({ units: 0, names: 0, table: false })
  })

  it.each([
    ['Nothing happened. Nobody came.', 0],
    ['Heron was late.', 0], // may be a word like any
    ['Then Heron was late. Project Heron lives.', 2],
    ["The Board met Zuzana Křížová and the Board's chair.", 2],
    ['On Monday, VP-12 and ADR-007 apply.', 3],
  ])('names in “%s”: %i', (text, names) => {
    expect(countNames(chunkOf([text]).units)).toBe(names)
  })

  it('takes time in proportion to the text, whatever is written', () => {
    // Computing, not waiting for a busy machine; the best of three.
    const time = (length: number): number => {
      const chunk = chunkOf(['Aa '.repeat(length), "n't ".repeat(length), 'if '.repeat(length), '. ('.repeat(length)])
      const times = [1, 2, 3].map(() => {
        const from = process.cpuUsage()
        chunkFeatures(chunk, 'document')
        const { user, system } = process.cpuUsage(from)
        return user + system
      })
      return Math.min(...times) / 1000
    }
    time(10_000)
    expect(time(200_000)).toBeLessThan(40 * time(20_000) + 50)
  })
})

describe('features of first replies', () => {
  const document = { path: 'a.md', title: 'A', date: null }
  const chunk = chunkOf(['Ana leads Ben.', 'Ana pays Cleo.'])
  const said = (content: string, more: Partial<Reply> = {}): Reply => ({
    id: content.slice(0, 40),
    requestHash: 'r',
    chunkId: 'c',
    fingerprint: 'f',
    engine: 'chat',
    model: 'm',
    traceKind: 'none',
    reasoning: '',
    content,
    finish: 'stop',
    usage: NO_USAGE,
    cost: null,
    at: '2025-01-01T00:00:00.000Z',
    milliseconds: 0,
    runId: 'run',
    ...more,
  })
  const leads = { subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.', confidence: 0.9 }
  const pays = { subject: 'Ana', type: 'PAYS', object: 'Cleo', quote: 'Ana pays Cleo.', s: 2, confidence: 0.5 }
  const of = (...replies: (Reply | null)[]) => replyFeatures(replies, chunk, document, DEFAULT_SCHEMA)

  it('say how sure it is, and of what it is not', () => {
    const missing = { ...pays, quote: 'Cleo is paid.' }
    const answer = JSON.parse(answerWith([leads, missing])) as { links: object[]; entities: object[] }
    answer.links.push({
      subject: 'e1',
      type: 'LIKES',
      object: 'e9',
      evidence: [{ s: 1, quote: 'x' }],
      polarity: 'asserted',
      confidence: 1,
    })
    answer.entities.push({ id: 'e4', name: 'Dan', type: 'Actor', aliases: [], mentions: [1] })
    expect(of(said(JSON.stringify(answer)))).toEqual({
      failure: false,
      links: 2,
      confidence: 0.6, // 0.9, and 0.3 at most without a quote
      leastConfidence: 0.3,
      missing: 0.5,
      refused: 1,
      held: 0,
      unlinked: 1,
      disagreement: 0,
    })
  })

  it('call it a failure where nothing can be made of it, or not all of it came', () => {
    expect(of(said('Sorry.')).failure).toBe(true)
    expect(of(said(answerWith([leads]).slice(0, -20))).failure).toBe(true)
    expect(of(said('No.', { finish: 'refused' })).failure).toBe(true)
    expect(of(null).failure).toBe(true)
    expect(of(said(answerWith([]))).failure).toBe(false)
  })

  it('say what two disagree on', () => {
    const between = (one: Parameters<typeof answerWith>[0], other: Parameters<typeof answerWith>[0]): number =>
      of(said(answerWith(one)), said(answerWith(other))).disagreement
    expect(between([leads, pays], [pays, leads])).toBe(0)
    expect(between([leads, pays], [leads])).toBe(0.5)
    expect(between([leads], [{ ...leads, polarity: 'negated' }])).toBe(1)
    expect(between([leads], [{ ...leads, subject: 'ANA' }])).toBe(0)
    expect(between([], [])).toBe(0)
    expect(between([leads], [])).toBe(1)
    expect(of(said(answerWith([leads]))).disagreement).toBe(0)
  })
})
