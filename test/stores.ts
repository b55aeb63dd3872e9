import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { derivation } from '../src/resolve/derivation.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { openNeo4jDatabase } from '../src/store/neo4j.ts'
import { Store } from '../src/store/store.ts'
import { emptyNeo4j, useNeo4jAlone } from './store/neo4j-exclusive.ts'

/** A store to test, and how a command line or another process opens the same one. */
export interface StoreUnderTest {
  readonly store: Store
  /** For `--store`. */
  readonly address: string
  /** Variables that a command needs to open it. */
  readonly environment: Readonly<Record<string, string>>
}

/** Whether what takes long on a server is tested too: `npm run test:long`. */
export const TESTS_LONG = process.env['WHYGRAPH_TEST_LONG'] === 'on'

/** Runs a suite on every store; `open` gives a fresh, empty one. The suite closes what it opened by itself at the end. */
export function eachStore(name: string, suite: Suite): void {
  runOnEach(name, suite, true)
}

/** The same, but on Neo4j only where {@link TESTS_LONG}: only one suite at a time has the server. It is counted as skipped. */
export function eachStoreAtLength(name: string, suite: Suite): void {
  runOnEach(name, suite, TESTS_LONG)
}

/** `itAtLength` is for tests in a suite of {@link eachStore} that run on Neo4j only where {@link TESTS_LONG}. */
type Suite = (open: () => Promise<StoreUnderTest>, kind: string, itAtLength: ReturnType<typeof it.skipIf>) => void

function runOnEach(name: string, suite: Suite, withServer: boolean): void {
  const opened: Store[] = []
  const folders: string[] = []
  afterAll(async () => {
    for (const store of opened) await store.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  const keep = (store: Store): Store => {
    opened.push(store)
    return store
  }

  describe(`${name}: local store`, () => {
    suite(
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
        folders.push(folder)
        const store = keep(new Store(await openLocalDatabase(folder), derivation))
        return { store, address: folder, environment: {} }
      },
      'local',
      it.skipIf(false),
    )
  })

  const uri = inject('neo4jUri')
  const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }
  describe.skipIf(uri === null || !withServer)(`${name}: Neo4j`, () => {
    let leave: () => void = () => {}
    beforeAll(async () => {
      leave = await useNeo4jAlone(access.uri)
    }, 600_000)
    afterAll(() => leave())
    suite(
      async () => {
        await emptyNeo4j(access)
        const store = keep(new Store(await openNeo4jDatabase(access), derivation))
        const environment = { NEO4J_USERNAME: access.username, NEO4J_PASSWORD: access.password }
        return { store, address: access.uri, environment }
      },
      'neo4j',
      it.skipIf(!TESTS_LONG),
    )
  })
}
