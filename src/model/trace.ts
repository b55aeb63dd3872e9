/** How a step of the trace bears on a link. Weak signal: it is shown, and nothing is built on it. */
export type Stance = 'for' | 'weighing'

/** A verbatim passage of a reply's reasoning; UTF-16 offsets into the trace as it was said, end exclusive. */
export interface TraceStep {
  readonly start: number
  readonly end: number
  /** Empty where it is not kept. */
  readonly text: string
  readonly stance: Stance
  /** Of one that is not kept: the hash of its text. Absent: it is. */
  readonly leftOut?: string
}

/** A span of a trace before anybody knows which link it belongs to. */
export type Span = readonly [start: number, end: number]

/** Stands where words of a trace are not kept. They may hold anything, so whoever must be sure goes by offsets. */
export function leftOutMark(characters: number): string {
  return `[… ${characters} ${characters === 1 ? 'character' : 'characters'} left out …]`
}

/** The words of steps as they are shown, with a mark for such as are not kept, one for those that follow each other. */
export function stepTexts(steps: readonly TraceStep[]): string[] {
  const texts: string[] = []
  let missing = 0
  const mark = (): void => {
    if (missing > 0) texts.push(leftOutMark(missing))
    missing = 0
  }
  for (const { start, end, text, leftOut } of steps) {
    if (leftOut !== undefined) {
      missing += end - start
      continue
    }
    mark()
    texts.push(text)
  }
  mark()
  return texts
}

/** The trace of a rule as steps, one a line; offsets as of all lines together. */
export function stepsOfLines(lines: readonly (readonly [stance: Stance, text: string])[]): TraceStep[] {
  let start = 0
  return lines.map(([stance, text]) => {
    const step = { start, end: start + text.length, text, stance }
    start = step.end + 1
    return step
  })
}
