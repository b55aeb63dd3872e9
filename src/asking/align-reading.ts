import { alignAgain, type Aligned } from './align-reply.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Note } from '../model/note.ts'
import type { Reply } from '../model/reply.ts'
import { saysLinks, type Said } from '../reading/read-together.ts'
import type { Store } from '../store/store.ts'
import { keptAlignment } from '../traces/kept-alignment.ts'

/** All replies of one reading with what aligns their traces, in their order. */
export interface AlignedReading {
  readonly said: readonly [Said, ...Said[]]
  /** An engine could not be asked, so the next run tries once more. */
  readonly again: boolean
}

/** Aligns each that says anything of links, by itself: its steps argue for its own. Null: the run ends here. */
export async function alignReading(
  first: Reply,
  further: readonly Reply[],
  align: (reply: Reply) => Promise<Aligned>,
): Promise<AlignedReading | null> {
  let again = false
  const said: Said[] = []
  for (const reply of [first, ...further]) {
    const aligned = saysLinks(reply) ? await align(reply) : undefined
    if (aligned === null) return null
    again ||= aligned?.again ?? false
    said.push({ reply, alignment: aligned?.alignment })
  }
  return { said: said as [Said, ...Said[]], again }
}

/**
 * The same out of what is stored; nobody is asked. Without an aligner, steps are found offline; of traces that are not whole
 * any more they are those that were found before. `notes`: with which the first was taken.
 */
export async function alignReadingAgain(
  store: Store,
  replies: readonly [Reply, ...Reply[]],
  chunk: Chunk,
  aligner: string | null,
  notes: readonly Note[],
): Promise<AlignedReading['said']> {
  const [first, ...further] = replies
  const read = (reply: Reply) =>
    keptAlignment(reply, notes) ?? (aligner === null ? undefined : alignAgain(store, reply, chunk, aligner))
  const each = async (reply: Reply): Promise<Said> => ({
    reply,
    alignment: saysLinks(reply) ? await read(reply) : undefined,
  })
  return [await each(first), ...(await Promise.all(further.map(each)))]
}
