import { ConflictError } from '../model/errors.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphReader, GraphWriter } from './database.ts'
import { movedOn, type Decided, type DecisionDraft } from './decision-draft.ts'
import { namedBy } from './decision-subjects.ts'
import { recordDecision } from './decisions.ts'
import type { Derivation } from './derivation.ts'
import { readLinks } from './links.ts'
import { proposeIn } from './propose.ts'
import { readDecision, type StoredLink } from './records.ts'
import { readRules } from './rules-in-use.ts'

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
  const linkIds = [...new Set(drafts.map(({ linkId }) => linkId))].toSorted()
  await proposeIn(writer, derivation, proposals, namedBy(await readLinks(writer, linkIds)))
  const ids = [...new Set(proposals.map(({ id }) => id))]
  const put = await writer.get('Proposal', ids, ['id'])
  if (put.length < ids.length)
    throw new ConflictError('text-moved', 'the text that is quoted was read anew meanwhile', {
      hint: 'Look at it again, and do it once more.',
    })
  // All before the end of the chain is held: whoever decides about one of them takes them in this order too.
  await writer.lock('Link', linkIds, [])
  // Where one of them takes two people all do: none is to count without the others.
  const { rules } = await readRules(writer)
  const links = await readLinks(writer, linkIds)
  const takesTwo = links.some(({ type }) => rules[type]?.fourEyes === true)
  await requireNew(writer, drafts, links)
  const decided: Decided[] = []
  for (const draft of drafts) {
    const own = decided.length === 0 ? draft : await asMoved(writer, draft, links)
    decided.push(await recordDecision(writer, derivation, takesTwo ? { ...own, fourEyes: true } : own, now))
  }
  return decided
}

/** @throws ConflictError where somebody has decided meanwhile about a link that was not there when it was looked at */
async function requireNew(
  reader: GraphReader,
  drafts: readonly DecisionDraft[],
  links: readonly StoredLink[],
): Promise<void> {
  const asNew = drafts.filter(({ isNew }) => isNew === true)
  if (asNew.length === 0) return
  const ids = asNew.map(({ linkId }) => linkId)
  const decisions = (await reader.find('Decision', 'linkId', ids)).map(readDecision)
  for (const draft of asNew) {
    const link = links.find(({ id }) => id === draft.linkId)
    const theirs = decisions.filter(({ linkId, requestId }) => linkId === draft.linkId && requestId !== draft.requestId)
    if (link !== undefined && theirs.length > 0) throw movedOn(link, { ...draft, expectedRev: 0 }, theirs)
  }
}

/** As it was looked at: where its link is one with that of another draft, that one has moved it, and nobody else can have. */
async function asMoved(
  reader: GraphReader,
  draft: DecisionDraft,
  before: readonly StoredLink[],
): Promise<DecisionDraft> {
  const { expectedRev, expectedStatus: _, ...others } = draft
  const seen = before.find(({ id }) => id === draft.linkId)
  const [link] = await readLinks(reader, [draft.linkId])
  if (seen === undefined || link === undefined || link.rev === seen.rev || expectedRev !== seen.rev) return draft
  return { ...others, expectedRev: link.rev }
}
