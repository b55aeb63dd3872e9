/**
 * One of two reviewers on the same links: `node same-items-process.ts STORE LINKS NAME steered|unsteered`. Unsteered, decides
 * about each link of the file LINKS on the revision at which nobody had decided; steered, takes block after block of the
 * queue. Waits for a line on its standard input to begin, and prints what came of it.
 */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { Queue } from '../../../src/desk/queue.ts'
import { ConflictError } from '../../../src/model/errors.ts'
import { decideLink } from '../../../src/review/decide.ts'
import { openStore } from './operations.ts'

/** What a reviewer printed. */
export interface OnSameItems {
  /** Ids of the decisions that were acknowledged, by link. */
  readonly decided: Readonly<Record<string, string>>
  /** Links about which the other one had been faster. */
  readonly conflicts: readonly string[]
}

const [, , address = '', links = '', reviewer = '', how = ''] = process.argv
const store = await openStore(address)
const decided: Record<string, string> = {}
const conflicts: string[] = []

async function decide(id: string): Promise<void> {
  const verdict = reviewer === 'rita' ? 'accept' : 'reject'
  try {
    const { decision } = await decideLink(store, id, verdict, { reviewer, expectedRev: 0 }, new Date())
    if (decision !== null) decided[id] = decision.id
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    conflicts.push(id)
  }
}

process.stdout.write('ready\n')
await once(process.stdin, 'data')
if (how === 'steered') {
  const { signal } = new AbortController()
  const queue = new Queue(store, { reviewer, now: () => new Date(), order: 'random', random: () => 1, signal })
  for (let turn = await queue.next(); turn !== null; turn = await queue.next())
    if ('link' in turn) await decide(turn.link.id)
} else for (const id of JSON.parse(readFileSync(links, 'utf8')) as string[]) await decide(id)
await store.close()
process.stdout.write(JSON.stringify({ decided, conflicts } satisfies OnSameItems))
process.stdin.destroy()
