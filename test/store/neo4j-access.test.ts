import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, inject, it } from 'vitest'
import { StoreError, UsageError } from '../../src/model/errors.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'

const uri = inject('neo4jUri')
const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }
const SECRET = 'open-sesame-4711'

async function failure(settings: Partial<typeof access> & { database?: string }): Promise<StoreError> {
  const opening = openNeo4jDatabase({ ...access, ...settings })
  return opening.then(
    () => expect.unreachable('it opened'),
    (error: unknown) => error as StoreError,
  )
}

function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [error.message, error.stack, JSON.stringify(error), everythingOf(error.cause)].join('\n')
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

describe('opening Neo4j', () => {
  it('says at once that no server answers, and does not show the password', async () => {
    const port = await freePort()
    const start = Date.now()
    const error = await failure({ uri: `bolt://neo4j:${SECRET}@127.0.0.1:${port}`, password: SECRET })
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'store-unreachable', retryable: true })
    expect(error.message).toContain(`bolt://127.0.0.1:${port}`)
    expect(error.hint).toContain('Is Neo4j running')
    expect(everythingOf(error)).not.toContain(SECRET)
    expect(Date.now() - start).toBeLessThan(8_000)
  })

  it('gives up on a server that is silent', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const { port } = silent.address() as AddressInfo
    const start = Date.now()
    expect(await failure({ uri: `bolt://127.0.0.1:${port}` })).toMatchObject({ code: 'store-unreachable' })
    expect(Date.now() - start).toBeLessThan(12_000)
    silent.close()
  })

  it('refuses an address that is none', async () => {
    const error = await failure({ uri: `ftp://me:${SECRET}@host` })
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'bad-uri' })
    expect(everythingOf(error)).not.toContain(SECRET)
  })

  it.skipIf(uri === null)('says that the password is wrong, and does not show it', async () => {
    const error = await failure({ password: SECRET })
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'store-unauthorised' })
    expect(error.hint).toContain('NEO4J_PASSWORD')
    expect(everythingOf(error)).not.toContain(SECRET)
  })

  it.skipIf(uri === null)('says that there is no such database', async () => {
    const error = await failure({ database: 'absent' })
    expect(error).toMatchObject({ code: 'database-not-found' })
    expect(error.message).toContain('absent')
  })
})
