import type { Polarity, Support } from './answer.ts'
import type { Checks } from './checks.ts'
import type { Interval } from './interval.ts'
import type { Note } from './note.ts'
import type { Place } from './place.ts'
import type { PairPurpose, TraceKind } from './reply.ts'
import type { TraceStep } from './trace.ts'

/**
 * How a quote was found in the source: letter for letter in its unit; after folding case, white space and
 * typographic signs; in another unit of the chunk; or not at all.
 */
export type Grounding = 'exact' | 'normalised' | 'moved' | 'missing'

/** Why a link does not stand by itself, where something in its chunk may speak to the model; in words, for people. */
export const DOUBTS = {
  'flagged-quotes': 'it has no quote but such as speak to the model or give an order',
  'ends-not-named': 'no other quote names both its ends',
  'type-not-named': 'no other quote that names both its ends says so',
  'asked-for': 'words that speak to the model ask for it',
  'answer-steered': 'words that speak to the model would steer the answer as a whole',
} as const

export type Doubt = keyof typeof DOUBTS

/** The source's own words for a link, and where they stand. */
export interface Evidence {
  readonly grounding: Grounding
  /** The source's characters, never the model's copy; empty where the grounding is `missing`. */
  readonly quote: string
  /** The model's copy, kept for the record. */
  readonly claimed: string
  /** The unit in which it was found, or that the model named where it was not found; 0 where nobody named one. */
  readonly s: number
  /** UTF-16 offsets into the document's text, end exclusive; null where `missing`. */
  readonly start: number | null
  readonly end: number | null
  /** UTF-16 offset of the quote in its unit, which stays the same when the document changes around it. */
  readonly offset: number | null
  readonly place: Place
  /** The place in words, with the document's path. */
  readonly placeText: string
  /** The unit addresses the model, or may; absent where it does not. */
  readonly flagged?: true
}

/** One end of a proposed link, as the reply named it. */
export interface ProposedEntity {
  readonly name: string
  readonly type: string
  readonly aliases: readonly string[]
  /** Id of the column that this end stands for: `name` is then the column's, `type` that of the values in it. */
  readonly column?: string
  /** The entity's id at birth where name and document do not make it: of a lone name of a person of another document. */
  readonly entity?: string
  /** Id of the link that this end stands for: `name` tells it in words, `type` is `Link`. */
  readonly link?: string
  /** Id of the document that this end stands for: `name` is its title, `type` is `Document`. */
  readonly document?: string
  /** Id of the label that this end stands for; `type` is `Label`. */
  readonly label?: string
}

/** Whether an end is an entity, and no node of another kind. */
export function isEntityEnd({ column, link, document, label }: ProposedEntity): boolean {
  return (column ?? link ?? document ?? label) === undefined
}

/** What one reply said about one link. Written once, never changed. */
export interface Proposal {
  /** Hash of reply id and index; without a reply, of what it says and who says it. */
  readonly id: string
  /** Null: no engine was asked; a person says it, or our own rules about names and contradictions. */
  readonly replyId: string | null
  /** Position in the reply's list of links, from 0; of its labels -1 the first, -2 the second; of those of a document's summary a number of each label and chunk, below 0. Of what rules say of names: 1 the subject's quote, 2 the object's, 0 both. */
  readonly index: number
  readonly chunkId: string
  readonly documentId: string
  readonly subject: ProposedEntity
  readonly type: string
  readonly object: ProposedEntity
  readonly polarity: Polarity
  readonly support: Support
  /** When it holds, in the source's words. */
  readonly when: string | null
  /** The same as days; null where the words do not settle it. Absent: an older whygraph did not look. */
  readonly valid?: Interval | null
  /** The day on which it was said, an ISO date: that of its document; null where that has none. Absent: as above. */
  readonly saidOn?: string | null
  /** The model's account, written after the fact. */
  readonly why: string
  /** After the cap by grounding; `statedConfidence` is the model's own. Both 0 to 1. */
  readonly confidence: number
  readonly statedConfidence: number
  readonly evidence: readonly Evidence[]
  readonly traceKind: TraceKind
  /** Aligned steps of the trace; empty means: no step found. */
  readonly steps: readonly TraceStep[]
  /** Who found the steps: `offline`, or `engine` and the model that was asked. Absent: nobody had to. */
  readonly alignedBy?: string
  readonly engine: string
  readonly model: string
  /** As `Reply.purpose`: what the same model says of the links of the chunk takes nothing from it. */
  readonly purpose?: PairPurpose | 'summary'
  /** Breaks the schema, or only what addresses the model says it: waits for a person and asserts nothing; see `notes`. */
  readonly held: boolean
  /** Of a `SAME_AS` link: exact and safe, so that its ends are one thing without anybody's asking. Set by our rules only. */
  readonly joins?: true
  /**
   * Of what our rules say of names: for whom they were judged, by which all that came of it is found when they are judged
   * again. Within a document its id; across all of them the id of one of the two entities, with that of the other.
   */
  readonly judgedFor?: string
  readonly judgedWith?: string
  /** The names that were compared, of the subject and of the object. */
  readonly compared?: readonly [string, string]
  /** Of a `SUPERSEDES` link: the schema lets it retire the earlier link without a person's word. Set by our rules only. */
  readonly retires?: true
  /**
   * Of what a person says in place of others, or beside them: ids of the proposals whose place it takes. It counts as long
   * as a decision that names it stands. Absent: it is no such word.
   */
  readonly revises?: readonly string[]
  /**
   * Ids of decisions by which people rejected such links as a rule. While one stands, this is held: then those that stand
   * are here, as the store reads it beside its link. Absent: none.
   */
  readonly ruledBy?: readonly string[]
  /** Why it is never accepted together with others; empty where it stands by itself. Absent: nobody asked yet. */
  readonly doubts?: readonly Doubt[]
  /** What further steps of reading found out about it; absent: nobody looked. */
  readonly checks?: Checks
  readonly notes: readonly Note[]
}

/** As `engine` of what a person says by themselves; `model` is then their name. */
export const PERSON = 'person'

/** An entity as one reply named it in one chunk. */
export interface Mention {
  readonly name: string
  readonly type: string
  readonly aliases: readonly string[]
  readonly units: readonly number[]
}

const MISSING_EVIDENCE_CAP = 0.3

/** A link without a located quote is worth no more than 0.3, whatever its engine says. */
export function capConfidence(confidence: number, isQuoted: boolean): number {
  return isQuoted ? confidence : Math.min(confidence, MISSING_EVIDENCE_CAP)
}

/** A quote that was not found, where it should be. */
export function missingEvidence({
  claimed,
  s,
  place,
  placeText,
}: Pick<Evidence, 'claimed' | 's' | 'place' | 'placeText'>): Evidence {
  return { grounding: 'missing', quote: '', claimed, s, start: null, end: null, offset: null, place, placeText }
}
