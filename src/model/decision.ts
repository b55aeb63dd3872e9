import { createHash } from 'node:crypto'

/** `undo` takes back the decision named in `undoes`; nothing is ever deleted. */
export type Verdict = 'accept' | 'reject' | 'undo'

/** What a person did about a link. Append-only, each with the hash of the one before. */
export interface Decision {
  /** ULID: sorts by time. */
  readonly id: string
  /** Given by the caller; a second decision with the same one is a retry and changes nothing. */
  readonly requestId: string
  readonly linkId: string
  /** Other links that this one stood for when it was made, and that it is about as well. Absent: none. */
  readonly alsoAbout?: readonly string[]
  readonly verdict: Verdict
  /** Id of the decision that an `undo` takes back. */
  readonly undoes: string | null
  readonly reviewer: string
  /** ISO time. */
  readonly at: string
  readonly reason: string | null
  readonly note: string | null
  /** ULID of what it was made together with: one bulk, one fix. Absent: by itself. */
  readonly batch?: string
  /** Order of the queue that brought the link, `random` for one that was drawn by chance. Absent: it was named. */
  readonly order?: string
  /** SHA-256 (hex) of what the reviewer was shown. Absent: nothing was, as far as whygraph knows. */
  readonly shown?: string
  /** Status and revision of the link before and after. */
  readonly before: string
  readonly after: string
  readonly rev: number
  /** Place in the chain, from 1; `hash` covers everything above and `previousHash`. */
  readonly sequence: number
  readonly previousHash: string
  readonly hash: string
}

/** The hash that a chain starts from. */
export const CHAIN_START = '0'.repeat(64)

/** Fields that came later than chains that are to be checked still: a decision without one has the hash it always had. */
const LATER = ['batch', 'order', 'shown'] as const

/** Those of them that are given, in their order. */
export function laterFields(of: Pick<Decision, (typeof LATER)[number]>): Pick<Decision, (typeof LATER)[number]> {
  return Object.fromEntries(LATER.filter((name) => of[name] !== undefined).map((name) => [name, of[name]]))
}

/** SHA-256 (hex) over every field of a decision, `previousHash` included, in a fixed order. */
export function hashDecision(decision: Omit<Decision, 'hash'>): string {
  const { id, requestId, linkId, verdict, undoes, reviewer, at, reason, note, before, after, rev } = decision
  const { sequence, previousHash, alsoAbout } = decision
  const fields = [id, requestId, linkId, verdict, undoes, reviewer, at, reason, note, before, after, rev]
  const later = laterFields(decision)
  const ends = [...(alsoAbout === undefined ? [] : [alsoAbout]), ...(Object.keys(later).length === 0 ? [] : [later])]
  return createHash('sha256')
    .update(JSON.stringify([...fields, sequence, previousHash, ...ends]))
    .digest('hex')
}

/** Those that no standing undo takes back, undos included, the last first. An undone undo restores what it undid. */
export function standingDecisions(decisions: readonly Decision[]): Decision[] {
  const undone = new Set<string>()
  return decisions
    .toSorted((a, b) => b.sequence - a.sequence)
    .filter((decision) => {
      if (undone.has(decision.id)) return false
      if (decision.undoes !== null) undone.add(decision.undoes)
      return true
    })
}

/** The verdict that is in force: the last standing accept or reject. */
export function verdictInForce(decisions: readonly Decision[]): Decision | null {
  return standingDecisions(decisions).find((decision) => decision.verdict !== 'undo') ?? null
}

/** Who decided, when, and why, in words. */
export function describeWho({ reviewer, at, reason, note }: Decision): string {
  const said = [reason, note].filter((text) => text !== null).join(': ')
  return `${reviewer} at ${at.slice(0, 19)}${said === '' ? '' : ` (${said})`}`
}
