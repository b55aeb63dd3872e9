import { setTimeout as pause } from 'node:timers/promises'
import neo4j, { type Driver, type ManagedTransaction, type Plan, type ProfiledPlan } from 'neo4j-driver'
import { withoutCredentials, withoutLogin } from '../../model/address.ts'
import { StoreError, UsageError, WhygraphError } from '../../model/errors.ts'
import { Absence, AWAY, type Waiting } from './absence.ts'
import { codeOf, translateError } from './errors.ts'

/** The only file that knows the driver: the connection, and values on their way in and out. */

export interface Neo4jSettings extends Waiting {
  readonly uri: string
  readonly username: string
  readonly password: string
  /** Default: the server's home database. */
  readonly database?: string
}

export type Row = Readonly<Record<string, unknown>>
/** Runs one Cypher text inside a transaction. */
export type RunCypher = (text: string, parameters?: Row) => Promise<Row[]>

/** What a text gave, with what the planner said about it. */
export interface Outcome {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** `r`, `w`, `rw`, or `s` for schema, procedures of the server and administration. */
  readonly queryType: string
  readonly plan: Plan | ProfiledPlan | null
}

/** A server that does not answer is told within this time; the driver's own patience is a minute. */
const CONNECTION_MILLISECONDS = 5_000
/** Deadlocks and elections are waited out for so long. */
const RETRY_MILLISECONDS = 30_000
const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 1_000
/** How much longer than a query's time limit to wait for the server to keep it. */
const GRACE_MILLISECONDS = 5_000

export class Connection {
  /** The address without user name and password, for people to read. */
  readonly location: string
  readonly #driver: Driver
  readonly #database: string | undefined
  // One for all sessions, so that on a cluster each transaction sees what the ones before it wrote.
  readonly #bookmarks = neo4j.bookmarkManager()
  readonly #absence: Absence
  #closed = false

  constructor(settings: Neo4jSettings) {
    const { uri, username, password, database } = settings
    this.location = withoutCredentials(uri)
    this.#database = database
    this.#absence = new Absence(this.location, settings)
    try {
      this.#driver = neo4j.driver(withoutLogin(uri), neo4j.auth.basic(username, password), {
        connectionTimeout: CONNECTION_MILLISECONDS,
        // Retrying is done here: after a deadlock the driver waits a whole second.
        maxTransactionRetryTime: 0,
        disableLosslessIntegers: true,
        telemetryDisabled: true,
        userAgent: 'whygraph',
      })
    } catch {
      throw new UsageError('bad-uri', `${this.location} is not the address of a Neo4j server.`, {
        hint: 'Write it like neo4j://host:7687, bolt://host:7687 or neo4j+s://host:7687.',
      })
    }
  }

  /** What the server calls itself, such as `Neo4j/5.26.25`. Not retried: a server that is not there is told at once. */
  async agent(): Promise<string> {
    this.#assertOpen()
    const settings = this.#database === undefined ? {} : { database: this.#database }
    try {
      // Something that takes the connection and says nothing would be waited for much longer.
      const { agent } = await within(CONNECTION_MILLISECONDS * 2, this.#driver.getServerInfo(settings), {
        code: 'ServiceUnavailable',
      })
      return agent ?? ''
    } catch (error) {
      throw translateError(error, this.location, this.#database)
    }
  }

  /** One managed transaction, run again after transient failures, and once a server that went away is back. */
  async transaction<T>(mode: 'read' | 'write', work: (run: RunCypher) => Promise<T>): Promise<T> {
    let deadline = Date.now() + RETRY_MILLISECONDS
    for (let wait = SHORTEST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      this.#assertOpen()
      const session = this.#session(mode)
      try {
        const managed = (transaction: ManagedTransaction): Promise<T> => work(runIn(transaction))
        const result = await (mode === 'read' ? session.executeRead(managed) : session.executeWrite(managed))
        this.#absence.end()
        return result
      } catch (error) {
        if (error instanceof WhygraphError) throw error
        const isAway = AWAY.has(codeOf(error))
        // What had failed before it went away has its time once it is back.
        if (isAway) deadline = Date.now() + RETRY_MILLISECONDS
        const isOver = isAway ? this.#absence.isTooLong() : Date.now() > deadline
        if (!isTransient(error) || isOver || this.#closed) {
          throw translateError(error, this.location, this.#database)
        }
      } finally {
        await session.close()
      }
      await pause(wait * (0.5 + Math.random()))
    }
  }

  /** Runs a text of the user's, reading only, within a time limit. Errors are the driver's own. */
  async readOnce(text: string, parameters: Row, seconds: number): Promise<Outcome> {
    this.#assertOpen()
    const session = this.#session('read')
    const limit = Math.max(1, Math.ceil(seconds * 1000))
    try {
      const answer = session.executeRead(
        async (transaction) => {
          const result = transaction.run(text, parameters)
          return { columns: (await result.keys()).map(String), ...(await result) }
        },
        { timeout: limit },
      )
      const { columns, records, summary } = await within(limit + GRACE_MILLISECONDS, answer, { code: TIMED_OUT })
      return {
        columns,
        rows: records.map((record) => [...record].map(toJson)),
        queryType: summary.queryType,
        plan: summary.profile || summary.plan || null,
      }
    } finally {
      await session.close()
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#driver.close()
  }

  #session(mode: 'read' | 'write') {
    return this.#driver.session({
      defaultAccessMode: mode === 'read' ? neo4j.session.READ : neo4j.session.WRITE,
      bookmarkManager: this.#bookmarks,
      ...(this.#database === undefined ? {} : { database: this.#database }),
    })
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', `The connection to ${this.location} has been closed.`)
  }
}

export const TIMED_OUT = 'Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration'

/** The promise's answer, or an error with the given code when there is none in time. */
async function within<T>(milliseconds: number, promise: Promise<T>, details: { code: string }): Promise<T> {
  const over = new AbortController()
  const late = pause(milliseconds, undefined, { signal: over.signal }).then(() => {
    throw Object.assign(new Error(`no answer within ${milliseconds / 1000} seconds`), details)
  })
  late.catch(() => {})
  promise.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}

function runIn(transaction: ManagedTransaction): RunCypher {
  return async (text, parameters = {}) => {
    const { records } = await transaction.run(text, parameters)
    return records.map((record) => record.toObject() as Row)
  }
}

function isTransient(error: unknown): boolean {
  // A node that one transaction removed while another waited to lock it: it will find it gone, or new, next time.
  const code = (error as { code?: unknown } | null)?.code
  return code === 'Neo.ClientError.Statement.EntityNotFound' || neo4j.isRetryableError(error as Error)
}

/** A whole number for Neo4j, which tells 1 from 1.0. */
export function toInteger(value: number): unknown {
  return neo4j.int(value)
}

/** What Neo4j gives back, as JSON. A path is the list of its nodes and relationships in turn. */
function toJson(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : (value ?? null)
  if (Array.isArray(value)) return value.map(toJson)
  if (neo4j.isNode(value)) return { labels: value.labels.toSorted(), properties: toJson(value.properties) }
  if (neo4j.isRelationship(value)) return { type: value.type, properties: toJson(value.properties) }
  if (neo4j.isPath(value)) {
    const steps = value.segments.flatMap((segment) => [toJson(segment.relationship), toJson(segment.end)])
    return [toJson(value.start), ...steps]
  }
  if (neo4j.isInt(value)) return value.toNumber()
  if (neo4j.isPoint(value)) {
    const { srid, x, y, z } = value
    return { srid: Number(srid), x, y, ...(z === undefined ? {} : { z }) }
  }
  // The driver ends a duration without a time in a T, which ISO 8601 does not.
  if (neo4j.isDuration(value)) return String(value).replace(/T$/, '')
  if (ArrayBuffer.isView(value)) return [...(value as Int8Array)]
  // Dates, times and durations write themselves in ISO 8601.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]))
}
