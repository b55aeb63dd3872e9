import type { AlignedReading } from '../asking/align-reading.ts'
import { unreadableNote, type Extraction } from '../extract/extract.ts'
import { isWhole } from '../model/reply.ts'
import { readTogether, type ReadAbout } from '../reading/read-together.ts'
import type { StoredChunk } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'

/** A reply that is to be read again. `counts`: what was made of it before is in the graph. */
export interface ReplyToRead {
  readonly reply: StoredReply
  readonly counts: boolean
}

/**
 * The replies about a chunk that are worth reading again: those that count, and of models of which none counts, whole
 * ones that were never taken, the newest first. Partial ones stay partial, and what another engine's reply took the place
 * of stays replaced.
 */
export function repliesToRead(chunk: StoredChunk, replies: readonly StoredReply[]): ReplyToRead[] {
  const counting = replies.filter((reply) => chunk.replies.includes(reply.id))
  const models = new Set(counting.map(modelOf))
  const waiting = replies.filter(
    (reply) => !reply.taken && isWhole(reply.finish) && !models.has(modelOf(reply)) && reply.replacedBy === undefined,
  )
  return [
    ...counting.map((reply) => ({ reply, counts: true })),
    ...waiting.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map((reply) => ({ reply, counts: false })),
  ]
}

export function modelOf({ engine, model }: Pick<StoredReply, 'engine' | 'model'>): string {
  return JSON.stringify([engine, model])
}

/**
 * What is made of a reply now, with those of further steps, or why nothing can be. A fault in reading one must not cost the
 * others.
 */
export function readReplyAgain(
  said: AlignedReading['said'],
  about: ReadAbout,
): Extraction | { readonly unreadable: string } {
  try {
    const extraction = readTogether(said, about)
    const unreadable = unreadableNote(extraction)
    return unreadable === null ? extraction : { unreadable }
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}
