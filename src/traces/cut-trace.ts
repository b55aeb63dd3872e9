import {
  hashPassage,
  keepOnly,
  piecesOf,
  type KeptStep,
  type KeptSteps,
  type KeptTrace,
  type Piece,
} from '../model/kept-trace.ts'
import type { Proposal } from '../model/proposal.ts'
import { traceOf, type Reply } from '../model/reply.ts'
import type { Span, TraceStep } from '../model/trace.ts'
import type { TracePolicy } from './policy.ts'

/** What a policy leaves of a reply's trace; `steps` are those that were found in it, so that nobody looks for them again. */
export interface CutTrace {
  readonly trace: KeptTrace
  readonly steps: KeptSteps
}

/** Mark, place and hash take nearly as much, so that shorter passages are not worth leaving out. In UTF-16 units. */
const LEAST_GAP = 100

/** What replies about names and steps thought is the reason of what they decided. */
const KEPT_WHOLE: readonly Reply['purpose'][] = ['identity', 'alignment']

/** Traces of rules and mappings are whygraph's own words, short, and made again when needed. */
function isModels({ traceKind, purpose }: Pick<Reply, 'traceKind' | 'purpose'>): boolean {
  return (traceKind === 'raw' || traceKind === 'summary') && !KEPT_WHOLE.includes(purpose)
}

/** What one reply says, with as much of each link's steps as is to be kept. Those that lost nothing are the same objects. */
export function capSteps(policy: TracePolicy, reply: Reply, proposals: readonly Proposal[]): readonly Proposal[] {
  const most = policy.keep === 'none' ? 0 : policy.perLink
  if (most === Infinity || !isModels(reply)) return proposals
  return proposals.map((proposal) => {
    const steps = capBytes(proposal.steps, most)
    return steps === proposal.steps ? proposal : { ...proposal, steps }
  })
}

/**
 * The first and the last steps, in turn, as long as they fit; of the others remains where they stood. One that is not there
 * any more did not fit before, and nothing that comes behind it in turn did.
 */
function capBytes(steps: readonly TraceStep[], most: number): readonly TraceStep[] {
  if (steps.every(({ leftOut }) => leftOut === undefined) && bytesOf(steps) <= most) return steps
  const kept = new Set<number>()
  let left = most
  for (let [first, last, turn] = [0, steps.length - 1, 0]; first <= last; turn += 1) {
    const at = turn % 2 === 0 ? first++ : last--
    const { text, leftOut } = steps[at] as TraceStep
    left -= Buffer.byteLength(text)
    if (left < 0 || leftOut !== undefined) break
    kept.add(at)
  }
  const isLost = ({ leftOut }: TraceStep, at: number): boolean => !kept.has(at) && leftOut === undefined
  if (!steps.some(isLost)) return steps
  return steps.map((step, at) => (isLost(step, at) ? { ...step, text: '', leftOut: hashPassage(step.text) } : step))
}

/**
 * What is to be kept of a reply's trace beside these proposals of it, whose steps are capped already; null where nothing of
 * it is left out that is there now.
 */
export function cutTrace(policy: TracePolicy, reply: Reply, proposals: readonly Proposal[]): CutTrace | null {
  if (!isModels(reply) || reply.reasoning === '') return null
  const before = traceOf(reply)
  const steps = proposals.flatMap((proposal) =>
    proposal.steps.filter(({ leftOut }) => leftOut === undefined).map(({ start, end }): Span => [start, end]),
  )
  const spans = spansToKeep(policy, before, steps)
  if (spans === null) return null
  const trace = keepOnly(before, spans, policy.keep === 'none' ? 0 : LEAST_GAP)
  return trace.gaps.length === before.gaps.length ? null : { trace, steps: stepsOf(reply, proposals) }
}

/** Null: all that is there. */
function spansToKeep({ keep, perReply }: TracePolicy, trace: KeptTrace, steps: readonly Span[]): Span[] | null {
  if (keep === 'none') return []
  if (keep === 'aligned') return [...steps]
  const pieces = piecesOf(trace)
  if (bytesOf(pieces) <= perReply) return null
  const ofSteps = bytesOf(piecesOf(keepOnly(trace, steps, 0)))
  const half = Math.max(0, Math.floor((perReply - ofSteps) / 2))
  return [...steps, ...ends(pieces, half)]
}

/** So many bytes of the beginning and of the end, to the next white space where there is some near. */
function ends(pieces: readonly Piece[], bytes: number): Span[] {
  const [first, last] = [pieces[0], pieces.at(-1)]
  if (first === undefined || last === undefined || bytes === 0) return []
  const head = fitting(first.text.slice(0, bytes), bytes)
  const tail = reversed(fitting(reversed(last.text.slice(-bytes)), bytes))
  return [
    [first.start, first.start + head.length],
    [last.end - tail.length, last.end],
  ]
}

const WHITE = /\s/
/** A word is not cut where it ends within so many characters. */
const NEAR = 40

function fitting(text: string, bytes: number): string {
  let [used, end] = [0, 0]
  for (const character of text) {
    used += Buffer.byteLength(character)
    if (used > bytes) break
    end += character.length
  }
  for (let at = end; at > Math.max(0, end - NEAR); at -= 1) if (WHITE.test(text.charAt(at))) return text.slice(0, at)
  return text.slice(0, end)
}

/** By characters, so that those of two UTF-16 units stay whole. */
function reversed(text: string): string {
  return [...text].toReversed().join('')
}

function bytesOf(texts: readonly { readonly text: string }[]): number {
  return texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
}

function withoutText({ start, end, stance, leftOut }: TraceStep): KeptStep {
  return { start, end, stance, ...(leftOut === undefined ? {} : { leftOut }) }
}

/** Those that were found earlier, where the trace was cut then: of links that are not proposed any more too. */
function stepsOf({ aligned }: Reply, proposals: readonly Proposal[]): KeptSteps {
  const now = proposals.map(({ index, steps }) => ({ index, steps: steps.map(withoutText) }))
  const known = new Set(now.map(({ index }) => index))
  const earlier = aligned?.links.filter(({ index }) => !known.has(index)) ?? []
  const by = aligned?.by ?? proposals.find(({ alignedBy }) => alignedBy !== undefined)?.alignedBy ?? null
  return { by, links: [...now, ...earlier].toSorted((a, b) => a.index - b.index) }
}
