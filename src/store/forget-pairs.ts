import { entityId } from '../model/entity.ts'
import { endsOf, SAME_AS } from '../model/link.ts'
import { namedAmong } from './births.ts'
import type { GraphNode, GraphReader } from './database.ts'
import { findLinksAt } from './links.ts'
import { readProposal, type EntityForms, type StoredProposal } from './records.ts'

/** What goes with documents: what was said of them without a reply, and nodes of replies about them. */
interface Going {
  readonly documentIds: readonly string[]
  readonly own?: readonly StoredProposal[]
  readonly replies?: readonly GraphNode[]
  /** Ids of chunks whose mentions do not count, as they are yet to go. */
  readonly chunks?: ReadonlySet<string>
}

/**
 * Of two names that were taken for one thing each document quotes its own, and says which the other is. Of one that
 * stands in none but what goes the other document does not speak either, whatever people decided about the two. One that
 * is only gone from its source is none that goes: a decision counts again once it is back.
 */
export async function saidBeside(
  reader: GraphReader,
  { documentIds, own = [], replies = [], chunks = new Set() }: Going,
): Promise<StoredProposal[]> {
  const ends = own.filter(isOfNames).flatMap(endIdsOf)
  const ids = await withPairs(reader, [...new Set([...ends, ...replies.flatMap(mentionedBy)])])
  const named = await namedAmong(reader, ids, chunks)
  const unnamed = new Set(ids.filter((id) => !named.has(id)))
  const links = await findLinksAt(reader, [...unnamed])
  const linkIds = [...new Set(links.map(({ id }) => id))]
  const said = (await reader.find('Proposal', 'linkId', linkIds)).map(readProposal)
  const known = new Set(own.map(({ proposal }) => proposal.id))
  const isBeside = ({ proposal }: StoredProposal): boolean => proposal.replyId === null && !known.has(proposal.id)
  const beside = said.filter((stored) => isOfNames(stored) && isBeside(stored))
  if (beside.length === 0) return []

  const others = said.filter(({ proposal }) => !documentIds.includes(proposal.documentId))
  const standing = new Set(await namedIn(reader, others))
  const decided = new Set(links.filter(({ properties }) => Number(properties['rev'] ?? 0) > 0).map(({ id }) => id))
  const isLost = (id: string): boolean => unnamed.has(id) && !standing.has(id)
  const doubtful = beside.filter(({ linkId }) => decided.has(linkId)).flatMap((stored) => endIdsOf(stored))
  for (const id of await namedInGone(reader, new Set(doubtful.filter(isLost)), documentIds)) standing.add(id)
  return beside.filter((stored) => endIdsOf(stored).some(isLost))
}

const isOfNames = ({ proposal }: StoredProposal): boolean => proposal.type === SAME_AS

function endIdsOf({ proposal }: StoredProposal): string[] {
  const { subjectId, objectId } = endsOf(proposal)
  return [subjectId, objectId]
}

/** Links on one side of a name that are looked at: of one that has more it is not known whether it is one of a pair. */
const FEW = 10

/** Those of the ids that are one of a pair, or may be: all at once, as most are not. */
async function withPairs(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const perhaps = new Set<string>()
  for (const side of ['subjectId', 'objectId']) {
    const links = await reader.findEach('Link', side, ids, FEW)
    for (const [id, own] of Map.groupBy(links, ({ properties }) => String(properties[side])))
      if (own.length === FEW || own.some(({ properties }) => properties['type'] === SAME_AS)) perhaps.add(id)
  }
  return [...perhaps]
}

/** What is named where some things were said: by what says more of it than that it is another, or by replies about the chunk. */
async function namedIn(reader: GraphReader, said: readonly StoredProposal[]): Promise<string[]> {
  const chunkIds = said.filter(isOfNames).map(({ proposal }) => proposal.chunkId)
  const replies = await reader.find('Reply', 'chunkId', [...new Set(chunkIds)])
  return [...said.filter((stored) => !isOfNames(stored)).flatMap(endIdsOf), ...replies.flatMap(mentionedBy)]
}

/** Documents, and replies, that are looked at in one go. */
const DOCUMENTS_AT_ONCE = 1000
const REPLIES_AT_ONCE = 50

/** Those of the ids that replies name about documents that are gone from their source, but for some documents. */
async function namedInGone(
  reader: GraphReader,
  wanted: ReadonlySet<string>,
  except: readonly string[],
): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  for (let after = ''; named.size < wanted.size;) {
    const documents = await reader.listAfter('Document', after, DOCUMENTS_AT_ONCE)
    const last = documents.at(-1)
    if (last === undefined) break
    after = last.id
    const gone = documents.filter(({ id, properties }) => properties['gone'] != null && !except.includes(id))
    for (const { id } of gone)
      for (let skip = 0; named.size < wanted.size; skip += REPLIES_AT_ONCE) {
        const replies = await reader.find('Reply', 'documentId', [id], { limit: REPLIES_AT_ONCE, skip })
        for (const one of replies.flatMap(mentionedBy)) if (wanted.has(one)) named.add(one)
        if (replies.length < REPLIES_AT_ONCE) break
      }
  }
  return named
}

/** Ids at birth of what a reply names. */
function mentionedBy({ properties }: GraphNode): string[] {
  const { mentions = null, documentId = null } = properties
  if (mentions === null) return []
  const named = JSON.parse(String(mentions)) as EntityForms[]
  return named.map(({ type, ownName }) => entityId(type, ownName, String(documentId ?? '')))
}
