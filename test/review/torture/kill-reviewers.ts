import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { verifyChain } from '../../../src/review/verify-chain.ts'
import type { Store } from '../../../src/store/store.ts'
import { random } from '../../random.ts'
import type { StoreUnderTest } from '../../stores.ts'
import { requestOf, REVIEWER } from './operations.ts'

const PROCESS = fileURLToPath(new URL('killed-process.ts', import.meta.url))

export interface KillingPlan {
  /** For what the processes read and keep: the ids of the links, and code that is compiled once. */
  readonly folder: string
  readonly kills: number
  readonly seed: number
  /** Longest time, in milliseconds, between what a process said last and its end: about what a decision takes. */
  readonly longest: number
  readonly say?: (line: string) => void
}

export interface KillingReport {
  readonly kills: number
  /** Of them those before the store was open. */
  readonly early: number
  /** Operations that were said to be done. */
  readonly acknowledged: number
  /** Of them those that a process had written and was killed before it said so; the next one's request found them. */
  readonly foundDone: number
  readonly wrong: readonly string[]
}

interface Acknowledged {
  readonly id: string
  /** When the process that said so was started. */
  readonly startedAt: number
}

/**
 * Kills a reviewing process at random moments and starts the next one with the first operation that was not acknowledged,
 * again and again; then looks whether each acknowledged decision is there once, and nothing else.
 */
export async function killReviewers(under: StoreUnderTest, plan: KillingPlan): Promise<KillingReport> {
  const { store } = under
  const next = random(plan.seed)
  const linkIds = (await store.links(['proposed'])).map(({ id }) => id)
  const file = join(plan.folder, 'links.json')
  writeFileSync(file, JSON.stringify(linkIds))
  const acknowledged: Acknowledged[] = []
  const wrong: string[] = []
  let [kills, early] = [0, 0]
  const run = async (to: number, life: Life | null): Promise<boolean> => {
    const startedAt = Date.now()
    const { lines, code, error } = await runAndKill(under, [file, String(acknowledged.length), String(to)], life, plan)
    if (code !== null && code !== 0) wrong.push(`a process ended with ${code}: ${error}`)
    for (const [index = '', id = ''] of lines.filter((line) => line !== 'open').map((line) => line.split(' '))) {
      if (Number(index) !== acknowledged.length) wrong.push(`operation ${index} came after ${acknowledged.length}`)
      acknowledged.push({ id, startedAt })
    }
    if (code === null) early += lines.length === 0 ? 1 : 0
    return code === null
  }
  // The first one is left alone: only a process that ends by itself leaves its compiled code to the next.
  await run(4, null)
  while (kills < plan.kills && wrong.length === 0) {
    // Some before anything is open, most while it works: counted in what it does, as a busy machine does it slowly.
    const life = { lines: next(MOST_LINES), after: next(plan.longest) }
    if (await run(Number.MAX_SAFE_INTEGER, life)) kills++
    if (kills % 100 === 0) plan.say?.(`${kills} kills, ${acknowledged.length} acknowledged`)
  }
  // What was in flight at the last kill is done by whoever goes on.
  await run(acknowledged.length + 4, null)
  const found = await compare(store, acknowledged, wrong)
  return { kills, early, acknowledged: acknowledged.length, foundDone: found, wrong }
}

async function compare(store: Store, acknowledged: readonly Acknowledged[], wrong: string[]): Promise<number> {
  const decisions = await store.decisions({ order: 'sequence' })
  const made = decisions.filter(({ requestId }) => requestId.startsWith(requestOf(0).slice(0, -1)))
  const byRequest = Map.groupBy(made, ({ requestId }) => requestId)
  let found = 0
  for (const [index, { id, startedAt }] of acknowledged.entries()) {
    const own = byRequest.get(requestOf(index)) ?? []
    if (own.length !== 1) wrong.push(`operation ${index} was acknowledged, and made ${own.length} times`)
    else if (own[0]?.id !== id) wrong.push(`operation ${index} was acknowledged as ${id} and is ${own[0]?.id}`)
    else if (own[0].reviewer !== REVIEWER || own[0].note !== `number ${index}`)
      wrong.push(`operation ${index} is not what was asked for`)
    if (Date.parse(own[0]?.at ?? '') < startedAt) found++
  }
  if (made.length !== acknowledged.length) wrong.push(`${acknowledged.length} acknowledged, ${made.length} made`)
  wrong.push(...verifyChain(decisions, await store.chainHead()), ...(await misfits(store)))
  return found
}

/** What a decision changes, of all that `doctor --deep` looks at. */
const CHANGED: ReadonlySet<string> = new Set(['decisions', 'links', 'conflicts', 'entities', 'relationships', 'names'])

/** What `doctor --deep` finds wrong of it. */
export async function misfits(store: Store): Promise<string[]> {
  const checks = await store.check({ signal: new AbortController().signal, progress: () => {} })
  return checks
    .filter(({ check, wrong }) => wrong > 0 && CHANGED.has(check))
    .map(({ says, wrong, offenders }) => `not so: ${says}: ${wrong}, ${JSON.stringify(offenders[0])}`)
}

/** A process ends a while after it has said so many lines; the first is that the store is open. */
interface Life {
  readonly lines: number
  readonly after: number
}

const MOST_LINES = 12

/** What a process said, whole lines only, and how it ended; null: it was killed. */
function runAndKill(
  { address, environment }: Pick<StoreUnderTest, 'address' | 'environment'>,
  args: readonly string[],
  life: Life | null,
  { folder }: KillingPlan,
): Promise<{ lines: string[]; code: number | null; error: string }> {
  return new Promise((resolve, reject) => {
    const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') }
    const child = spawn(process.execPath, [PROCESS, address, ...args], {
      env: { PATH: process.env['PATH'], ...environment, ...compiled },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    let error = ''
    const killSoon = (): void => {
      if (lines.length === life?.lines) setTimeout(() => child.kill('SIGKILL'), life.after)
    }
    const reader = createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      killSoon()
    })
    const read = new Promise((done) => reader.on('close', done))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    child.on('error', reject)
    child.on('close', (code) => void read.then(() => resolve({ lines, code, error })))
    killSoon()
  })
}
