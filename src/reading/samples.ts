import { unreadableNote, type Extraction } from '../extract/extract.ts'
import { cutMessage, type Note } from '../model/note.ts'
import { capConfidence, type Proposal } from '../model/proposal.ts'
import { claimOf, uniteMentions } from './claims.ts'
import type { WantedStep } from './wanted-step.ts'

/** The same request once more for each reading that is wanted beside the first; `samples` of them in all. */
export function sampleSteps(samples: number): WantedStep[] {
  return Array.from({ length: samples - 1 }, (_, at) => {
    const because = `reading ${at + 2} of ${samples}: what all of them say is surer`
    return { name: 'sample', because, prompt: { behind: '' }, part: String(at + 2) }
  })
}

/**
 * Several readings as one. What any of them says is kept, as the first that says it has it. Its confidence is the mean of
 * what all readings state, where one that does not say it states 0: the vote of self-consistency (Wang et al. 2023,
 * “Self-Consistency Improves Chain of Thought Reasoning in Language Models”, arXiv:2203.11171), weighted by confidence.
 * It is never above the cap by grounding. A reading of which nothing can be made has no vote, and one that was cut off none
 * on what it did not come to; both are said. Where any is whole, the chunk was read to its end.
 */
export function uniteReadings([first, ...others]: readonly [Extraction, ...Extraction[]]): Extraction {
  const readings = [first, ...others.filter((other) => unreadableNote(other) === null)]
  const wholes = readings.map(({ notes }) => cutMessage(notes) === null)
  const isWhole = wholes.includes(true)
  const spoilt = [
    isWhole ? cutMessage(first.notes) : null,
    ...others.flatMap((other) => [unreadableNote(other), cutMessage(other.notes)]),
  ].filter((why) => why !== null)
  const told = spoilt.map((message): Note => ({ code: 'sample-spoilt', message, where: 'sample' }))
  if (readings.length === 1) return { ...first, notes: [...first.notes, ...told] }
  const voices = readings.map(({ proposals }) => Map.groupBy(proposals, claimOf))
  const claims = new Set(voices.flatMap((voice) => [...voice.keys()]))
  const proposals = [...claims].flatMap((claim) => {
    const said = voices.flatMap((voice) => (voice.has(claim) ? [voice.get(claim) ?? []] : []))
    const of = voices.filter((voice, at) => voice.has(claim) || wholes[at]).length
    const stated = said.map((some) => Math.max(...some.map(({ statedConfidence }) => statedConfidence)))
    const confidence = stated.reduce((sum, one) => sum + one, 0) / of
    const agreement = { said: said.length, of }
    return (said[0] ?? []).map((proposal) => agreed(proposal, confidence, agreement))
  })
  const standing = first.notes.filter(
    (note) => (note.code !== 'no-links' || proposals.length === 0) && !(isWhole && cutMessage([note]) !== null),
  )
  return {
    ...first,
    mentions: uniteMentions(readings.flatMap(({ mentions }) => mentions)),
    proposals,
    notes: [...standing, ...told],
  }
}

function agreed(proposal: Proposal, confidence: number, agreement: { said: number; of: number }): Proposal {
  const isQuoted = proposal.evidence.every(({ grounding }) => grounding !== 'missing')
  return {
    ...proposal,
    confidence: capConfidence(confidence, isQuoted),
    checks: { ...proposal.checks, agreement },
  }
}
