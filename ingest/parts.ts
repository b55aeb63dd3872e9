import type { ParsedDocument } from '../src/model/document.ts'
import { InputError, UsageError } from '../src/model/errors.ts'
import { bytesId } from '../src/model/ids.ts'
import { readSource } from './reader.ts'
import type { SourceFile, Table } from './reading.ts'

/** A file, or one that was found inside it: of a mail, an archive, an Office document. */
export interface Part {
  /** Of what is inside: the path of the file around it, `/`, its name there. */
  readonly path: string
  /** Path of the part that this one was found in; null for the file itself. */
  readonly container: string | null
  readonly contentHash: string
  readonly result: PartResult
}

export type PartResult =
  | { readonly document: ParsedDocument; readonly tables: readonly Table[] }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint: string | undefined } }

/** Honest archives nest two or three deep; the quine that holds itself would go on for ever. */
const MAX_DEPTH = 4
const MAX_PARTS = 10_000
const MAX_TOTAL_BYTES = 400 * 1024 * 1024

/** Reads a file and all files inside it, the outer before the inner. What cannot be read costs itself only. */
export async function* readParts(file: SourceFile): AsyncGenerator<Part> {
  const open: (SourceFile & { container: string | null; depth: number })[] = [{ ...file, container: null, depth: 0 }]
  let parts = 0
  let total = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, bytes, container, depth } = next
    parts += 1
    total += bytes.length
    const about = { path, container, contentHash: bytesId(bytes) }
    try {
      if (depth > MAX_DEPTH) throw overLimit(path, `lies in files in files, more than ${MAX_DEPTH} deep`)
      if (parts > MAX_PARTS) throw overLimit(path, `is one of more than ${MAX_PARTS} files inside ${file.path}`)
      if (total > MAX_TOTAL_BYTES)
        throw overLimit(path, `comes after ${MAX_TOTAL_BYTES / 1024 / 1024} MB of other files inside ${file.path}`)
      const { document, tables = [], attachments = [] } = await readSource({ path, bytes })
      yield { ...about, result: { document, tables } }
      const inner = attachments.map((one) => ({
        path: `${path}/${one.name}`,
        bytes: one.bytes,
        container: path,
        depth: depth + 1,
      }))
      open.push(...inner.toReversed())
    } catch (error) {
      yield { ...about, result: { error: asFailure(error, path) } }
      // Further ones would only say the same.
      if (parts > MAX_PARTS || total > MAX_TOTAL_BYTES) return
    }
  }
}

/** Readers throw InputError on purpose; anything else is the reader's own fault, or its library's. */
function asFailure(error: unknown, path: string): { code: string; message: string; hint: string | undefined } {
  if (error instanceof InputError || error instanceof UsageError) {
    const { code, message, hint } = error
    return { code, message, hint }
  }
  const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return {
    code: 'reader-failed',
    message: `${path}: cannot be read (${what.slice(0, 200)})`,
    hint: 'Open it in the program that wrote it and save it again, or save its text as .txt.',
  }
}

function overLimit(path: string, what: string): InputError {
  return new InputError('limit', `${path}: ${what}; it was not read`, {
    place: path,
    hint: 'Unpack it yourself and give the folder.',
  })
}
