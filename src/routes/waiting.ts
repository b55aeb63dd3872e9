import type { Task } from '../taking-in/take-in.ts'
import { hasRead, routedOf } from './routed-task.ts'
import { Shares } from './shares.ts'
import type { Read } from './take-readings.ts'

/** A chunk on its way: with the place that it has, and the scarce engines that it may have; at `first` it waits for them. */
export interface Turn {
  /** Among the chunks of the run. */
  readonly place: number
  readonly has: 'first' | ReadonlySet<string>
  /** First replies that the store would not give again, as nothing can be made of them. */
  readonly known?: readonly Read[]
  /** Who reads it first has been told. */
  readonly isTold?: boolean
}

/** A chunk that has waited; `read` as `Router.read`. */
export interface Rest {
  readonly documentId: string
  readonly read: () => Promise<boolean>
}

interface Waiting {
  readonly engine: string
  readonly place: number
  readonly documentId: string
  readonly again: () => Promise<Task | null>
  readonly known?: readonly Read[]
}

export interface WaitingParts {
  /** How to have a chunk again later on; null then: it is not there any more. */
  readonly remember: (task: Task) => () => Promise<Task | null>
  /** Reads a chunk whose turn has come; null: it is not there any more. */
  readonly readInTurn: (task: Task | null, turn: Turn) => Promise<boolean>
}

/** Chunks that wait for engines of which there is not enough for all, until it is known how many chunks there are. */
export function createWaiting({ remember, readInTurn }: WaitingParts) {
  let shares: Shares | null = null
  const waiting: Waiting[] = []

  /** A chunk comes up: it counts for the shares of those that have read it. */
  function begin(task: Task): Turn {
    const { routing, fingerprints } = routedOf(task)
    shares ??= new Shares(routing.maxShare)
    const place = shares.looked
    shares.look([...fingerprints.keys()].filter((name) => hasRead(task, name)))
    return { place, has: 'first' }
  }

  /** `known`: first replies, where there are any; absent: for who reads it first. */
  function wait(task: Task, { place }: Turn, engine: string, known?: readonly Read[]): false {
    const { documentId } = task.chunk
    waiting.push({ engine, place, documentId, again: remember(task), ...(known === undefined ? {} : { known }) })
    return false
  }

  /** In the order of the chunks, but those first that the engine which they wait for is not for. */
  function rest(): readonly Rest[] {
    const turns = waiting
      .splice(0)
      .toSorted((a, b) => a.place - b.place)
      .map(({ engine, place, documentId, again, known }) => {
        const isServed = shares?.take(engine) ?? false
        const turn = { place, has: new Set(isServed ? [engine] : []), known: known ?? [], isTold: known !== undefined }
        return { isServed, documentId, read: async () => readInTurn(await again(), turn) }
      })
    return [...turns.filter((turn) => !turn.isServed), ...turns.filter((turn) => turn.isServed)]
  }

  /** How many more chunks an engine may read; null: as many as there are. */
  function room(engine: string): number | null {
    return shares?.isScarce(engine) === true ? shares.room(engine) : null
  }

  return { begin, wait, rest, room }
}
