import { rmSync } from 'node:fs'
import { derivation } from '../../src/resolve/derivation.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { Store } from '../../src/store/store.ts'
import { emptyNeo4j, type Neo4jAccess } from '../store/neo4j-exclusive.ts'
import type { Victim } from './kill-at-random.ts'

export function localVictim(folder: string): Victim {
  return {
    address: folder,
    environment: {},
    open: async () => new Store(await openLocalDatabase(folder), derivation),
    empty: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function neo4jVictim(access: Neo4jAccess): Victim {
  return {
    address: access.uri,
    environment: { NEO4J_USERNAME: access.username, NEO4J_PASSWORD: access.password },
    open: async () => new Store(await openNeo4jDatabase(access), derivation),
    empty: () => emptyNeo4j(access),
  }
}
