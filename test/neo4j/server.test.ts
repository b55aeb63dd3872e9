import { randomUUID } from 'node:crypto'
import neo4j from 'neo4j-driver'
import { describe, expect, inject, test } from 'vitest'
import { startNeo4j } from './server.ts'

const uri = inject('neo4jUri')
const username = inject('neo4jUsername')
const password = inject('neo4jPassword')
const isOwn = !process.env['NEO4J_URI']

const connect = (secret: string) => neo4j.driver(uri ?? '', neo4j.auth.basic(username, secret))

describe.skipIf(uri === null)('the Neo4j of the tests', () => {
  test('answers a query', async () => {
    await using driver = connect(password)
    const { records } = await driver.executeQuery('RETURN 1 + 1 AS two')
    expect(records.map((record) => record.toObject())).toEqual([{ two: neo4j.int(2) }])
  })

  test('refuses a wrong password', async () => {
    await using driver = connect(`not ${password}`)
    await expect(driver.verifyConnectivity()).rejects.toMatchObject({
      code: 'Neo.ClientError.Security.Unauthorized',
    })
  })

  test.runIf(isOwn)('is the version that the product is made for', async () => {
    await using driver = connect(password)
    expect(await driver.getServerInfo()).toMatchObject({ agent: expect.stringMatching(/^Neo4j\/5\.26\./) })
  })

  describe('named by the environment', () => {
    const environment = { NEO4J_URI: uri ?? '', NEO4J_USERNAME: username, NEO4J_PASSWORD: password }

    test('is taken as it is, and left running', async () => {
      // Other test files may be writing at this moment.
      const server = await startNeo4j({ environment: { ...environment, WHYGRAPH_TEST_NEO4J: 'erase' } })
      expect(server).toMatchObject({ uri, username, password, httpUri: null, pid: null })
      await server.stop()
      await using driver = connect(password)
      await driver.verifyConnectivity()
    })

    test('is refused when something is in it that the tests would delete', async () => {
      await using driver = connect(password)
      const id = randomUUID()
      await driver.executeQuery('CREATE (:SomeonesWork {id: $id})', { id })
      try {
        await expect(startNeo4j({ environment })).rejects.toThrow('is not empty')
      } finally {
        await driver.executeQuery('MATCH (node:SomeonesWork {id: $id}) DETACH DELETE node', { id })
      }
    })
  })
})

test('a server that the environment names without a password is not guessed at', async () => {
  const start = startNeo4j({ environment: { NEO4J_URI: 'bolt://127.0.0.1:1' } })
  await expect(start).rejects.toThrow('NEO4J_PASSWORD is not set')
})
