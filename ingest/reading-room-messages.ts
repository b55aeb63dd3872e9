import type { Part } from './parts.ts'
import type { SourceFile, Table, TableRow } from './reading.ts'

/** A table without its rows, which follow in batches. */
export type TableHead = Omit<Table, 'rows'> & { readonly rowCount: number }

/** A part as it comes out of the reading room: the rows of its tables follow one table after the other. */
export type PartMessage = Omit<Part, 'result'> & {
  readonly result:
    | {
        readonly document: Extract<Part['result'], { document: unknown }>['document']
        readonly tables: readonly TableHead[]
      }
    | Extract<Part['result'], { error: unknown }>
}

/** To the child. It sends one message for each `next`, so that neither side runs ahead of the other. */
export type RoomRequest = { readonly kind: 'read'; readonly file: SourceFile } | { readonly kind: 'next' }

/** From the child. `bytes` is the memory that it holds, `peak` the most that it ever held, `seconds` what it computed. */
export type RoomMessage =
  | { readonly kind: 'part'; readonly part: PartMessage }
  | { readonly kind: 'rows'; readonly table: number; readonly rows: readonly TableRow[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly bytes: number; readonly peak: number; readonly seconds: number }
