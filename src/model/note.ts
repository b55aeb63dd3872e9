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
