import type { Proposal } from '../model/proposal.ts'
import type { GraphReader } from './database.ts'
import { derivedLinks } from './links.ts'
import { readProposal, readRedirect, type StoredLink } from './records.ts'
import { readRuling } from './ruled-out.ts'

/**
 * Links of some entities, whatever stands for these by now: of each no more than `most` that start from it, end at it, or do
 * so at one of as many ids that it stands for. Which ones is by id.
 */
export async function readLinksAround(
  reader: GraphReader,
  entityIds: readonly string[],
  most: number,
): Promise<StoredLink[]> {
  const redirects = (await reader.get('Redirect', [...new Set(entityIds)])).map(readRedirect)
  const standing = [...new Set([...entityIds, ...redirects.map(({ to }) => to)])]
  const others = await reader.findEach('Redirect', 'to', standing, most)
  const ids = [...new Set([...standing, ...others.map(({ id }) => id)])]
  const sides = await Promise.all(['subjectId', 'objectId'].map((side) => reader.findEach('Link', side, ids, most)))
  return [...new Map(derivedLinks(sides.flat()).map((link) => [link.id, link])).values()]
}

/** Some of what counts for links, `most` for each, and by whom it is held. */
export async function readSomeProposals(
  reader: GraphReader,
  linkIds: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly Proposal[]>> {
  const stored = (await reader.findEach('Proposal', 'linkId', linkIds, most)).map(readProposal)
  const asRuled = await readRuling(reader, stored)
  const live = stored.filter((one) => one.live).map(asRuled)
  return new Map(
    [...Map.groupBy(live, ({ linkId }) => linkId)].map(([id, all]) => [id, all.map((one) => one.proposal)]),
  )
}
