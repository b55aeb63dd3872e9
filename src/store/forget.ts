import { endKind, endsOf, SAME_AS } from '../model/link.ts'
import type { Database, GraphNode, GraphReader, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks, joinAnew } from './derive.ts'
import { findConflictLinks } from './conflict-effects.ts'
import { replaceDocument } from './documents.ts'
import { tidyEntities } from './entities.ts'
import { releaseLabels } from './labels.ts'
import type { Leftovers } from './leftovers.ts'
import { saidBeside } from './forget-pairs.ts'
import { drawnKey } from './gather-links.ts'
import { dropLinks, findDrawnAs, readLinks } from './links.ts'
import { mentionedEntities } from './mentions.ts'
import { withSameBeside } from './pair-replies.ts'
import { readProposal, UNCOMPARED, type StoredDocument, type StoredLink, type StoredProposal } from './records.ts'

/** Replies that are removed in one transaction, with all that was made of them. */
const AT_ONCE = 50

/** What is to be removed with documents, or has been. */
export interface Forgotten {
  readonly replies: number
  readonly proposals: number
  /** Links that nothing else in the record speaks of; they go with all that is known of them but the decisions. */
  readonly links: readonly StoredLink[]
}

/** What there is of some documents and goes with them, by the rules by which it is removed; reads only. */
export async function measureForgetting(reader: GraphReader, documentIds: readonly string[]): Promise<Forgotten> {
  const chunks = (await reader.find('Chunk', 'documentId', documentIds)).map(({ id }) => id)
  const found = await repliesOf(reader, documentIds, chunks)
  const replies = await withSameBeside(reader, found)
  const ofReplies = (await reader.find('Proposal', 'replyId', replies)).map(readProposal)
  const own = (await reader.find('Proposal', 'ownDocumentId', documentIds)).map(readProposal)
  const beside = await saidBeside(reader, { documentIds, own, replies: found, chunks: new Set(chunks) })
  const proposals = await withConflicts(reader, [...ofReplies, ...own, ...beside])
  const { links } = await sortBySupport(reader, proposals)
  return { replies: replies.length, proposals: proposals.length, links }
}

/**
 * Removes a document from the graph and from the record: chunks, tables, replies with their traces, proposals with
 * their quotes. A link that nothing else speaks of goes, also one that a person accepted: it says what only this
 * document said, and no edge is without a quote. Decisions stay, as they hold a person's words only, and of their links
 * the id; they count again should another source say the same. `settle` judges anew what its names bore on. The document
 * itself goes last: whatever is cut off is done by the next try. What others bring of it meanwhile goes too; who comes
 * later finds no document to bring it to.
 */
export async function forgetDocument(
  database: Database,
  derivation: Derivation,
  document: StoredDocument,
  now: string,
  settle: () => Promise<void>,
): Promise<void> {
  for (let isGone = false; !isGone;) {
    await database.write(async (writer) => {
      await claimReplies(writer, document.id)
      const chunks = (await writer.find('Chunk', 'documentId', [document.id])).map(({ id }) => id)
      const mentioned = await mentionedEntities(writer, chunks)
      await replaceDocument(writer, derivation, { ...document, gone: now }, [], now, { onlyIfThere: true })
      await tidyEntities(writer, derivation, mentioned, { forgetting: true })
    })
    while (await database.write((writer) => forgetOwn(writer, derivation, document.id)));
    while (await database.write((writer) => forgetReplies(writer, derivation, document.id)));
    await settle()
    isGone = await database.write((writer) => removeEmptied(writer, document.id))
  }
}

/** Removes what speaks of documents that are not there, unless they have come back meanwhile. */
export async function removeLeftovers(
  database: Database,
  derivation: Derivation,
  { documents, nameless }: Leftovers,
): Promise<void> {
  for (const documentId of documents) {
    const unlessThere = (work: typeof forgetOwn) => async (writer: GraphWriter) =>
      (await writer.lock('Document', [documentId], [])).length === 0 && work(writer, derivation, documentId)
    while (await database.write(unlessThere(forgetOwn)));
    while (await database.write(unlessThere(forgetReplies)));
  }
  for (let at = 0; at < nameless.length; at += AT_ONCE)
    await database.write(async (writer) => {
      const replies = await writer.get('Reply', nameless.slice(at, at + AT_ONCE))
      const chunkOf = ({ properties }: GraphNode): string => String(properties['chunkId'])
      const there = new Set((await writer.lock('Chunk', replies.map(chunkOf), [])).map(({ id }) => id))
      await removeReplies(
        writer,
        derivation,
        replies.filter((reply) => !there.has(chunkOf(reply))),
      )
    })
}

/** A document of which nothing is left but its name. False: somebody has brought something of it since that was looked at. */
async function removeEmptied(writer: GraphWriter, documentId: string): Promise<boolean> {
  await writer.lock('Document', [documentId], [])
  for (const [kind, property] of OF_DOCUMENT)
    if ((await writer.find(kind, property, [documentId], { limit: 1 })).length > 0) return false
  const columns = (await writer.find('Column', 'documentId', [documentId])).map(({ id }) => id)
  await writer.removeNodes('Column', columns)
  await writer.removeNodes('Document', [documentId])
  return true
}

/** What has a document that it is of, beside columns: these stay for what was decided about them. */
const OF_DOCUMENT = [
  ['Chunk', 'documentId'],
  ['Dataset', 'documentId'],
  ['Reply', 'documentId'],
  ['Proposal', 'ownDocumentId'],
] as const

/** Replies of an older whygraph do not say which document they are about; that of their chunk does, while it is there. */
async function claimReplies(writer: GraphWriter, documentId: string): Promise<void> {
  const chunks = (await writer.find('Chunk', 'documentId', [documentId])).map(({ id }) => id)
  const replies = await writer.find('Reply', 'chunkId', chunks)
  const unclaimed = replies.filter(({ properties }) => properties['documentId'] == null)
  await writer.patchNodes(
    'Reply',
    unclaimed.map(({ id }) => ({ id, properties: { documentId } })),
  )
}

/** Some replies about a document, and what was made of them. Whether there may be more. */
async function forgetReplies(writer: GraphWriter, derivation: Derivation, documentId: string): Promise<boolean> {
  const found = await writer.find('Reply', 'documentId', [documentId], { limit: AT_ONCE })
  await removeReplies(writer, derivation, found)
  return found.length > 0
}

async function removeReplies(writer: GraphWriter, derivation: Derivation, found: readonly GraphNode[]): Promise<void> {
  const replies = await withSameBeside(writer, found)
  const proposals = (await writer.find('Proposal', 'replyId', replies)).map(readProposal)
  const ids = new Set(found.map(({ id }) => id))
  const made = proposals.filter(({ proposal }) => ids.has(proposal.replyId ?? ''))
  const named = found.flatMap(({ properties }) => properties['documentId'] ?? []).map(String)
  const documentIds = [...named, ...made.map(({ proposal }) => proposal.documentId)]
  const beside = await saidBeside(writer, { documentIds: [...new Set(documentIds)], replies: found })
  await forgetProposals(writer, derivation, [...proposals, ...beside])
  await writer.removeNodes('Reply', replies)
}

/** Some of what people or rules said of a document by themselves. Whether there may be more. */
async function forgetOwn(writer: GraphWriter, derivation: Derivation, documentId: string): Promise<boolean> {
  const found = await writer.find('Proposal', 'ownDocumentId', [documentId], { limit: AT_ONCE })
  const own = found.map(readProposal)
  await forgetProposals(writer, derivation, [...own, ...(await saidBeside(writer, { documentIds: [documentId], own }))])
  return own.length > 0
}

/** Removes proposals and the links that nothing else speaks of. */
async function forgetProposals(
  writer: GraphWriter,
  derivation: Derivation,
  said: readonly StoredProposal[],
): Promise<void> {
  const proposals = await withConflicts(writer, said)
  const linkIds = [...new Set(proposals.map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', linkIds, [])
  await writer.removeNodes(
    'Proposal',
    proposals.map(({ proposal }) => proposal.id),
  )
  const { supported, links } = await sortBySupport(writer, proposals)
  const left = await drawnBeside(writer, links)
  await dropLinks(writer, links)
  await releaseLabels(
    writer,
    links.filter((link) => endKind(link) === 'Label').map(({ objectId }) => objectId),
  )
  const bonds = links.filter(({ bond }) => bond !== null)
  await joinAnew(
    writer,
    derivation,
    bonds.map(({ id, subjectId: one, objectId: other }) => ({ id, one, other, bond: null })),
  )
  await writer.lock('Link', left, [])
  await deriveLinks(writer, derivation, [...new Set([...supported, ...left])])
  await releaseContested(writer, derivation, links)
  const joins = proposals.map(({ proposal }) => endsOf(proposal)).filter(({ type }) => type === SAME_AS)
  const ends = [...links, ...joins].filter((link) => endKind(link) === 'Entity')
  const entities = [...new Set(ends.flatMap((link) => [link.subjectId, link.objectId]))].toSorted()
  await writer.lock('Entity', entities, [])
  await tidyEntities(writer, derivation, entities, { forgetting: true })
}

/** Links that are drawn between the same entities as some others, or would be, were these not there. */
async function drawnBeside(reader: GraphReader, links: readonly StoredLink[]): Promise<string[]> {
  const own = new Set(links.map(({ id }) => id))
  const found = await findDrawnAs(reader, links.map(drawnKey))
  return [...new Set(found.map(({ id }) => id))].filter((id) => !own.has(id))
}

/** Links that contradicted what goes are without it, and to be compared again with what is left. */
async function releaseContested(
  writer: GraphWriter,
  derivation: Derivation,
  gone: readonly StoredLink[],
): Promise<void> {
  const ends = gone.filter((link) => endKind(link) === 'Link').flatMap((link) => [link.subjectId, link.objectId])
  const left = (await readLinks(writer, [...new Set(ends)])).map(({ id }) => id)
  await writer.lock('Link', left, [])
  await deriveLinks(writer, derivation, left, { effects: 'anew' })
  await writer.patchNodes(
    'Link',
    left.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
  )
}

/** With what our rules said of links that go, by quotes of other documents too: there is nothing any more that it is about. */
async function withConflicts(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
): Promise<readonly StoredProposal[]> {
  const { links } = await sortBySupport(reader, proposals)
  const conflicts = await findConflictLinks(
    reader,
    links.map(({ id }) => id),
  )
  if (conflicts.length === 0) return proposals
  const ids = conflicts.map(({ id }) => id)
  const all = [...proposals, ...(await reader.find('Proposal', 'linkId', ids)).map(readProposal)]
  return [...new Map(all.map((stored) => [stored.proposal.id, stored])).values()]
}

async function repliesOf(
  reader: GraphReader,
  documentIds: readonly string[],
  chunks: readonly string[],
): Promise<GraphNode[]> {
  return [
    ...(await reader.find('Reply', 'documentId', documentIds)),
    ...(await reader.find('Reply', 'chunkId', chunks)),
  ]
}

/** Of the links that some proposals speak of: the ids of those that others speak of too, and the rest. */
async function sortBySupport(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
): Promise<{ readonly supported: readonly string[]; readonly links: readonly StoredLink[] }> {
  const own = new Set(proposals.map(({ proposal }) => proposal.id))
  const linkIds = [...new Set(proposals.map(({ linkId }) => linkId))]
  const others = (await reader.find('Proposal', 'linkId', linkIds)).filter(({ id }) => !own.has(id))
  const supported = new Set(others.map((node) => String(node.properties['linkId'])))
  const links = await readLinks(
    reader,
    linkIds.filter((id) => !supported.has(id)),
  )
  return { supported: [...supported], links }
}
