import type { Chunk } from '../model/chunk.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ConfirmedRejection } from '../model/reading-rule.ts'
import type { SaidWhere } from '../model/rejection-rule.ts'

/**
 * A proposal with the decisions of people who rejected such links as a rule, and notes of those that stand. It is held for
 * as long as one does: whoever reads it from the store finds out.
 */
export function underRules(
  proposal: Proposal,
  { chunk, path, where }: { readonly chunk: Pick<Chunk, 'units'>; readonly path: string; readonly where: string },
  rejectionsOf: (said: SaidWhere) => readonly ConfirmedRejection[],
): { readonly proposal: Proposal; readonly notes: readonly Note[] } {
  if (proposal.polarity !== 'asserted' || proposal.subject.column !== undefined) return { proposal, notes: [] }
  const located = new Set(proposal.evidence.flatMap(({ grounding, s }) => (grounding === 'missing' ? [] : [s])))
  const quoted = chunk.units.filter(({ s }) => located.has(s)).map(({ kind }) => kind)
  const rejections = rejectionsOf({ proposal, path, quoted })
  if (rejections.length === 0) return { proposal, notes: [] }
  const notes = rejections
    .filter(({ stands }) => stands)
    .map(({ decision, reviewer }) => {
      return { code: 'held-by-rule', message: `held: ${reviewer} rejected such links, rule ${decision}`, where }
    })
  return { proposal: { ...proposal, ruledBy: rejections.map(({ decision }) => decision) }, notes }
}
