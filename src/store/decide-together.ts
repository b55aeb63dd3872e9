import { ConflictError } from '../model/errors.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphWriter } from './database.ts'
import type { Decided, DecisionDraft } from './decision-draft.ts'
import { recordDecision } from './decisions.ts'
import type { Derivation } from './derivation.ts'
import { proposeIn } from './propose.ts'

/**
 * Puts what a person says and records what they decide by it, one after the other, inside one transaction.
 * @throws ConflictError where a text that they quote was read anew meanwhile
 */
export async function decideTogether(
  writer: GraphWriter,
  derivation: Derivation,
  proposals: readonly Proposal[],
  drafts: readonly DecisionDraft[],
  now: string,
): Promise<Decided[]> {
  await proposeIn(writer, derivation, proposals)
  const ids = [...new Set(proposals.map(({ id }) => id))]
  const put = await writer.get('Proposal', ids, ['id'])
  if (put.length < ids.length)
    throw new ConflictError('text-moved', 'the text that is quoted was read anew meanwhile', {
      hint: 'Look at it again, and do it once more.',
    })
  // All before the end of the chain is held: whoever decides about one of them takes them in this order too.
  await writer.lock('Link', [...new Set(drafts.map(({ linkId }) => linkId))].toSorted(), [])
  const decided: Decided[] = []
  for (const draft of drafts) decided.push(await recordDecision(writer, derivation, draft, now))
  return decided
}
