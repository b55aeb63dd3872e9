import type { ParsedDocument } from '../src/model/document.ts'
import type { Note } from '../src/model/note.ts'

/** A text file after decoding. Lines end in `\n` only, so that line numbers can be counted; no NULs or other controls. */
export interface SourceText {
  /** Path inside the source, with `/`; only its names are looked at (title, date), never the disk. */
  readonly path: string
  readonly text: string
  /** What decoding had to give up. */
  readonly notes: readonly Note[]
}

/** A file as it is, for formats that are no plain text. */
export interface SourceFile {
  /** As in {@link SourceText}. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** A file inside a file: of an archive, a mail, an Office document. Read as a document of its own. */
export interface Attachment {
  /** Path inside, with `/`; unique among its siblings, without `..`. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** One row of a table: its cells as text, as many as there are columns. */
export interface TableRow {
  /** Row number of a spreadsheet, line of a CSV or JSONL file on which it begins, else the record's number; from 1. */
  readonly row: number
  readonly cells: readonly string[]
}

/** One table of a file, whole. Cells are the source's own text; an empty cell is ''. */
export interface Table {
  /** Sheet of a workbook, path inside a JSON document (`forks`), or null where the file is one table. */
  readonly name: string | null
  /** Names of the columns: unique, not empty. */
  readonly columns: readonly string[]
  /** Row number of the header; null where there is none and the names are made up or part of every record. */
  readonly headerRow: number | null
  /** Letter of the first column (`B`) where cells have names as in a spreadsheet; null elsewhere. */
  readonly firstColumn: string | null
  readonly rows: readonly TableRow[]
}

/** All that a reader makes of one file. */
export interface Reading {
  readonly document: ParsedDocument
  readonly attachments?: readonly Attachment[]
  readonly tables?: readonly Table[]
}

interface Format {
  readonly name: string
  /** Lower case, without the dot. */
  readonly extensions: readonly string[]
}

/** A format of plain text. A new one is a file in `readers/` and a line in the table of `reader.ts`. */
export interface TextReader extends Format {
  /** Says "mine" by content. Asked of every text under an extension of this reader, and of those without one. */
  readonly recognises?: (text: string) => boolean
  readonly read: (source: SourceText) => Reading
  /**
   * Takes time and memory in proportion to the text, whatever somebody wrote into it: a small one is read without a
   * process of its own. `light.test.ts` holds it to that.
   */
  readonly light?: true
}

/** A format that is read from its bytes. Throws InputError; runs in a process of its own, under limits. */
export interface FileReader extends Format {
  readonly read: (source: SourceFile) => Promise<Reading>
}
