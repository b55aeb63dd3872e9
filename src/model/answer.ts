/** The JSON object that an engine answers with, item by item checked; see the contract in CONTRIBUTING.md. */
export interface Answer {
  readonly summary: string
  readonly labels: readonly AnswerLabel[]
  readonly entities: readonly AnswerEntity[]
  readonly links: readonly AnswerLink[]
  readonly rejected: readonly AnswerRejection[]
}

export interface AnswerLabel {
  /** Position in the reply's own list, from 0; gaps where an item was refused. */
  readonly index: number
  readonly label: string
  readonly s: readonly number[]
}

export interface AnswerEntity {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly aliases: readonly string[]
  /** Units in which it is mentioned. */
  readonly mentions: readonly number[]
}

export type Polarity = 'asserted' | 'negated' | 'hedged'
export type Support = 'stated' | 'inferred'

export interface AnswerLink {
  /** Position in the reply's own list, from 0; gaps where an item was refused. */
  readonly index: number
  /** Ids of `entities`. */
  readonly subject: string
  readonly type: string
  readonly object: string
  readonly evidence: readonly { readonly s: number; readonly quote: string }[]
  readonly support: Support
  readonly polarity: Polarity
  readonly when: string | null
  readonly why: string
  /** 0 to 1, as the model states it. */
  readonly confidence: number
}

/** A link that was considered and decided against; names, not ids. */
export interface AnswerRejection {
  readonly subject: string
  readonly type: string
  readonly object: string
  readonly reason: string
}
