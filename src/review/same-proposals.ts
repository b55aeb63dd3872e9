import type { Chunk } from '../model/chunk.ts'
import type { Entity } from '../model/entity.ts'
import { endFor, ownProposalId, SAME_AS } from '../model/link.ts'
import { formatPlace } from '../model/place.ts'
import { capConfidence, missingEvidence, PERSON, type Evidence, type Proposal } from '../model/proposal.ts'
import type { StoredDocument } from '../store/records.ts'

/** A text that mentions one or both of two things, and by which names. */
export interface Mentioning {
  readonly chunk: Chunk
  readonly document: StoredDocument
  /** Names that the text may have of the one and of the other. */
  readonly names: readonly [readonly string[], readonly string[]]
}

/**
 * What a person says by deciding whether two things are one: the texts' own words for both. One text is enough where both
 * stand in it; else one for each. A name that stands in none, as a model coined it, is a missing quote of the text that it
 * was made from, and of that which has the other one; so what goes with either text takes it along. Empty without a text.
 */
export function proposeSame(
  things: readonly [Entity, Entity],
  texts: readonly Mentioning[],
  reviewer: string,
  why: string,
): readonly Proposal[] {
  const found = texts.map((text) => ({ text, quotes: text.names.map((names) => quoteAny(text, names)) }))
  const both = found.find(({ quotes }) => quotes.every((quote) => quote !== null))
  const quoting = things.map((_, side) => both ?? found.find(({ quotes }) => quotes[side] != null))
  const chosen = quoting.map((one, side) => one ?? found.find(({ text }) => (text.names[side] ?? []).length > 0))
  return [...new Set(chosen)].flatMap((one) => {
    if (one === undefined) return []
    const evidence = things.flatMap(({ name }, side) =>
      quoting[side] === undefined ? missingIn(one.text, name) : (one.quotes[side] ?? []),
    )
    return proposalOf(things, one.text, evidence, reviewer, why)
  })
}

/** Names that stand in no text, as what is proposed says. */
export function missingNames(proposals: readonly Pick<Proposal, 'evidence'>[]): string[] {
  const missing = proposals.flatMap(({ evidence }) => evidence.filter(({ grounding }) => grounding === 'missing'))
  return [...new Set(missing.map(({ claimed }) => claimed))]
}

function proposalOf(
  things: readonly [Entity, Entity],
  { chunk, document }: Mentioning,
  evidence: readonly Evidence[],
  reviewer: string,
  why: string,
): Proposal {
  const proposal: Omit<Proposal, 'id'> = {
    replyId: null,
    index: 0,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    subject: endFor(things[0], chunk.documentId),
    type: SAME_AS,
    object: endFor(things[1], chunk.documentId),
    polarity: 'asserted',
    support: 'inferred',
    when: null,
    valid: null,
    saidOn: document.date,
    why,
    confidence: capConfidence(1, missingNames([{ evidence }]).length === 0),
    statedConfidence: 1,
    evidence,
    traceKind: 'none',
    steps: [],
    engine: PERSON,
    model: reviewer,
    held: false,
    doubts: [],
    notes: [],
  }
  return { ...proposal, id: ownProposalId(proposal) }
}

function missingIn({ chunk, document }: Mentioning, name: string): Evidence[] {
  return chunk.units
    .slice(0, 1)
    .map(({ s, place }) => missingEvidence({ claimed: name, s, place, placeText: formatPlace(document.path, place) }))
}

/** The longest of the names that stands in the text, where it stands first. */
export function quoteAny(
  { chunk, document }: Pick<Mentioning, 'chunk' | 'document'>,
  names: readonly string[],
): Evidence | null {
  for (const name of [...names].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)))
    for (const { s, start, place, text } of chunk.units) {
      const offset = text.indexOf(name)
      if (name === '' || offset < 0) continue
      const [from, to] = [start + offset, start + offset + name.length]
      const placeText = formatPlace(document.path, place)
      return { grounding: 'exact', quote: name, claimed: name, s, start: from, end: to, offset, place, placeText }
    }
  return null
}
