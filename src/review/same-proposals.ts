import { groundQuote, type Grounded } from '../extract/ground.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
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
 * was made from, and of that which has the other one, as a whole, since nobody knows where in it; so what goes with either
 * text takes it along. Empty without a text.
 */
export function proposeSame(
  things: readonly [Entity, Entity],
  texts: readonly Mentioning[],
  reviewer: string,
  why: string,
): readonly Proposal[] {
  const found = texts.map((text) => ({ text, quotes: text.names.map((names) => quoteAny(text, names)) }))
  const both = found.find(({ quotes }) => quotes.every((quote) => quote !== null))
  const exact = (side: number) => found.find(({ quotes }) => quotes[side]?.grounding === 'exact')
  const quoting = things.map((_, side) => both ?? exact(side) ?? found.find(({ quotes }) => quotes[side] != null))
  const chosen = quoting.map((one, side) => one ?? found.find(({ text }) => (text.names[side] ?? []).length > 0))
  const confidence = capConfidence(
    1,
    quoting.every((one) => one !== undefined),
  )
  return [...new Set(chosen)].flatMap((one) => {
    if (one === undefined) return []
    const evidence = things.flatMap(({ name }, side) =>
      quoting[side] === undefined ? missingIn(one.text, name) : (one.quotes[side] ?? []),
    )
    return proposalOf(things, one.text, { evidence, confidence, model: reviewer, why })
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
  said: Pick<Proposal, 'evidence' | 'confidence' | 'model' | 'why'>,
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
    statedConfidence: 1,
    traceKind: 'none',
    steps: [],
    engine: PERSON,
    held: false,
    doubts: [],
    notes: [],
    ...said,
  }
  return { ...proposal, id: ownProposalId(proposal) }
}

/** In which unit a model made up a name, nobody knows. */
const NO_UNIT = 0

function missingIn({ document }: Mentioning, name: string): Evidence {
  return missingEvidence({ claimed: name, s: NO_UNIT, place: {}, placeText: formatPlace(document.path, {}) })
}

/**
 * The longest of the names that stands in the text, where it stands first: letter for letter, else as a whole word after
 * folding case, white space and typographic signs.
 */
export function quoteAny(
  { chunk, document }: Pick<Mentioning, 'chunk' | 'document'>,
  names: readonly string[],
): Evidence | null {
  const longest = names.filter((name) => name !== '').toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
  for (const find of [findExact, findFolded])
    for (const claimed of longest)
      for (const unit of chunk.units) {
        const found = find(unit, claimed)
        if (found === null) continue
        const { s, start, place, text } = unit
        const [from, to] = [start + found.start, start + found.end]
        const quote = text.slice(found.start, found.end)
        const placeText = formatPlace(document.path, place)
        const { grounding } = found
        return { grounding, quote, claimed, s, start: from, end: to, offset: found.start, place, placeText }
      }
  return null
}

type Found = Pick<Grounded, 'grounding' | 'start' | 'end'> | null

function findExact({ text }: ChunkUnit, name: string): Found {
  const start = text.indexOf(name)
  return start < 0 ? null : { grounding: 'exact', start, end: start + name.length }
}

/** Places in a unit where a name may stand that are looked at. */
const MOST_PLACES = 20
const ENDS_IN_A_WORD = /[\p{Lu}\p{Ll}\p{N}]$/u
const BEGINS_WITH_A_WORD = /^[\p{Lu}\p{Ll}\p{N}]/u

function findFolded(unit: ChunkUnit, name: string): Found {
  for (let [from, places] = [0, 0]; places < MOST_PLACES; places++) {
    const found = groundQuote(name, unit.s, [{ ...unit, text: unit.text.slice(from) }])
    if (found === null) return null
    const [start, end] = [from + found.start, from + found.end]
    const [before, behind] = [unit.text.slice(Math.max(0, start - 2), start), unit.text.slice(end, end + 2)]
    if (!ENDS_IN_A_WORD.test(before) && !BEGINS_WITH_A_WORD.test(behind)) return { grounding: 'normalised', start, end }
    from = start + 1
  }
  return null
}
