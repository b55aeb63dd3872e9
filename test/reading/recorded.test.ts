import { describe, expect, it } from 'vitest'
import { alignmentInput, type Extraction } from '../../src/extract/extract.ts'
import type { Chunk } from '../../src/model/chunk.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import { replyId, type Reply, type StepName } from '../../src/model/reply.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { claimOf } from '../../src/reading/claims.ts'
import { counterfactualSteps } from '../../src/reading/counterfactual.ts'
import { gleaningStep, namesLeft } from '../../src/reading/gleaning.ts'
import { isBetter, reAskStep } from '../../src/reading/re-ask.ts'
import { readTogether } from '../../src/reading/read-together.ts'
import { shownClaims } from '../../src/reading/shown-claims.ts'
import { verificationSteps } from '../../src/reading/verification.ts'
import { contractCases, haveShared, sampleReplies, type Recorded } from '../recorded.ts'

interface Answer {
  readonly entities: readonly object[]
  readonly links: readonly RecordedLink[]
}

interface RecordedLink {
  readonly subject: string
  readonly evidence: readonly { readonly s: number; readonly quote: string }[]
}

/** With an answer that is a JSON object and nothing else, and links enough to take some away. */
const recorded = [...sampleReplies(), ...(haveShared ? contractCases() : [])].filter(
  (one) => one.content.trim().startsWith('{') && answerIn(one).links.length >= 3,
)

function answerIn({ content }: Pick<Recorded, 'content'>): Answer {
  try {
    return JSON.parse(content) as Answer
  } catch {
    return { entities: [], links: [] }
  }
}

function chunkOf({ name, units }: Recorded): Chunk {
  const text = units.map((unit) => unit.text).join('\n')
  return { id: name, documentId: 'd', index: 0, start: 0, end: text.length, text, units }
}

/** The recorded reply with other links, as the first one or as that of a step. */
function replyWith(one: Recorded, links: readonly object[], step?: StepName, number = 0): Reply {
  const { model, reasoning } = one
  const content = JSON.stringify({ ...answerIn(one), links })
  const requestHash = `${step ?? 'first'} ${number}`
  const said = { reasoning, content, finish: 'stop' as const }
  return {
    id: replyId(requestHash, one.name, said),
    requestHash,
    chunkId: one.name,
    documentId: 'd',
    fingerprint: 'f',
    ...(step === undefined ? {} : { purpose: 'step' as const, step: { name: step, because: '' } }),
    engine: 'chat',
    model,
    traceKind: 'raw',
    ...said,
    usage: { input: null, cachedInput: null, output: null, reasoning: null },
    cost: null,
    at: '2026-01-01T00:00:00.000Z',
    milliseconds: 1,
    runId: 'run',
  }
}

function together(one: Recorded, first: Reply, ...further: Reply[]): Extraction {
  const document = { path: 'a.md', title: 'A', date: null }
  const said = [first, ...further].map((reply) => ({ reply }))
  const about = { chunk: chunkOf(one), document, schema: DEFAULT_SCHEMA, rules: [] }
  return readTogether(said as [(typeof said)[number]], about)
}

const claimsOf = (proposals: readonly Proposal[]): string[] => [...new Set(proposals.map(claimOf))].toSorted()

describe.each(recorded.map((one) => [`${one.name} ${one.model}`, one] as const))('%s', (_, one) => {
  const { links } = answerIn(one)
  const whole = together(one, replyWith(one, links))

  it('links that were taken away and gleaned are those of the whole, each said by the reply that has it', () => {
    const [kept, missed] = [0, 1].map((rest) => links.filter((_, at) => at % 2 === rest)) as [
      RecordedLink[],
      RecordedLink[],
    ]
    const [first, gleaned] = [replyWith(one, kept), replyWith(one, missed, 'gleaning')]
    const both = together(one, first, gleaned)
    expect(claimsOf(both.proposals)).toEqual(claimsOf(whole.proposals))
    expect(new Set(both.proposals.map((proposal) => proposal.id)).size).toBe(both.proposals.length)
    const own = claimsOf(together(one, first).proposals)
    for (const proposal of both.proposals)
      expect(proposal.replyId).toBe(own.includes(claimOf(proposal)) ? first.id : gleaned.id)
    // Words of a trace that is shown for a link are that trace's own.
    for (const { steps } of both.proposals)
      for (const { start, end, text } of steps) expect(one.reasoning.slice(start, end)).toBe(text)
  })

  it('links that are said again are there once, and it is said', () => {
    const twice = together(one, replyWith(one, links), replyWith(one, links, 'gleaning'))
    expect(twice.proposals).toEqual(whole.proposals)
    expect(
      twice.notes.filter(({ code, where }) => code === 'repeated-link' && where?.startsWith('gleaning')),
    ).not.toEqual([])
  })

  it('what fewer readings say is less sure, nothing is lost, and a missing quote caps it as ever', () => {
    const without = (at: number) => links.filter((_, other) => other !== at)
    const samples = [replyWith(one, without(0), 'sample', 2), replyWith(one, without(1), 'sample', 3)]
    const read = together(one, replyWith(one, links), ...samples)
    expect(claimsOf(read.proposals)).toEqual(claimsOf(whole.proposals))
    for (const proposal of read.proposals) {
      const { said = 0, of } = proposal.checks?.agreement ?? {}
      expect(of).toBe(3)
      const most = Math.max(
        ...whole.proposals
          .filter((other) => claimOf(other) === claimOf(proposal))
          .map((other) => other.statedConfidence),
      )
      expect(proposal.confidence).toBeLessThanOrEqual((most * said) / 3 + 1e-9)
      if (proposal.evidence.some(({ grounding }) => grounding === 'missing'))
        expect(proposal.confidence).toBeLessThanOrEqual(0.3)
    }
    expect(read.proposals.some(({ checks }) => checks?.agreement?.said === 3)).toBe(true)
  })

  it('is asked for once more where its quotes are altered, and what comes then is the better', () => {
    const altered = links.map((link, at) => {
      return at % 2 === 0 ? { ...link, evidence: [{ s: 1, quote: 'these words stand nowhere' }] } : link
    })
    const first = replyWith(one, altered)
    const read = together(one, first)
    expect(reAskStep(first, read)?.prompt).toMatchObject({
      behind: expect.stringContaining('these words stand nowhere'),
    })
    expect(isBetter(whole, read)).toBe(true)
    expect(isBetter(read, whole)).toBe(false)
    expect(reAskStep({ ...first, finish: 'refused' }, read)).toBeNull()
  })

  it('each link is shown by one key, and its quotes are blanked where it is to be said without them', () => {
    const claims = shownClaims(whole.proposals)
    const verified = verificationSteps(whole.proposals).map(({ part }) => part)
    for (const { key } of claims) expect(verified.filter((part) => part.includes(`[${key}]`))).toHaveLength(1)
    for (const { part } of counterfactualSteps(chunkOf(one), whole.proposals)) {
      const source = part.slice(part.indexOf('[S1]'), part.indexOf('[S1]') + part.lastIndexOf('</source'))
      for (const { quotes } of claims.filter(({ key }) => part.includes(`[${key}]`)))
        for (const { quote, s } of quotes) {
          const line = source.split('\n').find((each) => each.startsWith(`[S${s}]`)) ?? ''
          expect(line).toContain('[…]')
          // A unit may say the same words twice: those that are quoted are blanked.
          if (
            chunkOf(one)
              .units.find((unit) => unit.s === s)
              ?.text.split(quote).length === 2
          )
            expect(line).not.toContain(quote)
        }
    }
  })
})

it('of the sample as it was recorded, no answer is malformed, and some names have no link', () => {
  const gleaned = sampleReplies().map((one) => {
    const reply = { ...replyWith(one, []), content: one.content }
    const read = together(one, reply)
    expect([one.name, reAskStep(reply, read)?.because]).toEqual([one.name, undefined])
    return gleaningStep(namesLeft(alignmentInput(reply, chunkOf(one)).answer, read, chunkOf(one), []))
  })
  expect(gleaned.filter((step) => step !== null).length).toBeGreaterThan(0)
  expect(gleaned.filter((step) => step === null).length).toBeGreaterThan(0)
})
