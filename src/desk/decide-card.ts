import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { isRemark, type Decision } from '../model/decision.ts'
import { ConflictError, NotFoundError } from '../model/errors.ts'
import { SAME_AS } from '../model/link.ts'
import { decideInSteps, type StepOptions } from '../review/decide-in-steps.ts'
import { decideFound, findToDecide, type Outcome, type ToDecide } from '../review/decide.ts'
import { signOfLife } from '../review/lease.ts'
import { remarkOn } from '../review/remark.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { standingInWords, turnInWords } from '../terminal/link-card.ts'
import { renderArrow } from '../terminal/link-line.ts'
import { PAST } from '../terminal/past.ts'
import type { Cards } from './cards.ts'
import { hashShown } from './shown.ts'
import type { Effect, Event, Seen } from './state.ts'
import { told } from './told.ts'

/** Whoever decides at a desk. */
export interface Deciding {
  readonly store: Store
  readonly reviewer: string
  readonly cards: Cards
  /** Called when a decision is durable, for what follows from it; what it returns is shown. */
  readonly follow: (link: StoredLink) => Promise<string>
  readonly now: () => Date
  /** Of the card that is open now, from 1. */
  readonly place: number
}

type Decide = Extract<Effect, { kind: 'decide' }>
type Said = Pick<Decision, 'reviewer' | 'batch' | 'order'> & { readonly reason?: string; readonly note?: string }

/** What is decided with one key is all made, whatever ends the sitting meanwhile. */
const NEVER = new AbortController().signal

/** Decides about the card that is open as it was seen, and about what was looked at together with it. */
export async function decideCard(desk: Deciding, effect: Decide): Promise<Event> {
  const { store, reviewer, cards, now } = desk
  const { link: seen, reason, note, alike } = effect
  const order = cards.orderOf(seen.linkId)
  const said: Said = {
    reviewer,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(alike.length === 0 ? {} : { batch: ulid() }),
    ...(order === undefined ? {} : { order }),
  }
  let outcome: Outcome
  let others: ReadonlyMap<string, string>
  try {
    const alive = signOfLife(store, reviewer, [seen.linkId], now())
    const [found, looking] = await Promise.all([findToDecide(store, seen.linkId), alive])
    if (found.link.id !== seen.linkId || found.link.status === 'gone') return await meanwhile(desk, effect)
    others = looking
    outcome = await decideAbout(desk, effect, found, said)
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) throw error
    return meanwhile(desk, effect)
  }
  return goOn(desk, effect, said, outcome, others)
}

/** After a decision that is saved: what fails of all that follows from it is told beside it, and takes nothing back. */
async function goOn(
  desk: Deciding,
  { verdict, reason, alike, rule }: Decide,
  said: Said,
  { link, decision, unchanged, otherHalf }: Outcome,
  others: ReadonlyMap<string, string>,
): Promise<Event> {
  const faults = new Set<string>()
  const trying = async <T>(otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      faults.add(told(error))
      return otherwise
    }
  }
  const follow = (one: StoredLink) => trying('', () => desk.follow(one))
  desk.cards.note(link)
  if (otherHalf !== undefined) desk.cards.note(otherHalf.link)
  const followed = await follow(link)
  const isRemarked = isRemark({ verdict })
  const none = { ids: [], told: '' }
  const also = isRemarked
    ? none
    : await trying(none, () => decideAlike({ ...desk, follow }, alike, verdict as 'accept' | 'reject', said))
  const called = await trying('', () => nameOfOne(desk, link))
  const many = rule === undefined ? '' : ' as one of many'
  const done = `${PAST[verdict]}${many}${reason === undefined ? '' : `: ${reason}`}${also.told}  ${unchanged ? 'as before' : 'saved ✓'}`
  const beside = [...others.values()].map((other) => `${other} looks at it too`)
  const all = [
    done,
    called,
    turnInWords(link) ?? '',
    otherHalf === undefined ? '' : `with it ${standingInWords(otherHalf.link)}: ${renderArrow(otherHalf.link)}`,
    ...beside,
    followed,
    ...[...faults].map((fault) => `but: ${fault}`),
  ]
  // With one decision its other half is taken back too, with several only what is named.
  const half = otherHalf === undefined || also.ids.length === 0 ? [] : [otherHalf.decision.id]
  const decisionIds = [...(decision === null ? [] : [decision.id]), ...half, ...also.ids]
  return { kind: 'saved', decisionIds, isRemark: isRemarked, message: all.filter((text) => text !== '').join('  ') }
}

function decideAbout(
  { store, cards, now }: Deciding,
  { link: seen, verdict, rule }: Decide,
  found: ToDecide,
  said: Said,
): Promise<Outcome> {
  const { linkId, rev, status } = seen
  const rules = rule === undefined ? {} : { rules: JSON.stringify([rule]) }
  const shown = cards.open === null ? rules : { ...rules, shown: hashShown(cards.open.view) }
  return verdict === 'skip' || verdict === 'flag'
    ? remarkOn(store, linkId, verdict, { ...said, ...shown }, now())
    : decideFound(store, found, verdict, { ...said, ...shown, expectedRev: rev, expectedStatus: status }, now())
}

/** Of things that were taken for one: by which of their names they go. */
async function nameOfOne({ store }: Deciding, { type, status, bond, subjectId }: StoredLink): Promise<string> {
  if (type !== SAME_AS || status !== 'merged' || bond?.kind !== 'accepted') return ''
  const standing = (await store.redirect(subjectId))?.to ?? subjectId
  const [entity] = await store.entities([standing])
  if (entity === undefined) return ''
  return `both go by ${entity.name} now, ${entity.derived === null ? 'the fullest of their names' : 'as people call it'}`
}

/** Nothing was written: what is there now is shown in the place of what was decided about. */
async function meanwhile(desk: Deciding, { link: seen, verdict }: Decide): Promise<Event> {
  const { store, cards, place } = desk
  const open = cards.open?.view.link
  const about = open === undefined ? 'it' : renderArrow(open)
  const link = await store.link(seen.linkId)
  if (link === null || link.status === 'gone')
    return { kind: 'gone', message: `not saved: ${about} went meanwhile, no source says it any more` }
  if (link.into !== null && link.status === 'merged') {
    const instead = 'is one with this link meanwhile, as their ends are one thing. Decide about this one, or s'
    return cards.show(link.into, place, `not saved: it ${instead}`)
  }
  const event = await cards.show(link.id, place, '')
  const last = cards.open?.view.decisions.findLast((one) => !isRemark(one))
  const theirs =
    link.rev === seen.rev || last === undefined
      ? `it is ${standingInWords(link)} meanwhile`
      : `${last.reviewer} chose ${last.verdict} meanwhile, you ${verdict}`
  return { ...event, message: `not saved: ${theirs}. Decide again, or s` } as Event
}

/** What must not be accepted together with others, and what somebody else decided meanwhile, is left as it is. */
async function decideAlike(
  { store, cards, follow, now }: Deciding,
  alike: readonly Seen[],
  verdict: 'accept' | 'reject',
  said: Said,
): Promise<{ ids: string[]; told: string }> {
  if (alike.length === 0) return { ids: [], told: '' }
  const drafts = alike.map(({ linkId, rev, status }) => ({
    ...said,
    requestId: randomUUID(),
    linkId,
    verdict,
    expectedRev: rev,
    expectedStatus: status,
    inBulk: true,
  }))
  const { decided, refused } = await decideInSteps(store, drafts, stepsOf(now))
  for (const { link } of decided) {
    cards.pass(link)
    await follow(link)
  }
  const kept = refused.length === 0 ? '' : `, ${refused.length} to be looked at`
  return { ids: decided.map(({ decision }) => decision.id), told: `, ${decided.length} alike too${kept}` }
}

export function stepsOf(now: () => Date): StepOptions {
  return { now, signal: NEVER }
}
