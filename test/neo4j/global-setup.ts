/** One Neo4j for a whole test run. Tests take it with `inject('neo4jUri')`, and are skipped where that is null. */
import type { TestProject } from 'vitest/node'
import { startNeo4j } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Null with `WHYGRAPH_TEST_NEO4J=off`: then name and password are empty. */
    neo4jUri: string | null
    neo4jUsername: string
    neo4jPassword: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const isOff = process.env['WHYGRAPH_TEST_NEO4J'] === 'off'
  if (isOff) process.stderr.write('WHYGRAPH_TEST_NEO4J=off: tests that need Neo4j are skipped.\n')
  // The quick compiler alone: a server of some minutes never earns back what the thorough one costs at its start.
  const server = isOff ? null : await startNeo4j({ javaOptions: ['-XX:TieredStopAtLevel=1'] })
  project.provide('neo4jUri', server?.uri ?? null)
  project.provide('neo4jUsername', server?.username ?? '')
  project.provide('neo4jPassword', server?.password ?? '')
  return async () => await server?.stop()
}
