import { RefusedError, StoreError, UsageError } from '../../model/errors.ts'
import type { QueryResult } from '../database.ts'
import { findForbiddenClause, splitMode } from '../read-only.ts'
import { cypher } from './cypher.ts'
import { TIMED_OUT, toInteger, type Connection, type Row } from './driver.ts'
import { codeOf, translateError } from './errors.ts'
import { findForbiddenStep, findNamespace, planTable } from './plan.ts'

/** In front of a text so that it is planned and not run. */
const EXPLAIN = 'EXPLAIN '
const HINT = 'whygraph query only reads. Links are changed by ingest and review, other things by a tool of Neo4j.'

/** Namespaces of functions that plug-ins brought; these may do what whygraph cannot judge. Asked once a connection. */
const plugIns = new WeakMap<Connection, Promise<string[]>>()

/**
 * Runs a text that has proven to be harmless, three times over: by its words, by the plan that the server makes of
 * exactly this text, and by the access mode in which the server runs it.
 */
export async function queryReadOnly(
  connection: Connection,
  database: string,
  text: string,
  parameters: Row,
  seconds: number,
): Promise<QueryResult> {
  const clause = findForbiddenClause(text)
  if (clause !== null) throw refuse(clause)

  const { mode, rest: bare } = splitMode(text)
  const encoded = encodeParameters(parameters) as Row
  try {
    const namespace = findNamespace(bare, await plugInNamespaces(connection))
    if (namespace !== null) throw refuse(`a function of ${namespace}`)

    const { queryType, plan } = await connection.readOnce(EXPLAIN + bare, encoded, seconds)
    if (plan === null) throw refuse('a text without a plan')
    const step = findForbiddenStep(plan, database)
    if (step !== null) throw refuse(step)
    if (queryType !== 'r') throw refuse(queryType === 's' ? 'administration' : 'a write')
    if (mode === 'EXPLAIN') return planTable(plan)

    const outcome = await connection.readOnce(mode === 'PROFILE' ? `PROFILE ${bare}` : bare, encoded, seconds)
    if (mode === 'PROFILE' && outcome.plan !== null) return planTable(outcome.plan)
    return { columns: outcome.columns, rows: outcome.rows }
  } catch (error) {
    throw translateQueryError(error, connection, database, seconds)
  }
}

function refuse(what: string, cause?: unknown): RefusedError {
  return new RefusedError('read-only', `This is more than reading: ${what}.`, { hint: HINT, cause })
}

async function plugInNamespaces(connection: Connection): Promise<string[]> {
  let known = plugIns.get(connection)
  if (known === undefined) {
    known = connection
      .transaction('read', (run) => run(cypher('list-plug-in-functions')))
      .then((rows) => [...new Set(rows.map((row) => String(row['name']).split('.')[0] ?? ''))])
    plugIns.set(connection, known)
    known.catch(() => plugIns.delete(connection))
  }
  return known
}

/** Whole numbers become integers, which `LIMIT` and `SKIP` insist on. */
function encodeParameters(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? toInteger(value) : value
  if (Array.isArray(value)) return value.map(encodeParameters)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encodeParameters(inner)]))
}

function translateQueryError(cause: unknown, connection: Connection, database: string, seconds: number): Error {
  const code = codeOf(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  if (code === 'Neo.ClientError.Statement.AccessMode') return refuse('a write', cause)
  if (code === 'Neo.ClientError.Procedure.ProcedureNotFound') return refuse('a procedure that is not there', cause)
  if (code === TIMED_OUT || code.startsWith('Neo.ClientError.Transaction.TransactionTimedOut')) {
    return new StoreError('timeout', `The query took longer than ${seconds} seconds and was stopped.`, {
      hint: 'Name a label or relationship type, bound the length of paths, add LIMIT, or allow more time.',
      cause,
    })
  }
  if (code === 'Neo.ClientError.Statement.ParameterMissing') {
    return new UsageError('missing-parameter', message, { hint: 'Give every $name of the query a value.', cause })
  }
  if (code.startsWith('Neo.ClientError.Statement.')) {
    const { reason, place } = locate(message)
    return new UsageError('cypher-syntax', `Neo4j cannot run this query: ${reason}`, {
      cause,
      ...(place === undefined ? {} : { place }),
    })
  }
  return translateError(cause, connection.location, database)
}

/** Neo4j's message with the position in the user's text, not in ours, and without the echo of the text. */
function locate(message: string): { reason: string; place?: string } {
  const [all, line, column] = /\(line (\d+), column (\d+) \(offset: \d+\)\)/.exec(message) ?? []
  if (all === undefined) return { reason: message }
  const shift = line === '1' && message.includes(`"${EXPLAIN}`) ? EXPLAIN.length : 0
  const place = `line ${line}, column ${Math.max(1, Number(column) - shift)}`
  return { reason: `${message.slice(0, message.indexOf(all)).trim()} (${place})`, place }
}
