import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'

const MAX_NOTES = 1000

/** Reads one part of a file; one that is damaged costs itself, and a note says so. */
export async function attempt<Result>(
  notes: Note[],
  note: { readonly code: string; readonly what: string; readonly where: string },
  read: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (notes.length === MAX_NOTES) notes.push({ code: 'more-notes', message: 'Further damage is not listed.' })
    if (notes.length < MAX_NOTES)
      notes.push({ code: note.code, message: `${note.what} cannot be read: ${error.message}.`, where: note.where })
    return null
  }
}
