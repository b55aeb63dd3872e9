import type { Attention } from './attention.ts'
import {
  entityId,
  entityIdAsBefore,
  INVISIBLE,
  isLoneName,
  unscopedEntityId,
  unscopedEntityIdAsBefore,
  type Entity,
} from './entity.ts'
import { contentId } from './ids.ts'
import { isValidOn, type Interval } from './interval.ts'
import type { Obstacle } from './obstacle.ts'
import { LABELLED } from './label.ts'
import { isEntityEnd, type Grounding, type Proposal, type ProposedEntity } from './proposal.ts'
import type { TraceKind } from './reply.ts'
import { isSaidBy } from './said-on.ts'

/**
 * `proposed` and `accepted` links are relationships of the graph. `held` (denied or hedged by the source),
 * `rejected` and `gone` (no support left) ones are in the record only, and so are `merged` ones: things were taken for
 * one, so that another link stands for it, or that both its ends are the same.
 */
export type LinkStatus = 'proposed' | 'accepted' | 'rejected' | 'held' | 'gone' | 'merged'

/** Those of links that wait for a person. */
export const PENDING: readonly LinkStatus[] = ['proposed', 'held']

/** One quote that speaks for a link, with the reasoning of the proposal that brought it. */
export interface LinkSupport {
  readonly proposalId: string
  /** Verbatim steps, one a line; empty where none was found. */
  readonly reasoning: string
  readonly traceKind: TraceKind
  readonly why: string
  readonly evidence: string
  readonly grounding: Grounding
  readonly place: string
  readonly chunkId: string
  readonly model: string
  /** The day on which it was said, an ISO date; null where nobody knows. */
  readonly saidOn: string | null
  /** What further steps of reading found out about the proposal, in words; absent: nobody looked. */
  readonly checks?: readonly string[]
}

/** Between which two things a link of which type goes: its identity. */
export interface LinkEnds {
  readonly id: string
  readonly subjectId: string
  readonly type: string
  readonly objectId: string
  /**
   * Of a mapping, which joins two columns of a table and says of each row's values what a link says of entities: the
   * entity types of the values. Null for links between entities.
   */
  readonly mapsFrom: string | null
  readonly mapsTo: string | null
  /** Its ends are links themselves: it says that they contradict each other, or that one supersedes the other. */
  readonly betweenLinks?: true
}

/** What the proposals and decisions about one subject, type and object come to. */
export interface Link extends LinkEnds, Attention {
  readonly status: LinkStatus
  /** 0 to 1, of the best support; one that stands by itself comes before one that may be planted. */
  readonly confidence: number
  /** The source also denies it. */
  readonly disputed: boolean
  /** Accepted by a person, but no source speaks for it any more. */
  readonly unsupported: boolean
  /** Number of replies of which a live proposal asserts it, denies it, hedges it. */
  readonly supports: number
  readonly denials: number
  readonly hedges: number
  /** When it holds, in the source's words, and as days where these settle it. */
  readonly when: string | null
  readonly valid: Interval | null
  /**
   * Number of its revision, which a decision was made on: of the verdicts about it and undos of them, as far as the record tells. The store
   * goes on from the last one, so that none comes again.
   */
  readonly rev: number
  /** Number of remarks about it, and of undos of them. Absent: none. */
  readonly remarks?: number
  /** Best first, at most {@link MAX_SUPPORTS}. For a held link: what the source says instead. */
  readonly items: readonly LinkSupport[]
  readonly reviewedBy: string | null
  readonly reviewedAt: string | null
  readonly reviewNote: string | null
  /** Why it must not be accepted together with others; empty: it may be. */
  readonly obstacles: readonly Obstacle[]
  /** Of a `SAME_AS` link: what it does to its ends; null where it leaves them two, and for all other links. */
  readonly bond: Bond | null
  /** Links that it cannot hold beside, none of which has given way; itself, where sources deny it. Absent: none. */
  readonly conflictsWith?: readonly string[]
  /** The link that took its place (itself: a denial did), and the first day on which this one does not hold; `valid` ends before. */
  readonly supersededBy?: string
  readonly supersededOn?: string
  /** A person rejected it, and a source says it since in words that were not there then: it is held until they look again. */
  readonly saidAgain?: true
  /** Of a `DISPLAYED_AS` link: the name that a person gave; absent where that was taken back. */
  readonly called?: string
  /** Of one between links: it retires its object by a rule of the schema, until a person rejects it. */
  readonly retires?: true
}

/**
 * What a `SAME_AS` link does: joins its ends because a person accepted it or because the rules are sure, or keeps them
 * apart because a person rejected it. `rank` is the place of that decision in the chain; of an automatic one the
 * confidence, 0 to 1.
 */
export interface Bond {
  readonly kind: 'accepted' | 'rejected' | 'automatic'
  readonly rank: number
}

export const MAX_SUPPORTS = 20

export function linkId(subjectId: string, type: string, objectId: string): string {
  return contentId('link', subjectId, type, objectId)
}

/** The id of a link between two entities; of one without direction, whichever is named first. */
export function linkIdBetween(subjectId: string, type: string, objectId: string): string {
  return type === SAME_AS && objectId < subjectId
    ? linkId(objectId, type, subjectId)
    : linkId(subjectId, type, objectId)
}

/** The relationship type of mappings in the graph; what a mapping says of the rows is its property `linkType`. */
export const MAPPING_TYPE = 'MAPS_TO'

/**
 * Says of two entities of one type that they are one thing. It has no direction, so its ends are in the order of their ids:
 * the subject is the lesser.
 */
export const SAME_AS = 'SAME_AS'

/**
 * Says what an entity is to be called; goes from the entity to itself, so that there is one of each, it is never drawn, and
 * its decisions are made, undone and kept as those about any link.
 */
export const DISPLAYED_AS = 'DISPLAYED_AS'

/** What of a proposal tells which link it speaks for. */
export type ProposedEnds = Pick<Proposal, 'subject' | 'type' | 'object' | 'documentId'>

/** The link that a proposal speaks for. */
export function endsOf(proposal: ProposedEnds): LinkEnds {
  const { subject, object } = endsInOrder(proposal)
  const { type, documentId } = proposal
  const [subjectId, objectId] = [endId(subject, documentId), endId(object, documentId)]
  const plain = { id: linkId(subjectId, type, objectId), subjectId, type, objectId, mapsFrom: null, mapsTo: null }
  if (subject.link !== undefined) return { ...plain, betweenLinks: true }
  if (subject.column === undefined) return plain
  const [mapsFrom, mapsTo] = [subject.type, object.type]
  // Whether a column holds persons or organisations makes another mapping of it.
  const id = contentId('mapping', subjectId, mapsFrom, type, objectId, mapsTo)
  return { id, subjectId, type, objectId, mapsFrom, mapsTo }
}

/**
 * Ids that a proposal's link had before: when a lone name of a person was not kept to its document yet, and when signs
 * that nobody sees made another name. What was decided about these still counts.
 */
export function formerLinkIds(proposal: ProposedEnds): string[] {
  const { subject, object, type, documentId } = proposal
  const ends = [subject, object]
  if (!ends.every(isEntityEnd)) return []
  const as = (idOf: (type: string, name: string, documentId: string) => string): string => {
    const [one = '', other = ''] = ends.map((end) => end.entity ?? idOf(end.type, end.name, documentId))
    return linkIdBetween(one, type, other)
  }
  // What names its entity, or says that two are one, was never said while lone names were kept to nothing.
  const isOld = type !== SAME_AS && type !== DISPLAYED_AS && ends.every(({ entity }) => entity === undefined)
  const wasUnscoped = isOld && ends.some((end) => isLoneName(end.type, end.name))
  const wasOther = ends.some(({ name }) => name.search(INVISIBLE) >= 0)
  const former = [
    ...(wasUnscoped ? [as(unscopedEntityId)] : []),
    ...(wasOther ? [as(entityIdAsBefore)] : []),
    ...(wasOther && isOld ? [as(unscopedEntityIdAsBefore)] : []),
  ]
  const now = as(entityId)
  return [...new Set(former)].filter((id) => id !== now)
}

/**
 * The id of a proposal that comes of no reply: whoever makes it says it once of a link and a chunk. What a person says in
 * place of others may be said otherwise later, so all that they say makes its id too.
 */
export function ownProposalId(proposal: Omit<Proposal, 'id'> | OwnWords): string {
  if (!('revises' in proposal)) return idOfOwn(proposal)
  const { statedConfidence: confidence, support } = proposal
  // Only what is unusual, so that those from before it could be said keep their ids.
  const unusual = { ...(confidence === 1 ? {} : { confidence }), ...(support === 'stated' ? {} : { support }) }
  return idOfOwn(proposal, Object.keys(unusual).length === 0 ? [] : [unusual])
}

/** The id that it had while how sure a person is, and whether it is stated, did not count; kept ones still have it. */
export function formerOwnProposalId(proposal: Omit<Proposal, 'id'>): string {
  return idOfOwn(proposal)
}

function idOfOwn(proposal: Omit<Proposal, 'id'> | OwnWords, further: readonly unknown[] = []): string {
  const { engine, model, chunkId } = proposal
  const about = [engine, model, endsOf(proposal).id, chunkId] as const
  if (!('revises' in proposal) || proposal.revises === undefined) return contentId('proposal', ...about)
  const { subject, object, when, evidence, steps, revises } = proposal
  const quotes = evidence.map(({ s, offset, quote }) => [s, offset, quote])
  const texts = steps.map(({ text }) => text)
  const words = [subject, object, when, quotes, texts, revises, ...further]
  return contentId('proposal', ...about, JSON.stringify(words))
}

/** What tells a proposal of no reply from others that are no person's. */
type OwnWords = ProposedEnds & Pick<Proposal, 'engine' | 'model' | 'chunkId'>

/** A proposal's ends as its link has them. */
export function endsInOrder(proposal: ProposedEnds): Pick<Proposal, 'subject' | 'object'> {
  const { subject, type, object, documentId } = proposal
  if (type !== SAME_AS || endId(subject, documentId) < endId(object, documentId)) return { subject, object }
  return { subject: object, object: subject }
}

function endId(end: ProposedEntity, documentId: string): string {
  return end.column ?? end.link ?? end.document ?? end.label ?? endEntityId(end, documentId)
}

/** An entity as an end of what is proposed of a document; by its id where name and document do not make it. */
export function endFor({ id, name, type }: Pick<Entity, 'id' | 'name' | 'type'>, documentId: string): ProposedEntity {
  return { name, type, aliases: [], ...(entityId(type, name, documentId) === id ? {} : { entity: id }) }
}

/** The id at birth of the entity at an end of what is proposed of a document. */
export function endEntityId({ entity, type, name }: ProposedEntity, documentId: string): string {
  return entity ?? entityId(type, name, documentId)
}

/**
 * Whether a link is known to hold on a day (an ISO date): its days include it, and where nobody knows since when it
 * holds, a source of that day or before, or of unknown day, says so.
 */
export function holdsAsOf({ valid, items }: Pick<Link, 'valid' | 'items'>, day: string): boolean {
  if (valid !== null && !isValidOn(valid, day)) return false
  return valid?.from != null || items.some((item) => isSaidBy(item, day))
}

/** What a link's ends are: two of a kind, or a document and its label. */
export function endKind({ type, mapsFrom, betweenLinks }: DrawnAs): EndKind {
  if (betweenLinks === true) return 'Link'
  if (type === LABELLED) return 'Label'
  return mapsFrom === null ? 'Entity' : 'Column'
}

/** The kind of node at each end. */
export function kindsOfEnds(link: DrawnAs): { readonly from: EndKind | 'Document'; readonly to: EndKind } {
  const kind = endKind(link)
  return { from: kind === 'Label' ? 'Document' : kind, to: kind }
}

export type EndKind = 'Entity' | 'Column' | 'Link' | 'Label'
type DrawnAs = Pick<LinkEnds, 'type' | 'mapsFrom' | 'betweenLinks'>

/** Under which relationship type a link stands in the graph. */
export function relationshipType(link: Pick<LinkEnds, 'type' | 'mapsFrom'>): string {
  return link.mapsFrom === null ? link.type : MAPPING_TYPE
}
