import { endsOf, SAME_AS } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { Database, GraphReader, GraphWriter } from './database.ts'
import { KEEP_TRACES, NO_CHANGES, type Derivation, type LinkChanges } from './derivation.ts'
import { countingPairReplies, takePairIn, type PairTaken } from './pair-replies.ts'
import { chunkNode, proposalNode, readChunk, readProposal, type StoredChunk, type StoredProposal } from './records.ts'
import { readReply } from './reply-records.ts'
import { cappedSteps, formsOf, proposalsIn, takeReplyIn, typesIn, type Taken, type Taking } from './replies.ts'
import { sameProperties } from './same-properties.ts'
import { tryOut } from './try-out.ts'

export interface RetakeOptions {
  /** Replies that make one reading with it. */
  readonly further: readonly Reply[]
  /** Engine, model and schema that the reply is taken for. */
  readonly fingerprint: string
  /** What of the chunk is flagged by now; whoever decides by it finds it anew, so it is kept for queries only. */
  readonly flagged: readonly string[]
  readonly dryRun: boolean
  /** Called before the first write. */
  readonly begin: () => Promise<void>
}

/** What another reading of a reply changed, or would change; all zero where it says what it said before. */
export interface Retaken {
  readonly isSame: boolean
  readonly proposals: LinkChanges
  readonly links: LinkChanges
}

/**
 * Takes a stored reply again, as it is read now. The same reading changes nothing and writes nothing. Returns null
 * where the chunk is not any more what `seen` says (its document was read again meanwhile, or another reply taken), so
 * that `read` may be wrong by now: then it is to be read again. The trace stays as long as it is.
 */
export async function retakeReply(
  database: Database,
  derivation: Derivation,
  reply: Reply,
  read: Taken,
  seen: StoredChunk,
  { further, fingerprint, flagged, dryRun, begin }: RetakeOptions,
): Promise<Retaken | null> {
  const capped = (proposals: readonly Proposal[]): readonly Proposal[] =>
    cappedSteps(derivation.traces ?? KEEP_TRACES, [reply, ...further], proposals)
  const taken = { ...read, proposals: capped(read.proposals), labels: capped(read.labels ?? []) }
  const taking = { reply, further, taken, fingerprint }
  const difference = await database.read((reader) => compareTaken(reader, taking))
  const isFlaggedSo = JSON.stringify(seen.flagged ?? []) === JSON.stringify(flagged)
  if (difference === null && isFlaggedSo) return { isSame: true, proposals: NO_CHANGES, links: NO_CHANGES }
  if (!dryRun) {
    await begin()
    await database.prepare(typesIn(taken))
  }
  const links = await changeLinks(database, dryRun, async (writer) => {
    const [node] = await writer.lock('Chunk', [seen.id])
    if (node === undefined || JSON.stringify(readChunk(node)) !== JSON.stringify(seen)) return null
    if (!isFlaggedSo) await writer.putNodes([chunkNode({ ...seen, flagged })])
    return difference === null ? NO_CHANGES : takeReplyIn(writer, derivation, taking)
  })
  return links === null ? null : { isSame: false, proposals: difference ?? NO_CHANGES, links }
}

/** One transaction, of which nothing stays in a dry run: what it does to the links is only known by doing it. */
function changeLinks<T extends LinkChanges | null>(
  database: Database,
  dryRun: boolean,
  work: (writer: GraphWriter) => Promise<T>,
): Promise<T> {
  return dryRun ? tryOut(database, work) : database.write(work)
}

/** The same of what an engine said of two names; its chunks are gone where nothing comes of it, and then all stays as it is. */
export async function retakePair(
  database: Database,
  derivation: Derivation,
  pair: PairTaken,
  { dryRun, begin }: Pick<RetakeOptions, 'dryRun' | 'begin'>,
): Promise<Retaken> {
  const difference = await database.read((reader) => comparePair(reader, pair))
  if (difference === null) return { isSame: true, proposals: NO_CHANGES, links: NO_CHANGES }
  if (!dryRun) {
    await begin()
    await database.prepare([SAME_AS])
  }
  const links = await changeLinks(database, dryRun, (writer) => takePairIn(writer, derivation, pair))
  return { isSame: false, proposals: difference, links }
}

/** Null where the replies count, and said just this. */
async function comparePair(reader: GraphReader, { replies, proposals }: PairTaken): Promise<LinkChanges | null> {
  const ids = replies.map(({ id }) => id)
  const counting = await countingPairReplies(reader, ids)
  const before = (await reader.find('Proposal', 'replyId', ids)).map(readProposal)
  const { added, changed, left } = compareProposals(before, proposals)
  // What does not come out again is kept, and counts no more.
  const removed = left.filter(({ live }) => live).length
  const isSame = counting.size === ids.length && added + changed + removed === 0
  return isSame ? null : { added, changed, removed }
}

function compareProposals(
  stored: readonly StoredProposal[],
  proposals: readonly Proposal[],
): { readonly added: number; readonly changed: number; readonly left: readonly StoredProposal[] } {
  const before = new Map(stored.map((one) => [one.proposal.id, one]))
  let [added, changed] = [0, 0]
  for (const proposal of proposals) {
    const old = before.get(proposal.id)
    const now: StoredProposal = { proposal, linkId: endsOf(proposal).id, live: true }
    if (old === undefined) added++
    else if (!sameProperties(proposalNode(old), proposalNode(now))) changed++
    before.delete(proposal.id)
  }
  return { added, changed, left: [...before.values()] }
}

/** Null where a reply has been taken with just these others, and they said just this. */
async function compareTaken(reader: GraphReader, { reply, further, taken }: Taking): Promise<LinkChanges | null> {
  const [node] = await reader.get('Reply', [reply.id])
  const stored = node === undefined ? null : readReply(node)
  const ids = further.map(({ id }) => id)
  const before = (await reader.find('Proposal', 'replyId', [reply.id, ...ids])).map(readProposal)
  const { added, changed, left } = compareProposals(before, proposalsIn(taken))
  const isSame =
    stored?.taken === true &&
    JSON.stringify(stored.further) === JSON.stringify(ids) &&
    added + changed + left.length === 0 &&
    (stored.summary ?? '') === (taken.summary ?? '') &&
    JSON.stringify(stored.mentions) === JSON.stringify(formsOf(taken)) &&
    JSON.stringify(stored.notes) === JSON.stringify(taken.notes)
  return isSame ? null : { added, changed, removed: left.length }
}
