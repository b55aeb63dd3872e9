import { copyFor, otherPlace, pairRequest } from '../asking/ask-about-pairs.ts'
import { pairSaidBy } from '../asking/judge-pairs.ts'
import { readPairReply, type PairReading } from '../extract/identity/read-pair.ts'
import type { ShownPair } from '../extract/identity/pair.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import { addChanges } from '../store/derivation.ts'
import type { RebuildOptions } from '../store/rebuild.ts'
import type { StoredLink } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import { modelOf } from './read-again.ts'
import type { RepliesAgain } from './replies-again.ts'

/**
 * Reads the stored replies about pairs of names again, and adds what comes of it to `again`. A reply is understood by what
 * was shown to the engine: where the pair would be asked about otherwise now (by other quotes, or in other words), what was
 * made of it stays as it is.
 */
export async function readPairsAgain(store: Store, again: RepliesAgain, options: RebuildOptions): Promise<void> {
  for await (const link of store.identityLinks()) {
    if (options.signal.aborted) return
    await readLinkAgain(store, link, again, options)
  }
}

async function readLinkAgain(
  store: Store,
  link: StoredLink,
  again: RepliesAgain,
  options: RebuildOptions,
): Promise<void> {
  // What a person took back of them is of no matter: grounds are rules', and replies models'.
  const live = (await store.proposalsFor(link.id)).filter((stored) => stored.live).map(({ proposal }) => proposal)
  const said = live.filter(({ purpose }) => purpose === 'identity')
  const pair = await pairSaidBy(store, live)
  const replies = pair === null ? [] : await store.repliesAbout(pair.places[0].chunk.id, 'identity')
  const known = new Set(said.map(modelOf))
  const seen = new Set<string>()
  for (const { reply, counts } of toRead(replies, known)) {
    if (pair === null || (!counts && known.has(modelOf(reply)))) continue
    const { shown, requestHash } = pairRequest(pair, reply.fingerprint)
    if (requestHash !== reply.requestHash) continue
    const copies = pair.places.map((place) => copyFor(reply, place))
    for (const { id } of copies) seen.add(id)
    const place = { where: `${link.subject} = ${link.object}`, reply: reply.id }
    const reading = read(shown, copies)
    again.read++
    if ('unreadable' in reading) {
      if (counts) again.unreadable.push({ ...place, message: reading.unreadable })
      else again.neverReadable++
      continue
    }
    known.add(modelOf(reply))
    // A run that was killed in between had put it beside one of the two chunks only.
    const stored = await Promise.all(copies.map(({ id }) => store.reply(id)))
    if (!options.dryRun && stored.includes(null)) {
      await options.begin()
      await store.saveReply(reply, otherPlace({ shown }))
    }
    const taken = { linkId: link.id, replies: copies, proposals: reading.proposals }
    const retaken = await store.retakePair(taken, options)
    again.proposals = addChanges(again.proposals, retaken.proposals)
    again.links = addChanges(again.links, retaken.links)
    if (!retaken.isSame) again.changed++
    if (!counts) again.readable.push({ ...place, message: '' })
  }
  again.otherPairs += new Set(said.filter(({ replyId }) => !seen.has(replyId ?? '')).map(modelOf)).size
}

/** Those that count; and of models that have said nothing of it that counts, whole ones, the newest first. */
function toRead(replies: readonly StoredReply[], known: ReadonlySet<string>) {
  const counting = replies.filter(({ taken }) => taken)
  const waiting = replies.filter((reply) => !reply.taken && isWhole(reply.finish) && !known.has(modelOf(reply)))
  return [
    ...counting.map((reply) => ({ reply, counts: true })),
    ...waiting.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map((reply) => ({ reply, counts: false })),
  ]
}

/** A fault in reading one must not cost the others. */
function read(shown: ShownPair, replies: readonly Reply[]): PairReading | { readonly unreadable: string } {
  try {
    return readPairReply(shown, replies)
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}
