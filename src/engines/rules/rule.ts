import type { Polarity, Support } from '../../model/answer.ts'

/** What a thing is, before the schema's own names are put on it (see vocabulary.ts). */
export type Kind =
  | 'Person'
  | 'Organization'
  | 'Project'
  | 'System'
  | 'Place'
  | 'Event'
  | 'Decision'
  | 'Task'
  | 'Role'
  | 'Policy'
  | 'Contract'
  | 'Concept'

/** What may stand at one end of a rule. `assume` is the kind of a proper name that nothing else tells about. */
export interface End {
  readonly kinds: readonly Kind[]
  readonly assume?: Kind
  /** The kind of a name that nothing tells about but that looks like a person's full name. */
  readonly fullName?: Kind
  /** Takes a dictionary word as a name where its capital stands inside a sentence: "works for Target". */
  readonly trusts?: boolean
  /** What the name has to look like. */
  readonly fits?: RegExp
}

/**
 * A pattern of two names with a trigger between them: `A trigger B`. Direction `forward` makes A the subject
 * ("A leads B"), `backward` makes B the subject ("A, headed by B").
 */
export interface LinkRule {
  readonly name: string
  /** The pattern in words, for the newcomer and for the trace. */
  readonly says: string
  readonly type: string
  /**
   * Source of a regular expression for the words between the names, lower case, with auxiliaries, adverbs, brackets
   * and articles already taken away (see gap.ts). No repetition inside a repetition, please.
   */
  readonly trigger: string
  readonly direction: 'forward' | 'backward'
  readonly subject: End
  readonly object: End
  /** An end of unknown kind is of the kind of the other. */
  readonly alike?: boolean
  /** The verb says too little about its ends: one of them must be of a known kind. */
  readonly needsKnown?: boolean
  /** 0 to 1. */
  readonly confidence: number
}

/** A name found in a unit. Offsets are UTF-16 code units into the unit's text, end exclusive. */
export interface Mention {
  readonly start: number
  readonly end: number
  /** The fullest form that the chunk has for it. */
  readonly name: string
  /** Null: a proper name of an unknown kind. */
  readonly kind: Kind | null
  readonly aliases: readonly string[]
  /** Common word or first word of a sentence: too little to build on without other clues. */
  readonly weak: boolean
  /** Its capital is not, or not always, that of a sentence's first word. */
  readonly capitalInside: boolean
  /** Of unknown kind, but looks like a person's full name. */
  readonly personal: boolean
  /** Followed by 's. */
  readonly possessive: boolean
}

/** One end of a match: an entity in the making. */
export interface Party {
  readonly name: string
  readonly kind: Kind
  readonly aliases: readonly string[]
}

/** One pattern that held in one unit. */
export interface Match {
  readonly rule: string
  readonly s: number
  readonly type: string
  readonly subject: Party
  readonly object: Party
  /** The words that the rule hangs on, as written in the unit. */
  readonly matched: string
  readonly evidence: readonly { readonly s: number; readonly quote: string }[]
  readonly support: Support
  readonly polarity: Polarity
  /** What made it negated or hedged, as written; empty where asserted. */
  readonly sign: string
  readonly when: string | null
  readonly confidence: number
  /** A clause that ends the sentence of the trace: "as …". */
  readonly because: string
}

/** A match that was tempting, and why it was not taken. */
export interface Declined {
  readonly rule: string
  readonly s: number
  readonly type: string
  readonly subject: string
  readonly object: string
  readonly reason: string
}
