/**
 * The end of a mark that a chunk is done with, where rules have judged its first reply: `|`, what they are known by, and
 * `!` with the engine that they would have sent it on to, had there been room.
 */
export function withJudged(mark: string, judged: string | null): string {
  return judged === null ? mark : `${mark}|${judged}`
}

/** The parts of such a mark; `judged` null: nobody has judged. */
export function splitJudged(marked: string): {
  readonly mark: string
  readonly judged: string | null
  readonly keptFrom: string | null
} {
  const [mark = '', end = null] = marked.split('|')
  const [judged = null, keptFrom = null] = end?.split('!') ?? []
  return { mark, judged, keptFrom }
}
