import { documentId } from '../ingest/identify.ts'
import { entityId } from '../src/model/entity.ts'
import { ownProposalId, SAME_AS } from '../src/model/link.ts'
import { formatPlace } from '../src/model/place.ts'
import type { Evidence, Proposal, ProposedEntity } from '../src/model/proposal.ts'
import type { Store } from '../src/store/store.ts'

export interface SameAsOptions {
  readonly type?: string
  readonly joins?: boolean
  readonly confidence?: number
  readonly polarity?: Proposal['polarity']
}

/** As the resolver would say it of the first chunk of a document (`test` source): two names of one type are one thing. */
export async function sameAs(
  store: Store,
  path: string,
  names: readonly [string, string],
  { type = 'Actor', joins = false, confidence = 0.9, polarity = 'asserted' }: SameAsOptions = {},
): Promise<Proposal> {
  const [chunk] = await store.chunks(documentId('test', path))
  if (chunk === undefined) throw new Error(`${path} has no chunk`)
  const evidence = names.flatMap((name): Evidence[] => {
    const unit = chunk.units.find(({ text }) => text.includes(name))
    if (unit === undefined) return []
    const offset = unit.text.indexOf(name)
    const start = unit.start + offset
    const { s, place } = unit
    const found = { quote: name, claimed: name, s, start, end: start + name.length, offset, place }
    return [{ ...found, grounding: 'exact', placeText: formatPlace(path, place) }]
  })
  const [subject, object] = names.map((name): ProposedEntity => ({ name, type, aliases: [] })) as Ends
  const proposal: Omit<Proposal, 'id'> = {
    replyId: null,
    index: 0,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    subject,
    type: SAME_AS,
    object,
    polarity,
    support: 'inferred',
    when: null,
    valid: null,
    saidOn: null,
    why: '',
    confidence,
    statedConfidence: confidence,
    evidence,
    traceKind: 'rule',
    steps: [],
    engine: 'resolution',
    model: 'test',
    held: false,
    doubts: [],
    ...(joins ? { joins } : {}),
    notes: [],
  }
  return { ...proposal, id: ownProposalId(proposal) }
}

type Ends = [ProposedEntity, ProposedEntity]

/** The id at birth of a thing that a test's engine names in a document. */
export function bornIn(path: string, name: string, type = 'Actor'): string {
  return entityId(type, name, documentId('test', path))
}
