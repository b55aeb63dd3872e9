import { endsOf, relationshipType } from '../model/link.ts'
import type { Reply } from '../model/reply.ts'
import type { Database, GraphReader } from './database.ts'
import { NO_CHANGES, type Derivation, type LinkChanges } from './derivation.ts'
import {
  chunkNode,
  proposalNode,
  readChunk,
  readProposal,
  readReply,
  type StoredChunk,
  type StoredProposal,
} from './records.ts'
import { formsOf, takeReplyIn, type Taken } from './replies.ts'
import { sameProperties } from './same-properties.ts'

export interface RetakeOptions {
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
 * that `taken` may be wrong by now: then it is to be read again.
 */
export async function retakeReply(
  database: Database,
  derivation: Derivation,
  reply: Reply,
  taken: Taken,
  seen: StoredChunk,
  { fingerprint, flagged, dryRun, begin }: RetakeOptions,
): Promise<Retaken | null> {
  const difference = await database.read((reader) => compareTaken(reader, reply, taken))
  const isFlaggedSo = JSON.stringify(seen.flagged ?? []) === JSON.stringify(flagged)
  if (difference === null && isFlaggedSo) return { isSame: true, proposals: NO_CHANGES, links: NO_CHANGES }
  if (!dryRun) {
    await begin()
    await database.prepare([...new Set(taken.proposals.map((proposal) => relationshipType(endsOf(proposal))))])
  }
  const rehearsal = new Rehearsal()
  try {
    const links = await database.write(async (writer) => {
      const [node] = await writer.lock('Chunk', [seen.id])
      if (node === undefined || JSON.stringify(readChunk(node)) !== JSON.stringify(seen)) return null
      if (!isFlaggedSo) await writer.putNodes([chunkNode({ ...seen, flagged })])
      if (difference !== null) rehearsal.links = await takeReplyIn(writer, derivation, reply, taken, fingerprint)
      // What it does to the links is only known by doing it; then nothing of it stays.
      if (dryRun) throw rehearsal
      return rehearsal.links
    })
    return links === null ? null : { isSame: false, proposals: difference ?? NO_CHANGES, links }
  } catch (error) {
    if (error !== rehearsal) throw error
    return { isSame: false, proposals: difference ?? NO_CHANGES, links: rehearsal.links }
  }
}

class Rehearsal extends Error {
  links = NO_CHANGES
}

/** Null where a reply has been taken, and said just this. */
async function compareTaken(reader: GraphReader, reply: Reply, taken: Taken): Promise<LinkChanges | null> {
  const [node] = await reader.get('Reply', [reply.id])
  const stored = node === undefined ? null : readReply(node)
  const before = new Map(
    (await reader.find('Proposal', 'replyId', [reply.id])).map((one) => [one.id, readProposal(one)]),
  )
  let [added, changed] = [0, 0]
  for (const proposal of taken.proposals) {
    const old = before.get(proposal.id)
    const now: StoredProposal = { proposal, linkId: endsOf(proposal).id, live: true }
    if (old === undefined) added++
    else if (!sameProperties(proposalNode(old), proposalNode(now))) changed++
    before.delete(proposal.id)
  }
  const isSame =
    stored?.taken === true &&
    added + changed + before.size === 0 &&
    JSON.stringify(stored.mentions) === JSON.stringify(formsOf(taken)) &&
    JSON.stringify(stored.notes) === JSON.stringify(taken.notes)
  return isSame ? null : { added, changed, removed: before.size }
}
