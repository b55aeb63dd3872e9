import { setImmediate as othersFirst } from 'node:timers/promises'
import { StoreError } from '../model/errors.ts'

interface Call<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets calls that come at the same time share what one costs: those that come in one turn of the event loop make a
 * group, and those that come while it runs the next, at most so many. `work` does all of a group or nothing of it, and gives a result for each. Where
 * it fails, its items are tried one by one, so that a bad one does not take the others with it; but a store that does
 * not answer would answer none of them.
 */
export function inGroups<Item, Result>(
  most: number,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Call<Item, Result>[] = []
  let isRunning = false

  async function runAll(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      // What was waiting for the group before this one may come along.
      await othersFirst()
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await settle(group)
    }
    isRunning = false
  }

  async function settle(group: readonly Call<Item, Result>[]): Promise<void> {
    try {
      const results = await work(group.map(({ item }) => item))
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result)
    } catch (error) {
      if (group.length === 1 || (error instanceof StoreError && error.retryable))
        for (const { reject } of group) reject(error)
      else for (const call of group) await settle([call])
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) void runAll()
    })
}
