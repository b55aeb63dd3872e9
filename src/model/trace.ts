/** How a step of the trace bears on a link. Weak signal: it is shown, and nothing is built on it. */
export type Stance = 'for' | 'weighing'

/** A verbatim passage of a reply's reasoning; UTF-16 offsets into `Reply.reasoning`, end exclusive. */
export interface TraceStep {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly stance: Stance
}

/** A span of a trace before anybody knows which link it belongs to. */
export type Span = readonly [start: number, end: number]

/** The trace of a rule as steps, one a line; offsets as of all lines together. */
export function stepsOfLines(lines: readonly (readonly [stance: Stance, text: string])[]): TraceStep[] {
  let start = 0
  return lines.map(([stance, text]) => {
    const step = { start, end: start + text.length, text, stance }
    start = step.end + 1
    return step
  })
}
