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

  test('is taken over where the environment names it, and left running', async () => {
    const server = await startNeo4j({
      environment: {
        NEO4J_URI: uri ?? '',
        NEO4J_USERNAME: username,
        NEO4J_PASSWORD: password,
        WHYGRAPH_TEST_NEO4J: 'erase',
      },
    })
    expect(server).toMatchObject({ uri, username, password, httpUri: null, pid: null })
    await server.stop()
    await using driver = connect(password)
    await driver.verifyConnectivity()
  })
})

test('a server that the environment names without a password is not guessed at', async () => {
  const start = startNeo4j({ environment: { NEO4J_URI: 'bolt://127.0.0.1:1' } })
  await expect(start).rejects.toThrow('NEO4J_PASSWORD is not set')
})
