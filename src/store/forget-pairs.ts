import { entityId } from '../model/entity.ts'
import { endsOf, SAME_AS } from '../model/link.ts'
import { namedAmong } from './births.ts'
import type { GraphNode, GraphReader } from './database.ts'
import { findLinksAt } from './links.ts'
import { readProposal, type EntityForms, type StoredProposal } from './records.ts'

/** What goes with a document: what was said of it without a reply, and nodes of replies about it. */
interface Going {
  readonly own?: readonly StoredProposal[]
  readonly replies?: readonly GraphNode[]
}

/**
 * Of two names that were taken for one thing each document quotes its own, and says which the other is. Of one that
 * nothing mentions any more the other document does not speak either, whatever people decided about the two. `going` are
 * chunks whose mentions do not count, as they are yet to go.
 */
export async function saidBeside(
  reader: GraphReader,
  { own = [], replies = [] }: Going,
  going: ReadonlySet<string> = new Set(),
): Promise<StoredProposal[]> {
  const pairs = own.map(({ proposal }) => endsOf(proposal)).filter(({ type }) => type === SAME_AS)
  const ends = pairs.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  const ids = [...new Set([...ends, ...replies.flatMap(mentionedBy)])]
  const named = await namedAmong(reader, ids, going)
  const links = await findLinksAt(
    reader,
    ids.filter((id) => !named.has(id)),
  )
  const same = links.filter(({ properties }) => properties['type'] === SAME_AS)
  const found = await reader.find('Proposal', 'linkId', [...new Set(same.map(({ id }) => id))])
  const known = new Set(own.map(({ proposal }) => proposal.id))
  return found.map(readProposal).filter(({ proposal }) => proposal.replyId === null && !known.has(proposal.id))
}

/** Ids at birth of what a reply names. */
function mentionedBy({ properties }: GraphNode): string[] {
  const { mentions = null, documentId = null } = properties
  if (mentions === null) return []
  const named = JSON.parse(String(mentions)) as EntityForms[]
  return named.map(({ type, ownName }) => entityId(type, ownName, String(documentId ?? '')))
}
