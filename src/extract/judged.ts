/**
 * The end of a mark that a chunk is done with, where rules have judged its first reply: `|`, what they are known by; and `>`
 * with the place of the rule that sent it on to whoever read it, or `!` with the engine that it would have been sent on to, had
 * there been room.
 */
export function withJudged(mark: string, judged: string | null): string {
  return judged === null ? mark : `${mark}|${judged}`
}

/** What such rules are known by, with the place of the one that sent a chunk on (from 0), or the engine that had no room. */
export function judgedWith(judged: string, { sentBy, keptFrom }: { sentBy?: number; keptFrom?: string }): string {
  if (keptFrom !== undefined) return `${judged}!${keptFrom}`
  return sentBy === undefined ? judged : `${judged}>${sentBy}`
}

/** The parts of such a mark. */
export interface JudgedMark {
  readonly mark: string
  /** Null: nobody has judged. */
  readonly judged: string | null
  /** From 0. */
  readonly sentBy: number | null
  readonly keptFrom: string | null
}

export function splitJudged(marked: string): JudgedMark {
  const [mark = '', end = ''] = marked.split('|')
  const [, judged = null, sentBy, keptFrom = null] = /^([^!>]+)(?:>(\d+)|!(.+))?$/.exec(end) ?? []
  return { mark, judged, sentBy: sentBy === undefined ? null : Number(sentBy), keptFrom }
}
