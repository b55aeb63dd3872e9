import { codeOf } from './errors.ts'
import { cypher, readCypher } from './cypher.ts'
import { toInteger, type Connection } from './driver.ts'
import { bringUpToDate, type Step } from './format.ts'

const SCHEMA = ['001-identities', '002-look-ups', '003-full-text', '004-names']
const NAMED = /^CREATE [A-Z ]*?(?:INDEX|CONSTRAINT) (\w+) /
const WAIT_SECONDS = 300

/**
 * Brings the graph to the newest format, and makes the constraints and indexes that are not there yet. What is there
 * costs one question.
 * @throws StoreError where the graph is of a newer format; nothing was changed then
 */
export async function applySchema(connection: Connection, steps?: readonly Step[]): Promise<void> {
  const known = new Set((await listIndexes(connection)).map((index) => index.name))
  const mark = await bringUpToDate(connection, known, steps)
  const statements = SCHEMA.flatMap((name) => readCypher(`schema/${name}.cypher`).split(/;\s*/))
  const missing = statements.filter((text) => text !== '' && !known.has(NAMED.exec(text)?.[1] ?? ''))
  await create(connection, [...missing, ...mark])
}

/** The types of link that this process knows to have their indexes. */
export class LinkTypes {
  readonly #connection: Connection
  readonly #prepared = new Map<string, Promise<void>>()
  readonly #ready = new Set<string>()
  #listed: Promise<void> | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Types that have their indexes, in an order that only grows: texts that name them stay the same. */
  get ready(): readonly string[] {
    return [...this.#ready]
  }

  /** Makes the indexes of types that have none; after the first time a type costs nothing. */
  async prepare(types: readonly string[]): Promise<void> {
    if (types.length === 0) return
    this.#listed ??= this.#list()
    await this.#listed.catch((error: unknown) => {
      this.#listed = undefined
      throw error
    })
    const fresh = [...new Set(types)].filter((type) => !this.#prepared.has(type))
    if (fresh.length > 0) {
      const made = this.#make(fresh)
      for (const type of fresh) this.#prepared.set(type, made)
      made.catch(() => fresh.forEach((type) => this.#prepared.delete(type)))
    }
    await Promise.all(types.map((type) => this.#prepared.get(type)))
  }

  async #list(): Promise<void> {
    const indexes = (await listIndexes(this.#connection)).filter(({ isRelationship }) => isRelationship)
    const properties = Map.groupBy(indexes, ({ of }) => of)
    for (const [type, ofType] of properties) {
      const names = ofType.map(({ on }) => on)
      if (!names.includes('id') || !names.includes('status')) continue
      this.#prepared.set(type, Promise.resolve())
      this.#ready.add(type)
    }
  }

  async #make(types: readonly string[]): Promise<void> {
    const texts = types.flatMap((type) => [cypher('index-link-ids', { type }), cypher('index-link-status', { type })])
    await create(this.#connection, texts)
    for (const type of types) this.#ready.add(type)
  }
}

/** All in one transaction: each change of the schema has the server plan every query anew. */
async function create(connection: Connection, texts: readonly string[]): Promise<void> {
  if (texts.length === 0) return
  const isMade = await createOnce(connection, texts)
  // Another process may make some of the same at the same moment; then they are there all the same.
  if (!isMade) for (const text of texts) await createOnce(connection, [text])
  await awaitIndexes(connection)
}

/** Whether nothing of it was there. */
async function createOnce(connection: Connection, texts: readonly string[]): Promise<boolean> {
  try {
    await connection.transaction('write', async (run) => {
      for (const text of texts) await run(text)
    })
    return true
  } catch (error) {
    const code = codeOf((error as { cause?: unknown }).cause)
    if (!/^Neo\.ClientError\.Schema\.(?:EquivalentSchemaRule|Index|Constraint)\w*AlreadyExists$/.test(code)) throw error
    return false
  }
}

async function awaitIndexes(connection: Connection): Promise<void> {
  await connection.transaction('read', (run) => run(cypher('await-indexes'), { seconds: toInteger(WAIT_SECONDS) }))
}

interface Index {
  readonly name: string
  readonly isRelationship: boolean
  /** Its only label or type and property, where there is one of each. */
  readonly of: string
  readonly on: string
}

async function listIndexes(connection: Connection): Promise<Index[]> {
  const rows = await connection.transaction('read', (run) => run(cypher('list-indexes')))
  return rows.map((row) => ({
    name: row['name'] as string,
    isRelationship: row['entityType'] === 'RELATIONSHIP',
    of: ((row['labelsOrTypes'] as string[] | null) ?? []).join(' '),
    on: ((row['properties'] as string[] | null) ?? []).join(' '),
  }))
}
