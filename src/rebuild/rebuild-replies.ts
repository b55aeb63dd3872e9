import { alignReadingAgain } from '../asking/align-reading.ts'
import { outlastsReading } from '../asking/ask-step.ts'
import { isSameSchema, retakenFingerprint } from '../extract/ask.ts'
import { doneMark, splitMark } from '../model/done-mark.ts'
import { withFlags } from '../extract/injection/flag-units.ts'
import type { Schema } from '../model/schema.ts'
import { readPairsAgain } from './read-pairs-again.ts'
import type { RepliesAgain } from './replies-again.ts'
import { modelOf, readReplyAgain, repliesToRead, type ReplyToRead } from './read-again.ts'
import { saysLinks } from '../reading/read-together.ts'
import { addChanges, NO_CHANGES } from '../store/derivation.ts'
import { eachPage } from '../store/pages.ts'
import type { RebuildOptions } from '../store/rebuild.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'

/** A chunk with what is stored about it, as it was at one moment. */
interface Seen {
  readonly chunk: StoredChunk
  readonly document: StoredDocument
  readonly replies: readonly StoredReply[]
}

/** By what replies are read: `schema` those whose own the store does not hold; `readBy`, where it is given, all. */
export interface ReadBy {
  readonly schema: Schema
  readonly readBy?: Schema
}

/**
 * Parses, grounds and aligns the stored replies about every chunk again and takes them where something else comes of
 * it, one after the other, each by the schema that it was taken by, unless another is given. A reply that is not understood any
 * more loses nothing of what was made of it.
 */
export async function readRepliesAgain(
  store: Store,
  { schema, readBy }: ReadBy,
  journaled: Pick<RepliesAgain, 'recovered' | 'waiting'>,
  options: RebuildOptions,
): Promise<RepliesAgain> {
  const again: RepliesAgain = {
    chunks: 0,
    rows: 0,
    read: 0,
    changed: 0,
    proposals: NO_CHANGES,
    links: NO_CHANGES,
    readable: [],
    unreadable: [],
    neverReadable: 0,
    cutTraces: 0,
    otherSchema: 0,
    retaken: 0,
    otherPairs: 0,
    ...journaled,
  }
  const rules = await store.readingRules()
  const schemas = new Map<string, Schema | null>()

  const schemaOf = async (fingerprint: string): Promise<Schema | null> => {
    const known = schemas.get(fingerprint)
    const kept = known === undefined ? await store.schemaOf(fingerprint) : known
    schemas.set(fingerprint, kept)
    return kept
  }

  /** What a reply is taken for by another schema; the store keeps that before it changes anything by it. */
  const givenFor = async (reply: StoredReply, takenFor: string, given: Schema) => {
    const { fingerprint: askedFor } = splitMark(reply.fingerprint)
    const isAsked = isSameSchema(await schemaOf(askedFor), given)
    const taken = isAsked ? askedFor : retakenFingerprint(askedFor, given)
    const begin = async (): Promise<void> => {
      await options.begin()
      await store.keepSchema(taken, given)
    }
    // All else stays as it was: the budget of a reply that was cut, and who aligned it.
    return { fingerprint: doneMark({ ...splitMark(takenFor), fingerprint: taken }), begin }
  }

  const readAgain = async (seen: Seen, { reply, counts }: ReplyToRead): Promise<'same' | 'changed' | 'moved on'> => {
    const fingerprint = reply.takenFor ?? reply.fingerprint
    const { fingerprint: askedFor, aligner } = splitMark(fingerprint)
    const own = await schemaOf(askedFor)
    const given = readBy === undefined || isSameSchema(own, readBy) ? null : readBy
    const further = await store.repliesById(reply.further)
    const said = await alignReadingAgain(store, [reply, ...further], seen.chunk, aligner, reply.notes)
    const { chunk, document } = seen
    const reading = readReplyAgain(said, { chunk, document, schema: given ?? own ?? schema, rules })
    const message = 'unreadable' in reading ? reading.unreadable : ''
    const place = { where: `${seen.document.path} chunk ${seen.chunk.index + 1}`, reply: reply.id, message }
    let isSame = true
    if ('unreadable' in reading) {
      if (counts) again.unreadable.push(place)
      else again.neverReadable++
    } else {
      const flagged = withFlags(seen.chunk, seen.document.title).flagged ?? []
      const takeFor = { ...options, further, fingerprint, flagged }
      const notes = [...reading.notes, ...reply.notes.filter(outlastsReading)]
      const retaken = await store.retakeReply(
        reply,
        { ...reading, notes },
        seen.chunk,
        given === null ? takeFor : { ...takeFor, ...(await givenFor(reply, fingerprint, given)) },
      )
      if (retaken === null) return 'moved on'
      isSame = retaken.isSame
      again.proposals = addChanges(again.proposals, retaken.proposals)
      again.links = addChanges(again.links, retaken.links)
      if (!isSame) again.changed++
      if (!counts) again.readable.push(place)
    }
    again.read++
    if (said.some(({ reply: one }) => one.leftOut !== undefined && saysLinks(one))) again.cutTraces++
    if (given !== null) again.retaken++
    else if (own === null) again.otherSchema++
    return isSame ? 'same' : 'changed'
  }

  const readChunkAgain = async (chunkId: string): Promise<void> => {
    const settled = new Set<string>()
    let seen = await look(store, chunkId)
    if (seen === null) return
    again.chunks++
    if (seen.chunk.holds === 'rows') {
      again.rows++
      return
    }
    // Whoever else changes the chunk meanwhile gets on; so it comes to an end.
    while (seen !== null && !options.signal.aborted) {
      const isOpen = ({ reply, counts }: ReplyToRead): boolean =>
        !settled.has(reply.id) && (counts || !settled.has(modelOf(reply)))
      const next = repliesToRead(seen.chunk, seen.replies).find(isOpen)
      if (next === undefined) return
      const fate = await readAgain(seen, next)
      if (fate !== 'moved on') settled.add(next.reply.id)
      if (fate === 'changed') settled.add(modelOf(next.reply))
      if (fate !== 'same') seen = await look(store, chunkId)
    }
  }

  await eachPage(store.database, 'Chunk', options, async (nodes) => {
    for (const { id } of nodes) if (!options.signal.aborted) await readChunkAgain(id)
  })
  await readPairsAgain(store, again, options)
  return again
}

async function look(store: Store, chunkId: string): Promise<Seen | null> {
  const chunk = await store.chunk(chunkId)
  const document = chunk === null ? null : await store.document(chunk.documentId)
  if (chunk === null || document === null) return null
  return { chunk, document, replies: await store.repliesAbout(chunkId) }
}
