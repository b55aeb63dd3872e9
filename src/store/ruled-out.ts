import { describeRejection, type RejectionRule } from '../model/rejection-rule.ts'
import type { Note } from '../model/note.ts'
import type { GraphReader } from './database.ts'
import { readConfirmed, rejectionIn, type ConfirmedRules } from './reading-rules.ts'
import type { StoredProposal } from './records.ts'

/**
 * Proposals as the rejections leave them that people confirmed as rules: one of a pattern that is rejected is held, and says
 * by whom; of rules that were taken back nothing is seen. `hold` keeps others from taking back any of them meanwhile; it is
 * called where there is one to look at.
 */
export async function readRuling(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
  hold?: () => Promise<unknown>,
): Promise<(stored: StoredProposal) => StoredProposal> {
  if (proposals.every(({ proposal }) => proposal.ruledBy === undefined)) return (stored) => stored
  await hold?.()
  const standing = new Map(
    (await readConfirmed(reader)).filter(({ stands }) => stands).map((rules) => [rules.decision, rules]),
  )
  return (stored) => {
    const { ruledBy, ...proposal } = stored.proposal
    if (ruledBy === undefined) return stored
    const rules = ruledBy.flatMap((id) => standing.get(id) ?? [])
    if (rules.length === 0) return { ...stored, proposal }
    const notes = [...proposal.notes, ...rules.flatMap(notesOf)]
    return { ...stored, proposal: { ...proposal, held: true, ruledBy: rules.map(({ decision }) => decision), notes } }
  }
}

function notesOf(confirmed: ConfirmedRules): Note[] {
  const { decision, reviewer } = confirmed
  return rejectionIn(confirmed).map((rule: RejectionRule) => {
    return { code: 'held-by-rule', message: `held by rule ${decision} of ${reviewer}: ${describeRejection(rule)}` }
  })
}

/** Ids of links of which something is said that is of one of these patterns. */
export async function linksRuledBy(reader: GraphReader, confirmed: readonly ConfirmedRules[]): Promise<string[]> {
  const types = new Set(confirmed.flatMap(rejectionIn).map(({ type }) => type))
  if (types.size === 0) return []
  const decisions = new Set(confirmed.map(({ decision }) => decision))
  // There may be very many, of rules that are none of these too: their words are not needed.
  const ruled = await reader.find('Proposal', 'ruledType', [...types], { only: ['ruledBy', 'linkId'] })
  const found = ruled.filter(({ properties }) =>
    ((properties['ruledBy'] ?? []) as readonly string[]).some((id) => decisions.has(id)),
  )
  return [...new Set(found.map(({ properties }) => String(properties['linkId'])))].toSorted()
}

/** The same of patterns that decisions about some links confirmed. */
export async function linksRuledAbout(reader: GraphReader, linkIds: readonly string[]): Promise<string[]> {
  return linksRuledBy(
    reader,
    (await readConfirmed(reader)).filter(({ linkId }) => linkIds.includes(linkId)),
  )
}
