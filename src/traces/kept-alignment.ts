import type { Alignment } from '../extract/extract.ts'
import { stepsIn } from '../model/kept-trace.ts'
import type { Note } from '../model/note.ts'
import { traceOf, type Reply } from '../model/reply.ts'

/** What notes say of how steps were found: it stands as long as the steps do. */
const ABOUT_STEPS: ReadonlySet<string> = new Set(['aligned-offline', 'invalid-alignment', 'alignment-cut'])

/**
 * The steps of a trace that is not whole, as they were found while it was: they are not looked for again. `notes` are those
 * that the reading was taken with: those of gleaning say so. Null where the trace is whole.
 */
export function keptAlignment(reply: Reply, notes: readonly Note[] = []): Alignment | null {
  const { aligned, leftOut } = reply
  if (aligned === undefined || leftOut === undefined) return null
  const trace = traceOf(reply)
  return {
    links: aligned.links.map(({ index, steps }) => ({ index, steps: stepsIn(trace, steps) })),
    by: aligned.by ?? 'offline',
    notes: notes.filter(({ code }) => ABOUT_STEPS.has(code)).flatMap((note) => ownNote(note, reply)),
  }
}

const GLEANING = /^gleaning ?/

function ownNote(note: Note, { step }: Reply): Note[] {
  const { where, ...said } = note
  if (step?.name !== 'gleaning') return GLEANING.test(where ?? '') ? [] : [note]
  if (where === undefined || !GLEANING.test(where)) return []
  const own = where.replace(GLEANING, '')
  return [own === '' ? said : { ...said, where: own }]
}
