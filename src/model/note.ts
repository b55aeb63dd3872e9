/**
 * Something that went wrong with one item (a page, unit, link, chunk, file) while its neighbours went on.
 * Notes are kept with the result and counted in the summary; nothing is dropped without one.
 */
export interface Note {
  /** Stable name of the problem, kebab-case, for scripts: `quote-missing`, `unknown-type` … */
  readonly code: string
  /** What happened, for a person. */
  readonly message: string
  /** Where: a path, a unit (`S3`), a link of the answer (`links[4]`). */
  readonly where?: string
}

const CUT = 'answer-cut'

/** Of an answer that ends before it is complete, with what to do. */
export function noteCut(message: string): Note {
  return { code: CUT, message }
}

/** That the answer which notes are about was cut off, and not one of a further step; null where it is whole. */
export function cutMessage(notes: readonly Note[]): string | null {
  return notes.find(({ code, where }) => code === CUT && where === undefined)?.message ?? null
}
