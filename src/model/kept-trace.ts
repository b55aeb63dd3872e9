import { contentId } from './ids.ts'
import { leftOutMark, type Span, type Stance, type TraceStep } from './trace.ts'

/** A passage of a trace that is not kept: UTF-16 offsets into the trace as it was said, end exclusive, and its hash. */
export interface Gap {
  readonly start: number
  readonly end: number
  readonly hash: string
}

/** What is kept of a trace: its own characters, and a mark in a line of its own in the place of each gap. */
export interface KeptTrace {
  readonly text: string
  /** In their order. Empty: all of it is kept. */
  readonly gaps: readonly Gap[]
}

/** The steps that were found in a trace while it was whole; of what is left of it they cannot be found again. */
export interface KeptSteps {
  /** As `Proposal.alignedBy`; null where nobody had to. */
  readonly by: string | null
  readonly links: readonly { readonly index: number; readonly steps: readonly KeptStep[] }[]
}

export interface KeptStep {
  readonly start: number
  readonly end: number
  readonly stance: Stance
  readonly leftOut?: string
}

/** A verbatim passage and where it stood in the trace. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly text: string
}

export function hashPassage(text: string): string {
  return contentId('passage', text)
}

function markOf({ start, end }: Gap): string {
  return `\n${leftOutMark(end - start)}\n`
}

/** The passages that are kept, in order, none of them empty. Found by the gaps' lengths: marks are not looked for. */
export function piecesOf({ text, gaps }: KeptTrace): Piece[] {
  const pieces: Piece[] = []
  let [at, start] = [0, 0]
  for (const gap of gaps) {
    const words = text.slice(at, at + gap.start - start)
    if (words !== '') pieces.push({ start, end: start + words.length, text: words })
    at += gap.start - start + markOf(gap).length
    start = gap.end
  }
  const rest = text.slice(at)
  return rest === '' ? pieces : [...pieces, { start, end: start + rest.length, text: rest }]
}

/** How long it was when it was said, in UTF-16 units. */
export function saidLength({ text, gaps }: KeptTrace): number {
  return gaps.reduce((length, gap) => length + gap.end - gap.start - markOf(gap).length, text.length)
}

/** The trace's words between two offsets; null where any of them is not kept. */
export function wordsAt(trace: KeptTrace, start: number, end: number): string | null {
  if (trace.gaps.length === 0) return trace.text.slice(start, end)
  const piece = piecesOf(trace).find((one) => one.start <= start && end <= one.end)
  return piece === undefined ? null : piece.text.slice(start - piece.start, end - piece.start)
}

/**
 * Leaves out whatever is in none of the spans, but no passage shorter than `least`: its mark would be as long. What is left
 * out already stays so.
 */
export function keepOnly(trace: KeptTrace, spans: readonly Span[], least: number): KeptTrace {
  const wanted = spans.toSorted(([a], [b]) => a - b)
  const parts: (Piece | Gap)[] = [...trace.gaps]
  for (const piece of piecesOf(trace)) {
    const slice = (start: number, end: number): Piece => {
      return { start, end, text: piece.text.slice(start - piece.start, end - piece.start) }
    }
    let kept = piece.start
    const leaveUpTo = (start: number): void => {
      if (start <= kept) return
      const left = slice(kept, start)
      parts.push(start - kept < least ? left : { start: kept, end: start, hash: hashPassage(left.text) })
      kept = start
    }
    for (const [from, to] of wanted) {
      if (to <= kept || from >= piece.end) continue
      leaveUpTo(from)
      parts.push(slice(kept, Math.min(to, piece.end)))
      kept = Math.min(to, piece.end)
    }
    leaveUpTo(piece.end)
  }
  const inOrder = parts.toSorted((a, b) => a.start - b.start)
  const gaps = inOrder.filter((part): part is Gap => 'hash' in part)
  return { text: inOrder.map((part) => ('hash' in part ? markOf(part) : part.text)).join(''), gaps }
}

/** Whether the gaps are in order and each has its mark where it should be. */
export function isSound(trace: KeptTrace): boolean {
  let [at, before] = [0, 0]
  for (const gap of trace.gaps) {
    if (gap.start < before || gap.end <= gap.start) return false
    at += gap.start - before
    if (!trace.text.startsWith(markOf(gap), at)) return false
    at += markOf(gap).length
    before = gap.end
  }
  return at <= trace.text.length
}

/** Hash of what is kept, by which it is known whether that has been altered since. */
export function hashKept(replyId: string, { text, gaps }: KeptTrace): string {
  return contentId('kept', replyId, text, JSON.stringify(gaps.map(({ start, end, hash }) => [start, end, hash])))
}

/** Steps with the words that are kept of them. */
export function stepsIn(trace: KeptTrace, steps: readonly KeptStep[]): TraceStep[] {
  return steps.map(({ start, end, stance, leftOut = '' }) => {
    const text = wordsAt(trace, start, end)
    return text === null ? { start, end, text: '', stance, leftOut } : { start, end, text, stance }
  })
}
