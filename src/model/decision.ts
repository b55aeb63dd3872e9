/** `undo` takes back the decision named in `undoes`; nothing is ever deleted. */
export type Verdict = 'accept' | 'reject' | 'undo'

/** What a person did about a link. Append-only, each with the hash of the one before. */
export interface Decision {
  /** ULID: sorts by time. */
  readonly id: string
  /** Given by the caller; a second decision with the same one is a retry and changes nothing. */
  readonly requestId: string
  readonly linkId: string
  readonly verdict: Verdict
  /** Id of the decision that an `undo` takes back. */
  readonly undoes: string | null
  readonly reviewer: string
  /** ISO time. */
  readonly at: string
  readonly reason: string | null
  readonly note: string | null
  /** Status and revision of the link before and after. */
  readonly before: string
  readonly after: string
  readonly rev: number
  /** Place in the chain, from 1; `hash` covers everything above and `previousHash`. */
  readonly sequence: number
  readonly previousHash: string
  readonly hash: string
}
