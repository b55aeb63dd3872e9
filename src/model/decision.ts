import { createHash } from 'node:crypto'

/**
 * `accept` and `reject` say what becomes of the link; `skip` and `flag` only that this person passes over it, or that
 * somebody has to look at it. `undo` takes back the decision named in `undoes`; nothing is ever deleted.
 */
export type Verdict = 'accept' | 'reject' | Remark | 'undo'

/** What changes nothing of a link, nor its revision. */
export type Remark = 'skip' | 'flag'

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
  /** By the rule of the link's type it counts with the same verdict of another person only. Absent: by itself. */
  readonly needsSecond?: true
  /** Ids of verdicts that differ, between which it decides. Absent: it decides about the link as such. */
  readonly adjudicates?: readonly string[]
  /** Of a fix: id of the link that takes the place of this one, or whose place this one takes. */
  readonly revision?: string
  /** Ids of what the person said by it: these proposals count as long as it stands. */
  readonly says?: readonly string[]
  /** Of a rejection: fingerprints of what the link rested on; it is proposed again on other grounds only. */
  readonly grounds?: readonly string[]
  /** JSON of the rules (`ReadingRule`) that it confirms for replies to come. */
  readonly rules?: string
  /** Of an entity that is renamed: the name that it goes by from now on. */
  readonly called?: string
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
const LATER = [
  'batch',
  'order',
  'shown',
  'needsSecond',
  'adjudicates',
  'revision',
  'says',
  'grounds',
  'rules',
  'called',
] as const

type Later = (typeof LATER)[number]

/** Those of them that are given, in their order. */
export function laterFields<T extends Pick<Decision, Later>>(of: T): Pick<T, Extract<keyof T, Later>> {
  const given = LATER.filter((name) => of[name] !== undefined).map((name) => [name, of[name]])
  return Object.fromEntries(given) as Pick<T, Extract<keyof T, Later>>
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

/** An undo of a verdict takes back; an undo of that gives again, and so on in turn. */
export function takesBack(decision: Decision, about: readonly Decision[]): boolean {
  const byId = new Map(about.map((one) => [one.id, one]))
  let isUndo = false
  for (let one: Decision | undefined = decision; one !== undefined && one.undoes !== null; one = byId.get(one.undoes))
    isUndo = !isUndo
  return isUndo
}

/** What the standing verdicts about a link come to. */
export interface Course {
  /** The verdict that is in force; of two people who agree, the later one. */
  readonly inForce: Decision | null
  /** Those that need a second and have come to nothing yet, the last one of each person: more than one where they differ. */
  readonly open: readonly Decision[]
}

/**
 * The last standing accept or reject is in force. One that needs a second waits until another person says the same, and
 * leaves in force what was; whoever agrees with that, with nobody against, has said enough. Words of one's own, which
 * nobody else has seen, agree with nothing.
 */
export function courseOf(decisions: readonly Decision[]): Course {
  let inForce: Decision | null = null
  let open: readonly Decision[] = []
  for (const decision of standingDecisions(decisions).toReversed()) {
    const { verdict, reviewer, needsSecond, says } = decision
    if (!isVerdict(decision)) continue
    const others = open.filter((one) => one.reviewer !== reviewer)
    const isSame = others.length > 0 ? others.every((one) => one.verdict === verdict) : verdict === inForce?.verdict
    if (needsSecond !== true || (isSame && says === undefined)) [inForce, open] = [decision, []]
    else open = [...others, decision]
  }
  return { inForce, open }
}

/** The verdict that is in force; see {@link courseOf}. */
export function verdictInForce(decisions: readonly Decision[]): Decision | null {
  return courseOf(decisions).inForce
}

/** Whether it says what becomes of a link. */
export function isVerdict({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'accept' || verdict === 'reject'
}

/** Whether it says something about a link that changes nothing of it. */
export function isRemark({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'skip' || verdict === 'flag'
}

/** Ids of those of all decisions about a link that are remarks or undos of them: they move no revision. */
export function remarksIn(decisions: readonly Decision[]): ReadonlySet<string> {
  const remarks = new Set<string>()
  for (const { id, verdict, undoes } of decisions.toSorted((a, b) => a.sequence - b.sequence))
    if (isRemark({ verdict }) || (undoes !== null && remarks.has(undoes))) remarks.add(id)
  return remarks
}

/** Ids of the proposals that standing decisions bring. */
export function saidBy(decisions: readonly Decision[]): ReadonlySet<string> {
  return new Set(standingDecisions(decisions).flatMap(({ says = [] }) => says))
}

/** Those of them that wait for a second person: of verdicts that need one, and after which none has come into force. */
export function waitingWords(decisions: readonly Decision[]): ReadonlySet<string> {
  const settled = courseOf(decisions).inForce?.sequence ?? 0
  const waiting = standingDecisions(decisions).filter((one) => one.needsSecond === true && one.sequence > settled)
  return new Set(waiting.flatMap(({ says = [] }) => says))
}

/** Who decided, when, and why, in words. */
export function describeWho({
  reviewer,
  at,
  reason,
  note,
}: Pick<Decision, 'reviewer' | 'at' | 'reason' | 'note'>): string {
  const said = [reason, note].filter((text) => text !== null).join(': ')
  return `${reviewer} at ${at.slice(0, 19)}${said === '' ? '' : ` (${said})`}`
}
