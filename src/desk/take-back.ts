import { takeBackAll } from '../review/batch.ts'
import { standsAgain } from '../review/stands-again.ts'
import { undoDecision } from '../review/undo.ts'
import { renderArrow } from '../terminal/link-line.ts'
import { PAST } from '../terminal/past.ts'
import { stepsOf, type Deciding } from './decide-card.ts'
import type { Effect, Event } from './state.ts'
import { told } from './told.ts'

type TakeBack = Extract<Effect, { kind: 'undo' | 'redo' }>

/** Where something is taken back. */
interface Where {
  readonly isCardOpen: boolean
  /** It was made beside a card: what lies open now stays. */
  readonly isBeside: boolean
}

/** Takes back what was made with one key, or the undo of it; without a decision, the reviewer's last one. */
export function takeBack(desk: Deciding, effect: TakeBack, where: Where): Promise<Event> {
  return effect.decisionIds.length > 1 ? takeBackSome(desk, effect, where) : takeBackOne(desk, effect, where)
}

async function takeBackOne(desk: Deciding, { kind, decisionIds }: TakeBack, where: Where): Promise<Event> {
  const { store, reviewer, cards, now } = desk
  const { link, decision, undone } = await undoDecision(store, decisionIds[0], { reviewer }, now())
  // Where a fix is taken back, nothing is left of what it said, and what it was said of waits again.
  const own = link.status === 'gone' ? (undone?.revision ?? link.id) : link.id
  const linkId = where.isBeside ? null : own
  const followed = await desk.follow(link).catch((error: unknown) => `but: ${told(error)}`)
  const again = await standsAgain(store, undone)
  const done =
    again === null || again.verdict === 'undo' ? 'taken back' : `${PAST[again.verdict]} again: ${renderArrow(link)}`
  await cards.bringBack([link], linkId, where.isCardOpen)
  return {
    kind: kind === 'undo' ? 'undone' : 'redone',
    decisionIds: decision === null ? [] : [decision.id],
    linkId,
    message: [`${done}  saved ✓`, followed].filter((text) => text !== '').join('  '),
  }
}

/** In one transaction. What somebody else decided about since stays as it is, and is told. */
async function takeBackSome(desk: Deciding, { kind, decisionIds }: TakeBack, where: Where): Promise<Event> {
  const { store, reviewer, cards, follow, now } = desk
  const found = await Promise.all(decisionIds.map((id) => store.decision(id)))
  const decisions = found.filter((one) => one !== null)
  const { decided, refused } = await takeBackAll(store, decisions, { reviewer }, stepsOf(now))
  const faults = new Set<string>()
  for (const { link } of decided) await follow(link).catch((error: unknown) => void faults.add(told(error)))
  const why = refused[0]?.error.message
  if (decided.length === 0)
    return { kind: 'refused', message: `not taken back: ${why ?? 'it does not stand any more'}` }
  const done = kind === 'undo' ? 'taken back' : 'done again'
  const left = why === undefined ? '' : `, ${refused.length} not: ${why}`
  // The one that was looked at comes first, and is shown.
  const linkId = where.isBeside ? null : (decisions[0]?.linkId ?? '')
  await cards.bringBack(
    decided.map(({ link }) => link),
    linkId,
    where.isCardOpen,
  )
  const made = decisions.flatMap(({ id }) => decided.find(({ decision }) => decision.undoes === id)?.decision.id ?? [])
  return {
    kind: kind === 'undo' ? 'undone' : 'redone',
    decisionIds: made,
    linkId,
    message: [`${done}: ${made.length}${left}  saved ✓`, ...[...faults].map((fault) => `but: ${fault}`)].join('  '),
  }
}
