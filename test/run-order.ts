import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Suites that have the one Neo4j to themselves, in the usual run. */
const WANTS_SERVER = /\b(?:eachStore|useNeo4jAlone)\(/
/** They are through before the others are, as the last of them would run alone. */
const DONE_BY = 0.8

/** Files that want the server begin evenly among the others: it is never without work, and few wait for it at a time. */
export default class RunOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- this one is no array's
    const longestFirst = await super.sort(files)
    const { wanting = [], others = [] } = Object.groupBy(longestFirst, ({ moduleId }) =>
      WANTS_SERVER.test(readFileSync(moduleId, 'utf8')) ? 'wanting' : 'others',
    )
    return [...placesOf(wanting, DONE_BY), ...placesOf(others, 1)]
      .toSorted((one, other) => one.place - other.place)
      .map(({ file }) => file)
  }
}

/** Each in the middle of its share of the run, which is 1 long. */
function placesOf<T>(files: readonly T[], end: number): { file: T; place: number }[] {
  return files.map((file, index) => ({ file, place: ((index + 0.5) / files.length) * end }))
}
