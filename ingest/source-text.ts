import type { Note } from '../src/model/note.ts'
import type { ParsedDocument } from '../src/model/document.ts'

/** A file after decoding. Lines end in `\n` only, so that line numbers can be counted; no NULs or other controls. */
export interface SourceText {
  /** Path inside the source, with `/`; only its names are looked at (title, date), never the disk. */
  readonly path: string
  readonly text: string
  /** What decoding had to give up. */
  readonly notes: readonly Note[]
}

/** One format. A new one is a file in `readers/` and a line in the table of `reader.ts`. */
export interface Reader {
  readonly name: string
  /** Lower case, without the dot. */
  readonly extensions: readonly string[]
  /** Says "mine" by content. Asked of every text under an extension of this reader, and of those without one. */
  readonly recognises?: (text: string) => boolean
  readonly read: (source: SourceText) => ParsedDocument
}
