import type { Chunk } from '../model/chunk.ts'
import type { Entity } from '../model/entity.ts'
import { endFor, ownProposalId, SAME_AS } from '../model/link.ts'
import { formatPlace } from '../model/place.ts'
import { PERSON, type Evidence, type Proposal } from '../model/proposal.ts'
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
 * stand in it; else one for each. Null where not both are found.
 */
export function proposeSame(
  things: readonly [Entity, Entity],
  texts: readonly Mentioning[],
  reviewer: string,
  why: string,
): readonly Proposal[] | null {
  const found = texts.map((text) => ({ text, quotes: text.names.map((names) => quoteAny(text, names)) }))
  const both = found.find(({ quotes }) => quotes.every((quote) => quote !== null))
  const chosen = both === undefined ? [0, 1].map((side) => found.find(({ quotes }) => quotes[side] !== null)) : [both]
  if (chosen.includes(undefined)) return null
  return chosen.flatMap((one) => (one === undefined ? [] : proposalOf(things, one.text, one.quotes, reviewer, why)))
}

function proposalOf(
  things: readonly [Entity, Entity],
  { chunk, document }: Mentioning,
  quotes: readonly (Evidence | null)[],
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
    confidence: 1,
    statedConfidence: 1,
    evidence: quotes.filter((quote) => quote !== null),
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
