import { afterAll, beforeAll, describe, inject } from 'vitest'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { describeDatabase } from './database-contract.ts'
import { emptyNeo4j, useNeo4jAlone } from './neo4j-exclusive.ts'

const uri = inject('neo4jUri')
const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }

describe.skipIf(uri === null)('Neo4j', () => {
  let leave: () => void = () => {}
  beforeAll(async () => {
    leave = await useNeo4jAlone(access.uri)
  }, 600_000)
  afterAll(() => leave())

  describeDatabase('Neo4j', async () => {
    await emptyNeo4j(access)
    const database = await openNeo4jDatabase(access)
    const reopen = async () => {
      await database.close()
      return openNeo4jDatabase(access)
    }
    return { database, reopen }
  })
})
