import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { isVerdict, standingDecisions, type Decision } from '../model/decision.ts'
import { ConflictError, UsageError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import { endKind, SAME_AS } from '../model/link.ts'
import { asSeenBy, withhold, type SeenDecision } from '../model/withheld.ts'
import type { DecisionDraft } from '../store/decision-draft.ts'
import { drawnEnds, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { decideInSteps, type Settled, type StepOptions } from './decide-in-steps.ts'
import { undoDraft } from './undo-draft.ts'

const PAGE = 500
const SHORTEST = 4
/** Of a ULID, https://github.com/ulid/spec: its characters, and those of them that are its milliseconds. */
const ULID_LENGTH = 26
const TIME_LENGTH = 10
/** Of a ULID: what begins the id of a link is never a `0`, and a batch or decision begins with one until the year 3084. */
const ULID = /^0[0-9A-Z]*$/

export interface TakenBack extends Settled {
  /** Of the undos. */
  readonly batch: string
  /** How many had been taken back before. */
  readonly before: number
}

/**
 * The one batch whose id starts with the prefix; null where none does.
 * @throws UsageError with the candidates where several do
 */
export async function findBatch(store: Store, prefix: string): Promise<string | null> {
  const wanted = prefix.trim().toUpperCase()
  if (wanted.length < SHORTEST || !ULID.test(wanted)) return null
  const [whole] = await store.decisionsOfBatch(wanted)
  if (whole !== undefined) return wanted
  if (wanted.length === ULID_LENGTH) return null
  // Its decisions were made after it was named, perhaps in the same millisecond, and their ids sort by time as its own.
  const found = new Set<string>()
  const others = new Set<string>()
  for (let after = wanted.slice(0, TIME_LENGTH); ;) {
    const decisions = await store.decisionsAfter(after, PAGE)
    for (const { id, batch } of decisions) {
      if (batch?.startsWith(wanted) === true) found.add(batch)
      if (id.startsWith(wanted)) others.add(id)
    }
    const last = decisions.at(-1)
    if (last === undefined || decisions.length < PAGE) break
    after = last.id
  }
  const fitting = [...[...found].map((id) => `${id} (batch)`), ...[...others].map((id) => `${id} (Decision)`)]
  if (found.size === 0 || fitting.length < 2) return [...found][0] ?? null
  const listed = fitting.slice(0, 5).join(', ')
  throw new UsageError('ambiguous-id', `'${prefix}' fits ${fitting.length} ids: ${listed}`, {
    hint: 'Give more of its characters.',
  })
}

/**
 * Takes decisions back together, the last first. One over which somebody else's later verdict stands stays as it is and is
 * among those refused; so does one that changes meanwhile.
 */
export async function takeBackAll(
  store: Store,
  decisions: readonly Decision[],
  options: Pick<DecideOptions, 'reviewer' | 'reason' | 'note' | 'requestId'>,
  steps: StepOptions,
): Promise<TakenBack> {
  const { reviewer, requestId } = options
  const last = decisions.toSorted((a, b) => b.sequence - a.sequence)
  const ids = [...new Set(last.map(({ linkId }) => linkId))]
  const { histories, links } = await readAbout(store, ids)
  const alone = onlyOnce(last, links)
  const moved = movedBy([...links.values()])
  const batch = ulid(steps.now().getTime())
  const requestOf = ({ id }: Decision): string =>
    requestId === undefined ? randomUUID() : contentId('undo', requestId, id)
  const made = requestId === undefined ? [] : await store.decisionsByRequests(last.map(requestOf))
  const madeBefore = new Map(made.flatMap((one) => (one.undoes === null ? [] : [[one.undoes, one.batch] as const])))

  const drafts: DecisionDraft[] = []
  const overruled: { draft: DecisionDraft; error: ConflictError }[] = []
  let before = 0
  for (const decision of last) {
    const standing = standingDecisions(histories.get(decision.linkId) ?? [])
    const isRepeated = madeBefore.has(decision.id)
    if (!isRepeated && !standing.some(({ id }) => id === decision.id)) {
      before += 1
      continue
    }
    const link = links.get(decision.linkId)
    const isChecked = link !== undefined && alone.has(link.id) && !moved(link) && !isJoined(link)
    const draft = undoDraft(decision, {
      ...options,
      requestId: requestOf(decision),
      batch: madeBefore.get(decision.id) ?? batch,
      ...(isChecked ? { expectedRev: link.rev } : {}),
    })
    const theirs = isRepeated ? undefined : standing.find((one) => isOver(one, decision, reviewer))
    if (theirs === undefined) drafts.push(draft)
    else {
      const seen = asSeenBy(reviewer, histories.get(decision.linkId) ?? []).find(({ id }) => id === theirs.id)
      overruled.push({ draft, error: overruledBy(seen ?? withhold(theirs), decision) })
    }
  }
  const settled = await decideInSteps(store, drafts, steps)
  return { batch: drafts[0]?.batch ?? batch, ...settled, refused: [...overruled, ...settled.refused], before }
}

/** All that was decided about links, and the links, some at a time. */
async function readAbout(store: Store, ids: readonly string[]) {
  const histories = new Map<string, readonly Decision[]>()
  const links = new Map<string, StoredLink>()
  for (let at = 0; at < ids.length; at += PAGE) {
    const some = ids.slice(at, at + PAGE)
    for (const [id, { decisions }] of await store.histories(some)) histories.set(id, decisions)
    for (const link of await store.linksById(some)) links.set(link.id, link)
  }
  return { histories, links }
}

/** Links that one of the decisions only is about, by itself or by what stands for it: what is taken back of others moves their revision. */
function onlyOnce(decisions: readonly Decision[], links: ReadonlyMap<string, StoredLink>): Set<string> {
  const about = decisions.flatMap(({ linkId, alsoAbout = [] }) => [linkId, ...alsoAbout])
  const counts = Map.groupBy(about, (id) => links.get(id)?.into ?? id)
  return new Set([...counts].filter(([, some]) => some.length === 1).map(([id]) => id))
}

/**
 * Whether some links that are decided together move the revision of another one: whatever says of two names that they are one,
 * or not any more, has the links of either fall together or part, and with them what is said between links.
 */
function movedBy(links: readonly StoredLink[]): (link: StoredLink) => boolean {
  const pairs = links.filter(({ type }) => type === SAME_AS)
  const ends = pairs.flatMap((pair) => ownAndStandingEnds(pair).map((end) => ({ id: pair.id, end })))
  const pairsAt = Map.groupBy(ends, ({ end }) => end)
  return (link) => {
    const near = endKind(link) === 'Link' ? pairs : ownAndStandingEnds(link).flatMap((end) => pairsAt.get(end) ?? [])
    return near.some(({ id }) => id !== link.id)
  }
}

/** Its own, and those that stand for them. */
function ownAndStandingEnds(link: StoredLink): string[] {
  const { subjectId, objectId } = drawnEnds(link)
  return [link.subjectId, link.objectId, subjectId, objectId]
}

/** Its revision counts what was decided about others too. */
function isJoined({ drawnFrom, drawnTo, status }: StoredLink): boolean {
  return drawnFrom !== null || drawnTo !== null || status === 'merged'
}

function isOver(later: Decision, decision: Decision, reviewer: string): boolean {
  const isTogether = later.batch !== undefined && later.batch === decision.batch
  return isVerdict(later) && later.sequence > decision.sequence && later.reviewer !== reviewer && !isTogether
}

function overruledBy({ linkId, reviewer, verdict, at }: SeenDecision, own: Decision): ConflictError {
  const since = `since, at ${at.slice(0, 19)}`
  if (verdict === own.verdict)
    return new ConflictError('agreed', `link ${linkId}: ${reviewer} said the same ${since}, and it rests on both`, {
      hint: `To take back this one all the same: 'whygraph review undo ${own.id}'.`,
    })
  const chose = verdict === 'withheld' ? 'gave a verdict' : `chose ${verdict}`
  return new ConflictError('overruled', `link ${linkId}: ${reviewer} ${chose} ${since}`, {
    hint: `Theirs stands. 'whygraph review show ${linkId}' shows both.`,
  })
}
