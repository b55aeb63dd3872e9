import type { Entity } from '../model/entity.ts'
import { UsageError } from '../model/errors.ts'
import type { DecideOptions } from '../review/decide.ts'
import { entitiesLike, thingById } from '../review/fix-ends.ts'
import { planRename } from '../review/fix-rename.ts'
import { foreseeSame } from '../review/foresee-same.ts'
import { oneWith, partsOf, planSame, planSplit } from '../review/plan-same.ts'
import { findPair, findThing, whatWouldFall } from '../review/same-entities.ts'
import type { Store } from '../store/store.ts'
import { calledLine, fallingLines, gatheredLine, partingLines } from '../terminal/entity-lines.ts'
import { noteLines } from '../terminal/fix-lines.ts'
import { choicesOf, type Choices } from './choices.ts'
import { partsToPick, type EndWanted } from './end-form.ts'
import type { Looked, Wanted } from './fix-form.ts'

/** What an end is known by. */
export interface EndAt {
  readonly store: Store
  readonly id: string
}

/** What becomes of the graph by what a person says of an end itself, as `review entity` tells it. */
export async function lookAtEnd(
  { store, id }: EndAt,
  { what, named = '', apart = [] }: EndWanted,
  options: DecideOptions,
  now: Date,
): Promise<Looked> {
  if (what === 'rename') {
    const { thing, called, ...revision } = await planRename(store, id, named, options)
    return { revision, lines: [`  ${calledLine(thing.standing, called)}`], done: `called ${called}` }
  }
  if (what === 'merge') {
    const pair = await findPair(store, id, named)
    if (pair[0].standing.id === pair[1].standing.id)
      throw new UsageError('one-entity', `${pair[0].name} and ${pair[1].name} are one already`)
    const revision = await planSame(store, [{ pair, verdict: 'accept' }], options)
    const { entities, conflicts } = await foreseeSame(store, pair, revision, now)
    const falling = fallingLines(await whatWouldFall(store, pair), conflicts)
    const lines = [...noteLines(revision), ...entities.map(gatheredLine), ...falling.map(inset)]
    return { revision, lines, done: `${pair[0].name} and ${pair[1].name} are one` }
  }
  const things = await oneWith(store, id)
  const { revision, foreseen } = await planSplit(store, things, apart, options, now)
  const moved = things.filter((thing) => apart.includes(thing.id)).map(({ name }) => name)
  const lines = [...noteLines(revision), ...partingLines(foreseen).map(inset)]
  return { revision, lines, done: `apart now: ${moved.join(', ')}` }
}

function inset(line: string): string {
  return line === '' || line.startsWith(' ') ? line : `  ${line}`
}

/** The things that are one in an end, to be put apart. @throws UsageError where there is one only */
export async function openParts({ store, id }: EndAt, end: EndWanted): Promise<Choices<Wanted>> {
  const parts = await partsOf(store, id)
  const [first, ...others] = parts
  const name = first?.thing.standing.name ?? ''
  if (others.length === 0)
    throw new UsageError('one-thing', `${name} is one thing by one name`, {
      hint: 'Where a text means another by it, s or o gives its link another end.',
    })
  return choicesOf(`what is ${name}, and what is to be apart`, partsToPick(end, parts))
}

/** What an end may be one with, by a name; or, where none is like it, by an id. */
export async function mayBeOneWith({ store, id }: EndAt, text: string): Promise<Entity[]> {
  const { standing } = await findThing(store, id)
  const alike = (await entitiesLike(store, text, standing.type)).filter((one) => one.id !== standing.id)
  if (alike.length > 0) return alike
  const byId = await thingById(store, text)
  return byId === null || byId.type !== standing.type || byId.standing.id === standing.id ? [] : [byId]
}
