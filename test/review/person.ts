import { runHere } from '../run-here.ts'
import type { StoreUnderTest } from '../stores.ts'
import { parseJson, type Finished } from '../whygraph.ts'

/** A person at the command line of a store. */
export interface Person {
  /** `whygraph review …` as this person. */
  readonly review: (...args: string[]) => Promise<Finished>
  /** The same, of which the result is JSON, and which has to go well. */
  readonly json: <T>(...args: string[]) => Promise<T>
}

export function personAt({ address, environment }: StoreUnderTest, reviewer: string, cwd: string): Person {
  const review: Person['review'] = (...args) =>
    runHere(['review', ...args, '--store', address], {
      cwd,
      environment: { ...environment, WHYGRAPH_REVIEWER: reviewer },
    })
  return {
    review,
    async json<T>(...args: string[]): Promise<T> {
      const finished = await review(...args, '--json')
      if (finished.code !== 0) throw new Error(`review ${args.join(' ')}: ${finished.code}, ${finished.stderr}`)
      return parseJson<T>(finished)
    },
  }
}
