import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashPassage, isSound, keepOnly, piecesOf, saidLength, stepsIn, wordsAt } from '../../src/model/kept-trace.ts'
import { pack, PACKED, PACKED_UTF16, unpack } from '../../src/model/packed-text.ts'
import { traceOf, type Reply } from '../../src/model/reply.ts'
import { stepTexts, type TraceStep } from '../../src/model/trace.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import { capSteps, cutTrace } from '../../src/traces/cut-trace.ts'

const span = fc.tuple(fc.nat(400), fc.nat(80)).map(([start, length]) => [start, start + length] as const)
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 })

describe('what is kept of a trace', () => {
  it('is verbatim, says where the rest was, how long and its hash; in several rounds as in one', () => {
    fc.assert(
      fc.property(
        words,
        fc.array(fc.array(span, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
        fc.nat(20),
        (said, rounds, least) => {
          let kept = { text: said, gaps: [] as ReturnType<typeof keepOnly>['gaps'] }
          for (const spans of rounds) kept = { ...keepOnly(kept, spans, least) }
          expect(isSound(kept)).toBe(true)
          expect(saidLength(kept)).toBe(said.length)
          for (const { start, end, text } of piecesOf(kept)) expect(text).toBe(said.slice(start, end))
          for (const { start, end, hash } of kept.gaps) {
            expect(hash).toBe(hashPassage(said.slice(start, end)))
            expect(end - start).toBeGreaterThanOrEqual(Math.max(1, least))
          }
          const covered = [...piecesOf(kept), ...kept.gaps].toSorted((a, b) => a.start - b.start)
          expect(covered.reduce((at, { start, end }) => (start === at ? end : NaN), 0)).toBe(said.length)
          for (const [start, end] of rounds.at(-1) ?? []) {
            const now = wordsAt(kept, start, Math.min(end, said.length))
            if (rounds.length === 1 && start < said.length) expect(now).toBe(said.slice(start, end))
          }
        },
      ),
    )
  })

  it('a trace that holds marks of its own is not misread', () => {
    const said = 'first\n[… 12 characters left out …]\nsecond and then a third part'
    const kept = keepOnly({ text: said, gaps: [] }, [[0, 40]], 0)
    expect(piecesOf(kept)).toEqual([{ start: 0, end: 40, text: said.slice(0, 40) }])
    expect(wordsAt(kept, 5, 34)).toBe(said.slice(5, 34))
    expect(wordsAt(kept, 30, 45)).toBeNull()
  })
})

const said = Array.from({ length: 40 }, (_, i) => `Sentence ${i} of the trace is here, as öne of many.`).join(' ')
const reply = { traceKind: 'raw', reasoning: said } as Reply
const step = (from: number, to = from): TraceStep => {
  const start = said.indexOf(`Sentence ${from} `)
  const end = said.indexOf('many.', said.indexOf(`Sentence ${to} `)) + 5
  return { start, end, text: said.slice(start, end), stance: 'for' }
}
const proposal = (index: number, ...steps: TraceStep[]) =>
  ({ index, steps, alignedBy: 'offline' }) as unknown as Proposal
const ALL = { keep: 'full', perLink: Infinity, perReply: Infinity } as const
const apply = (policy: Parameters<typeof cutTrace>[0], proposals: readonly Proposal[], of = reply) => {
  const capped = capSteps(policy, of, proposals)
  return { capped, cut: cutTrace(policy, of, capped) }
}

describe('a policy', () => {
  it('full keeps all; so does a limit that is not met', () => {
    const proposals = [proposal(0, step(3))]
    for (const policy of [ALL, { ...ALL, perLink: 1000, perReply: 100_000 }]) {
      const { capped, cut } = apply(policy, proposals)
      expect(cut).toBeNull()
      expect(capped[0]?.steps).toBe(proposals[0]?.steps)
    }
  })

  it('aligned keeps the steps, and where they stood', () => {
    const { cut } = apply({ ...ALL, keep: 'aligned' }, [proposal(0, step(3), step(20)), proposal(2, step(4))])
    expect(piecesOf(cut?.trace as NonNullable<typeof cut>['trace']).map(({ text }) => text)).toEqual([
      said.slice(step(3).start, step(4).end),
      step(20).text,
    ])
    expect(cut?.trace.text).toMatch(/^\n\[… \d+ characters left out …\]\nSentence 3 /)
    const after = { ...reply, reasoning: cut?.trace.text ?? '', leftOut: cut?.trace.gaps ?? [] }
    expect(stepsIn(traceOf(after), cut?.steps.links[0]?.steps ?? [])).toEqual([step(3), step(20)])
  })

  it('a limit per reply keeps head, tail and steps within its bytes, words whole', () => {
    const { cut } = apply({ ...ALL, perReply: 600 }, [proposal(0, step(18))])
    const pieces = piecesOf(cut?.trace as NonNullable<typeof cut>['trace'])
    expect(pieces).toHaveLength(3)
    expect(pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(600)
    expect(pieces[1]?.text).toBe(step(18).text)
    expect(pieces[0]?.text).toMatch(/^Sentence 0 .*\p{L}[.,]?$/u)
    expect(pieces[2]?.text).toMatch(/^\s?\p{L}.*many\.$/u)
    expect(pieces[0]?.text.length).toBeGreaterThan(200)
    expect(pieces[2]?.text.length).toBeGreaterThan(200)
  })

  it('a limit per link keeps its first and last steps; the others say where they stood', () => {
    const steps = [1, 5, 9, 13, 17].map((at) => step(at))
    const { capped, cut } = apply({ ...ALL, perLink: 170 }, [proposal(0, ...steps), proposal(1, step(7))])
    expect(cut).toBeNull()
    expect(capped[0]?.steps.map(({ text }) => text)).toEqual([steps[0]?.text, steps[1]?.text, '', '', steps[4]?.text])
    expect(capped[0]?.steps[2]).toEqual({ ...steps[2], text: '', leftOut: hashPassage(steps[2]?.text ?? '') })
    // What has lost what it is to lose is as it should be.
    expect(apply({ ...ALL, perLink: 170 }, capped).capped.map((one, at) => one === capped[at])).toEqual([true, true])
    const length = (steps[2]?.text.length ?? 0) + (steps[3]?.text.length ?? 0)
    expect(stepTexts(capped[0]?.steps ?? [])).toEqual([
      steps[0]?.text,
      steps[1]?.text,
      `[… ${length} characters left out …]`,
      steps[4]?.text,
    ])
  })

  it('steps that a link lost are not kept by the trace either', () => {
    const steps = [3, 9, 17].map((at) => step(at))
    const { cut } = apply({ keep: 'aligned', perLink: 100, perReply: Infinity }, [proposal(0, ...steps)])
    expect(piecesOf(cut?.trace as NonNullable<typeof cut>['trace']).map(({ text }) => text)).toEqual([
      steps[0]?.text,
      steps[2]?.text,
    ])
    expect(cut?.steps.links[0]?.steps[1]?.leftOut).toBe(hashPassage(steps[1]?.text ?? ''))
  })

  it('none keeps no word, and the places and hashes of steps', () => {
    const { capped, cut } = apply({ ...ALL, keep: 'none' }, [proposal(0, step(3))])
    expect(cut?.trace.text).toBe(`\n[… ${said.length} characters left out …]\n`)
    expect(capped[0]?.steps).toEqual([{ ...step(3), text: '', leftOut: hashPassage(step(3).text) }])
  })

  it('a stricter one may follow; the same again leaves out nothing more', () => {
    const proposals = [proposal(0, step(9), step(20))]
    const strict = { ...ALL, keep: 'aligned' as const }
    const first = apply({ ...ALL, perReply: 700 }, proposals).cut
    const after = {
      ...reply,
      reasoning: first?.trace.text ?? '',
      leftOut: first?.trace.gaps ?? [],
      aligned: first?.steps,
    } as Reply
    expect(apply({ ...ALL, perReply: 700 }, proposals, after).cut).toBeNull()
    const second = apply(strict, proposals, after).cut
    expect(piecesOf(second?.trace as NonNullable<typeof second>['trace']).map(({ text }) => text)).toEqual([
      step(9).text,
      step(20).text,
    ])
    expect(saidLength(second?.trace ?? { text: '', gaps: [] })).toBe(said.length)
  })

  it('traces of rules, of mappings and about names stay', () => {
    const none = { ...ALL, keep: 'none' as const }
    for (const of of [
      { ...reply, traceKind: 'rule' },
      { ...reply, purpose: 'identity' },
    ] as Reply[]) {
      const { capped, cut } = apply(none, [proposal(0, step(3))], of)
      expect(cut).toBeNull()
      expect(capped[0]?.steps).toEqual([step(3)])
    }
  })
})

describe('packed texts', () => {
  it('come out as they went in, whatever they hold', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 800 }),
      fc.string({ unit: 'binary', maxLength: 800 }),
      fc.constant(said),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('', PACKED, PACKED_UTF16), fc.boolean(), (some, starts, compress) => {
        const whole = `${starts}${some}`
        expect(unpack(pack(whole, compress))).toBe(whole)
        expect(pack(whole).length).toBeLessThanOrEqual(Math.max(Buffer.byteLength(whole), starts === '' ? 0 : Infinity))
      }),
    )
  })
  it('short ones stay plain, long ones are smaller, damaged ones stay as they are, a limit holds', () => {
    expect(pack('short')).toBe('short')
    expect(pack(said).length).toBeLessThan(said.length / 2)
    expect(pack(said)).toMatch(/^zlib\+base64:[A-Za-z0-9+/=]+$/)
    expect(unpack(`${PACKED}nonsense`)).toBe(`${PACKED}nonsense`)
    expect(unpack(pack(said), 100)).toBe(pack(said))
  })
  it('none is taken for packed that a model only wrote so, nor unpacked without limit', () => {
    const planted = PACKED + deflateSync('a'.repeat(60_000_000)).toString('base64')
    expect(unpack(planted)).toBe(planted)
    for (const text of [planted, planted.replace(PACKED, PACKED_UTF16), PACKED]) {
      for (const some of [text, `${text}\ud800`, `${text}\udc00 and more`]) {
        expect(pack(some, false)).not.toBe(some)
        expect(unpack(pack(some, false)) === some).toBe(true)
      }
    }
  })
})
