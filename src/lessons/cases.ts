import { DISPLAYED_AS, endKind, SAME_AS } from '../model/link.ts'
import type { DecidedCase } from '../model/example.ts'
import { PERSON } from '../model/proposal.ts'
import { countingProposals, saidAbout } from '../model/revision.ts'
import type { ReviewedLink } from '../review/reviewed-links.ts'
import type { Lesson } from './left-out.ts'
import { mayBePlanted, type Stand } from './stand.ts'

/** A decided link as a case, by the surest of the proposals that assert it; a model's before a person's own. */
export function caseOf({ link, proposals, decisions }: ReviewedLink, stand: Stand): Lesson<DecidedCase> {
  if ('leftOut' in stand || link === null) return { leftOut: 'leftOut' in stand ? stand.leftOut : 'gone' }
  if (link.type === SAME_AS || link.type === DISPLAYED_AS || endKind(link) !== 'Entity')
    return { leftOut: 'other-kind' }
  const live = countingProposals(saidAbout(proposals, decisions))
  const asserted = live
    .filter((proposal) => proposal.polarity === 'asserted' && !mayBePlanted(proposal))
    .toSorted(
      (a, b) =>
        Number(a.engine === PERSON) - Number(b.engine === PERSON) ||
        b.confidence - a.confidence ||
        (a.id < b.id ? -1 : 1),
    )
  const [best] = asserted
  if (best === undefined) return { leftOut: live.length === 0 ? 'gone' : 'not-asserted' }
  const found = asserted.find(({ evidence }) => evidence.every(({ grounding }) => grounding !== 'missing'))
  if (found === undefined) return { leftOut: 'missing-quote' }
  const { subject, object, type, evidence, support, engine, model, confidence, documentId, chunkId } = found
  const lesson: DecidedCase = {
    format: 'whygraph-case-1',
    id: link.id,
    verdict: stand.verdict,
    reason: stand.reason,
    subject: { name: subject.name, type: subject.type },
    type,
    object: { name: object.name, type: object.type },
    quotes: evidence.map(({ quote, placeText }) => ({ quote, place: placeText })),
    support,
    engine,
    model,
    confidence,
    document: documentId,
    chunk: chunkId,
  }
  return { lesson }
}
