import { endsOf, formerLinkIds } from '../../model/link.ts'
import type { GraphReader, GraphWriter } from '../database.ts'
import type { Derivation } from '../derivation.ts'
import { deriveLinks } from '../derive.ts'
import { dropLinks, unspokenLinks } from '../links.ts'
import { readProposal, type StoredProposal } from '../records.ts'
import { proposes } from '../replies.ts'

/**
 * Of some proposals, those that count for a link under an id that it had before: see {@link formerLinkIds}.
 */
export async function findFormer(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const proposals = (await reader.get('Proposal', ids)).map(readProposal)
  return proposals.filter(
    ({ proposal, linkId }) => linkId !== endsOf(proposal).id && formerLinkIds(proposal).includes(linkId),
  )
}

/**
 * Has them count for the link that they speak for. Of the other nothing is left but what was decided about it, which is
 * looked up for the new ones too.
 */
export async function leaveFormer(writer: GraphWriter, derivation: Derivation, ids: readonly string[]): Promise<void> {
  const seen = (await findFormer(writer, ids)).map((stored) => ({ ...stored, now: endsOf(stored.proposal).id }))
  const [former, links] = [seen.map(({ linkId }) => linkId), seen.map(({ now }) => now)]
  await writer.lock('Link', [...new Set([...former, ...links])], [])
  const moved = (await findFormer(writer, ids)).map((stored) => ({ ...stored, now: endsOf(stored.proposal).id }))
  await writer.removeRelationships(moved.map(proposes))
  await writer.patchNodes(
    'Proposal',
    moved.map(({ proposal, now }) => ({ id: proposal.id, properties: { linkId: now } })),
  )
  await dropLinks(writer, await unspokenLinks(writer, [...new Set(former)]))
  await deriveLinks(writer, derivation, links, { anew: true })
  await writer.putRelationships(moved.map(({ now, ...stored }) => proposes({ ...stored, linkId: now })))
}
