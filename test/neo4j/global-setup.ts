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

/**
 * The quick compiler alone: a server of some minutes never earns back what the thorough one costs at its start. With it
 * Java keeps but 48 MB of compiled code, which is less than Neo4j has: it would be compiled again and again.
 */
const JAVA_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:ReservedCodeCacheSize=240m']

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const isOff = process.env['WHYGRAPH_TEST_NEO4J'] === 'off'
  if (isOff) process.stderr.write('WHYGRAPH_TEST_NEO4J=off: tests that need Neo4j are skipped.\n')
  const server = isOff ? null : await startNeo4j({ javaOptions: JAVA_OPTIONS })
  project.provide('neo4jUri', server?.uri ?? null)
  project.provide('neo4jUsername', server?.username ?? '')
  project.provide('neo4jPassword', server?.password ?? '')
  return async () => await server?.stop()
}
