/**
 * A reviewer in a process of their own: `node reviewing-process.ts STORE NAME SEED` decides about links at random until its
 * standard input ends, always on a revision that it has looked at a moment before, and prints what came of it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ConflictError, NotFoundError } from '../src/model/errors.ts'
import { decideLink, type Outcome } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import { localVictim, neo4jVictim } from './kill/victims.ts'
import { random } from './random.ts'

/** What a reviewer printed. */
export interface Reviewed {
  /** Ids of the decisions that were made. */
  readonly decided: readonly string[]
  /** How often somebody else had been faster. */
  readonly conflicts: number
}

const [, , address = '', reviewer = '', seed = ''] = process.argv
const { NEO4J_USERNAME: username = '', NEO4J_PASSWORD: password = '' } = process.env
const store = await (
  address.includes('://') ? neo4jVictim({ uri: address, username, password }) : localVictim(address)
).open()
const next = random(Number(seed))
const decided: string[] = []
let conflicts = 0
const over = new AbortController()
process.stdin.resume().on('end', () => over.abort())

while (!over.signal.aborted) {
  // Few, so that all want the same.
  const links = await store.links(['proposed', 'accepted', 'rejected', 'held'], { limit: 6 })
  const link = links[next(Math.max(1, links.length))]
  await pause(next(30))
  if (link === undefined) continue
  const options = { reviewer, expectedRev: link.rev, requestId: `${reviewer}-${decided.length + conflicts}` }
  const verdict = next(2) === 0 ? 'accept' : 'reject'
  try {
    const outcome: Outcome =
      next(4) === 0
        ? await undoDecision(store, link.id, options, new Date())
        : await decideLink(store, link.id, verdict, options, new Date())
    if (outcome.decision !== null) decided.push(outcome.decision.id)
  } catch (error) {
    if (error instanceof ConflictError) conflicts++
    // Nothing stands that could be undone, or it was undone meanwhile.
    else if (!(error instanceof NotFoundError)) throw error
  }
}
await store.close()
process.stdout.write(JSON.stringify({ decided, conflicts } satisfies Reviewed))
