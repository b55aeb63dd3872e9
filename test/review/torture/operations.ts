import { derivation } from '../../../src/resolve/derivation.ts'
import { decideLink, type Outcome } from '../../../src/review/decide.ts'
import { remarkOn } from '../../../src/review/remark.ts'
import { undoDecision } from '../../../src/review/undo.ts'
import type { Database } from '../../../src/store/database.ts'
import { Store } from '../../../src/store/store.ts'

/** Opens the store that a process was told of by its address and its variables. */
export async function openStore(address: string): Promise<Store> {
  return new Store(await openDatabase(address), derivation)
}

/** Loads no more code than it takes, as processes are started by the thousand. */
async function openDatabase(address: string): Promise<Database> {
  if (!address.includes('://')) return (await import('../../../src/store/local.ts')).openLocalDatabase(address)
  const { NEO4J_USERNAME: username = '', NEO4J_PASSWORD: password = '' } = process.env
  return (await import('../../../src/store/neo4j.ts')).openNeo4jDatabase({ uri: address, username, password })
}

export const REVIEWER = 'rita'

/** By which the request of an operation is known, however often it is made. */
export function requestOf(index: number): string {
  return `operation-${index}`
}

/**
 * One of a series that goes round the links, four on each: a remark, a verdict, another one, and the undo of that. Made
 * again it is a retry of the same request.
 */
export function operate(store: Store, linkIds: readonly string[], index: number): Promise<Outcome> {
  const linkId = linkIds[Math.floor(index / 4) % linkIds.length] ?? ''
  const options = { reviewer: REVIEWER, requestId: requestOf(index), note: `number ${index}` }
  const round = Math.floor(index / 4 / linkIds.length)
  const verdict = (index + round) % 2 === 0 ? 'accept' : 'reject'
  if (index % 4 === 0) return remarkOn(store, linkId, round % 2 === 0 ? 'skip' : 'flag', options, new Date())
  if (index % 4 === 3) return undoDecision(store, linkId, options, new Date())
  return decideLink(store, linkId, verdict, options, new Date())
}
