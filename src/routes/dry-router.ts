import type { Outline } from '../asking/outline.ts'
import type { Rehearsal } from '../asking/rehearse.ts'
import type { IngestTally } from '../tally/ingest-tally.ts'
import type { Task } from '../taking-in/take-in.ts'
import { chunkFeatures } from './features.ts'
import { createRouter, type Router, type RouterParts } from './router.ts'
import { decideFirst, type Decision } from './routing.ts'
import { tellDecision } from './run-router.ts'

export interface Rehearsing {
  readonly tally: IngestTally
  readonly plan: RouterParts['plan']
  readonly rehearsal: Pick<Rehearsal, 'outline' | 'add'>
}

/** A chunk whose first reply is yet to come: who is to read it first, and all that have read it or are to. */
interface Open {
  readonly task: Task
  readonly first: Decision
  readonly used: readonly string[]
}

/** Chunks that one engine may read. */
interface Rivals {
  /** Rules over the text, or over replies that are there, name it for these. */
  readonly named: { readonly outline: Outline; readonly open: Open }[]
  /** First replies that are yet to come may send these on to it. */
  readonly sent: Outline[]
}

/**
 * The router of a dry run: replies that are there are judged. Of those that are yet to come nobody knows whether they send
 * their chunks on; `end` adds to the plan what they may come to: all of them, as far as the engine's share has room, and
 * where it has not, in the place of chunks that rules name.
 */
export function createDryRouter({ tally, plan, rehearsal }: Rehearsing): Router & { end(): Promise<void> } {
  /** By the reply to a chunk, whether anything is left to do about it. */
  const left = new Map<string, boolean>()
  const open = new Map<string, Open>()
  const rivals = new Map<string, Rivals>()
  /** Of engines with a share, how many chunks they may read in this run. */
  const rooms = new Map<string, number>()

  const answer: RouterParts['answer'] = async (request) => {
    const { chunk, routed } = request
    const known = open.get(chunk.id)
    const outline = await rehearsal.outline(request)
    const engine = routed?.taken.engine ?? ''
    if (outline.paid === null && known !== undefined && isScarce(engine))
      rivalsFor(engine).named.push({ outline, open: known })
    else rehearsal.add(outline)
    if (outline.paid !== null) {
      left.set(outline.paid.id, outline.isLeft)
      return { how: 'reused', reply: outline.paid }
    }
    // Of two first replies one is enough to count the chunk.
    if (!open.delete(chunk.id) || known === undefined) return null
    tally.chunk('pending')
    for (const name of mayFollow(known)) {
      const further = await outlineFor(known.task, name)
      if (further !== null) rivalsFor(name).sent.push(further)
    }
    return null
  }

  function isScarce(engine: string): boolean {
    return router.room(engine) !== null
  }

  function rivalsFor(engine: string): Rivals {
    const some = rivals.get(engine) ?? { named: [], sent: [] }
    rivals.set(engine, some)
    return some
  }

  /** A chunk that has waited for one engine of which there is not enough waits for no other. */
  function mayFollow({ task, first, used }: Open): Set<string> {
    const after = task.route.routed?.routing.after ?? []
    const hasWaited = first.keptFrom !== undefined || used.some(isScarce)
    const isOpen = (name: string): boolean => !used.includes(name) && !(hasWaited && isScarce(name))
    // One reply disagrees with nobody.
    const mayHold = ({ when }: (typeof after)[number]): boolean =>
      first.use.length > 1 || when.every(({ feature, holds }) => feature !== 'disagreement' || holds(0))
    return new Set(after.filter(mayHold).flatMap(({ use }) => (isOpen(use) ? [use] : [])))
  }

  async function outlineFor(task: Task, name: string): Promise<Outline | null> {
    const route = task.route.routed?.routes.get(name)
    const request = route === undefined ? null : plan({ ...task, route }, true)
    return request === null ? null : rehearsal.outline(request)
  }

  /** Who reads a chunk that finds no room where rules over its text send it; nobody, where a reply to it stands. */
  async function insteadOf({ task, first: { sentBy } }: Open, engine: string): Promise<Outline[]> {
    const routing = task.route.routed?.routing
    if (routing === undefined || sentBy !== undefined) return []
    const { use } = decideFirst(routing, chunkFeatures(task.chunk, task.document.kind), new Set([engine]))
    return (await Promise.all(use.map((name) => outlineFor(task, name)))).filter((one) => one !== null)
  }

  const router = createRouter({
    plan,
    answer,
    take: async ({ chunk }, got, isCounted) => {
      open.delete(chunk.id)
      const id = 'reply' in got ? got.reply.id : ''
      if (!isCounted) tally.chunk(left.get(id) === false ? 'unchanged' : 'pending')
      left.delete(id)
    },
    passedOver: () => {},
    count: (fate) => tally.chunk(fate),
    done: (task) => tally.done(task),
    decided: (task, decision) => {
      tellDecision(tally, task, decision)
      const { used = [] } = open.get(task.chunk.id) ?? {}
      open.set(task.chunk.id, { task, first: decision, used: [...used, ...decision.use] })
    },
    kept: (engine) => tally.routes.kept(engine),
    // Nothing of it is in the store.
    remember: (task) => async () => task,
  })

  const read: Router['read'] = (task) => {
    for (const name of Object.keys(task.route.routed?.routing.maxShare ?? {})) rooms.set(name, 0)
    return router.read(task)
  }

  const rest: Router['rest'] = () => {
    for (const name of rooms.keys()) rooms.set(name, router.room(name) ?? 0)
    return router.rest()
  }

  async function end(): Promise<void> {
    for (const [engine, { named, sent }] of rivals) {
      const free = router.room(engine) ?? Infinity
      if (sent.length > free) await contend(engine, { named, sent }, free)
      else {
        for (const { outline } of named) rehearsal.add(outline)
        for (const outline of sent) rehearsal.add(outline, ['most'])
      }
      const room = rooms.get(engine)
      const most = Math.min(sent.length, room ?? Infinity)
      if (most > 0) tally.routes.maySendOn({ engine, most, ...(room === undefined ? {} : { room }) })
    }
  }

  /** More may be sent on than there is room for: it reads as many chunks as without, or more, and which of all nobody knows. */
  async function contend(engine: string, { named, sent }: Rivals, free: number): Promise<void> {
    const all = [...named.map(({ outline }) => outline), ...sent].toSorted((a, b) => sizeOf(a) - sizeOf(b))
    for (const outline of all.slice(0, named.length)) rehearsal.add(outline, ['least'])
    for (const outline of all.slice(all.length - named.length - free)) rehearsal.add(outline, ['most'])
    const instead = (await Promise.all(named.map(({ open: one }) => insteadOf(one, engine)))).flat()
    const largest = instead.toSorted((a, b) => sizeOf(b) - sizeOf(a))
    for (const outline of largest.slice(0, sent.length - free)) rehearsal.add(outline, ['most'])
  }

  return { ...router, read, rest, end }
}

/** Of one engine, what takes more tokens costs more. */
function sizeOf({ calls: [first] }: Outline): number {
  return first === undefined ? 0 : first.forecast.input
}
