import type { Store } from '../../store/store.ts'
import { calibrate, type Calibration } from './calibration.ts'
import { paceOf, secondsEach, type Pace } from './pace.ts'
import { keyOf, readSayings, type Reviewed, type Sayer, type Saying } from './sayings.ts'
import { wilson, type Interval95 } from './wilson.ts'

/** Below so many links drawn by chance, shares are given of all that were decided, and marked as biased. */
export const FEW = 20

/** What people made of what one engine said. */
export interface Acceptance {
  readonly decided: number
  readonly accepted: number
  /** Of all that were decided. Biased: people choose what they look at. */
  readonly share: number
  /** Of those that chance brought; null where it brought none. */
  readonly drawn: ({ readonly decided: number; readonly accepted: number } & Interval95) | null
  /** Of those that chance brought, where these are {@link FEW} or more; else of all, and biased. */
  readonly calibration: Calibration | null
  readonly biased: boolean
}

export interface Stats extends Omit<Reviewed, 'sayings'> {
  /** By link type, engine, model and what was asked; those that most was decided of first. */
  readonly groups: readonly (Sayer & Acceptance)[]
  /** The same of all types together. */
  readonly models: readonly (Omit<Sayer, 'type'> & Acceptance & { readonly type: null })[]
  /** Of all verdicts, and by link type; null or absent where the record does not tell. */
  readonly pace: Pace | null
  readonly paceByType: Readonly<Record<string, Pace>>
  /** Decisions of each kind, undone ones too: accept, reject, undo … */
  readonly verdicts: Readonly<Record<string, number>>
}

/** What the decisions of all reviewers say about those who made the proposals. */
export async function reviewStats(store: Store): Promise<Stats> {
  const decisions = await store.decisions({ order: 'sequence' })
  const { sayings, ...counts } = await readSayings(store, decisions)
  const seconds = secondsEach(decisions)
  const typeOf = await linkTypes(store, [...new Set([...seconds.keys()].map(({ linkId }) => linkId))])
  const byType = Map.groupBy(seconds, ([{ linkId }]) => typeOf.get(linkId) ?? '')
  const paceByType = [...byType].flatMap(([type, of]) => {
    const pace = paceOf(of.map(([, each]) => each))
    return type === '' || pace === null ? [] : [[type, pace] as const]
  })
  const verdicts = Map.groupBy(decisions, ({ verdict }) => verdict)
  return {
    ...counts,
    groups: grouped(sayings, keyOf),
    models: grouped(sayings, (saying) => keyOf({ ...saying, type: '' })).map((group) => ({ ...group, type: null })),
    pace: paceOf([...seconds.values()]),
    paceByType: Object.fromEntries(paceByType),
    verdicts: Object.fromEntries([...verdicts].map(([verdict, all]) => [verdict, all.length])),
  }
}

function grouped(sayings: readonly Saying[], key: (saying: Saying) => string): (Sayer & Acceptance)[] {
  const groups = [...Map.groupBy(sayings, key)].toSorted(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  )
  return groups.flatMap(([, group]) => {
    const [first] = group
    if (first === undefined) return []
    const { type, engine, model, fingerprint, wording } = first
    return { type, engine, model, fingerprint, wording, ...acceptanceOf(group) }
  })
}

function acceptanceOf(sayings: readonly Saying[]): Acceptance {
  const drawn = sayings.filter((saying) => saying.drawn)
  const biased = drawn.length < FEW
  const [accepted, drawnAccepted] = [sayings, drawn].map((some) => some.filter((one) => one.accepted).length)
  const interval = wilson(drawnAccepted ?? 0, drawn.length)
  return {
    decided: sayings.length,
    accepted: accepted ?? 0,
    share: (accepted ?? 0) / sayings.length,
    drawn: interval === null ? null : { decided: drawn.length, accepted: drawnAccepted ?? 0, ...interval },
    calibration: calibrate(biased ? sayings : drawn),
    biased,
  }
}

async function linkTypes(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const nodes = await store.database.read((reader) => reader.get('Link', ids, ['type']))
  return new Map(nodes.map(({ id, properties }) => [id, String(properties['type'] ?? '')]))
}
