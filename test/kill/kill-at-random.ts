import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readJournaled } from '../../src/journal/lines.ts'
import { isWhole, type Reply } from '../../src/model/reply.ts'
import { readReply } from '../../src/store/reply-records.ts'
import type { Store } from '../../src/store/store.ts'
import { childrenOf, isAlive } from '../children.ts'
import { random } from '../random.ts'
import { whygraph, type Finished, type RunOptions } from '../whygraph.ts'
import { keyIn, type Asking, type ReadingModel } from './reading-model.ts'
import { otherThan } from './same-graph.ts'

/** A store to kill ingests into. */
export interface Victim {
  readonly address: string
  readonly environment: Readonly<Record<string, string>>
  open(): Promise<Store>
  empty(): Promise<void>
}

export interface KillPlan {
  /** Holds the folder `repository`; the journal, and a local store, are in its `.whygraph`. */
  readonly folder: string
  readonly model: ReadingModel
  readonly concurrency: number
  /** Another build of the command line than this source. */
  readonly cli?: string
  /** How many kills; the last run ends by itself. */
  readonly kills: number
  readonly seed: number
  /** Longest time, in milliseconds, from the start of a process or from its first request to its end. */
  readonly longest: number
  readonly say?: (line: string) => void
}

export interface KillReport {
  readonly kills: number
  /** Of them those with all processes that it had started. */
  readonly withChildren: number
  /** Of them those before the first request of their process. */
  readonly early: number
  /** Times that all documents were read to the end, from an empty store. */
  readonly rounds: number
  readonly asked: number
  /** How many of them had been asked before: in flight at a kill, or not yet read by the process. */
  readonly askedAgain: number
  /** Replies that had left the server and were not kept: how long before the kill, in milliseconds. */
  readonly unread: readonly number[]
  /** What must not be, in words. */
  readonly wrong: readonly string[]
}

/**
 * Kills ingests at random moments, alone or with all that they have started, runs them again until one comes to its end,
 * and compares what is in the store then with `undisturbed`; again from the beginning until there were so many kills.
 */
export async function killAtRandom(undisturbed: Store, victim: Victim, plan: KillPlan): Promise<KillReport> {
  const next = random(plan.seed)
  const sum = { kills: 0, withChildren: 0, early: 0, rounds: 0, asked: 0, askedAgain: 0 }
  const [unread, wrong]: [number[], string[]] = [[], []]
  while (sum.kills < plan.kills) {
    await victim.empty()
    rmSync(join(plan.folder, '.whygraph'), { recursive: true, force: true })
    const round = new Round(`round ${++sum.rounds}`, wrong)
    for (let isOver = false; !isOver;) {
      plan.model.askings.length = 0
      const moment = sum.kills < plan.kills ? chooseMoment(next, plan.longest) : null
      const { finished, killedAt, orphans } = await runAndKill(victim, plan, moment)
      round.asked(plan.model.askings)
      isOver = killedAt === null
      if (killedAt === null) {
        if (finished.code !== 0) round.fail(`ended with ${finished.code}: ${finished.stdout}${finished.stderr}`)
        break
      }
      sum.kills++
      if (orphans.length > 0) round.fail(`processes were left behind: ${orphans.join(', ')}`)
      if (moment?.withChildren === true) sum.withChildren++
      if (plan.model.askings.length === 0) sum.early++
      unread.push(...round.keep(await keptKeys(victim, plan.folder), plan.model.askings, killedAt))
    }
    await round.verify(undisturbed, victim, plan.folder)
    sum.asked += round.count
    sum.askedAgain += round.again
    plan.say?.(
      `${round.name}: ${sum.kills} kills, ${round.count} asked, ${round.again} of them again; ${wrong.length} wrong`,
    )
  }
  return { ...sum, unread: unread.toSorted((a, b) => a - b), wrong }
}

interface Moment {
  /** From the start of the process, or from its first request. */
  readonly from: 'start' | 'request'
  readonly after: number
  readonly withChildren: boolean
}

function chooseMoment(next: (below: number) => number, longest: number): Moment {
  const from = next(4) === 0 ? 'start' : 'request'
  return { from, after: next(longest), withChildren: next(3) === 0 }
}

interface Ending {
  readonly finished: Finished
  /** Null where it came to its end before. */
  readonly killedAt: number | null
  /** Processes that it had started and that live on. */
  readonly orphans: readonly number[]
}

async function runAndKill(victim: Victim, plan: KillPlan, moment: Moment | null): Promise<Ending> {
  const { model } = plan
  let killedAt: number | null = null
  let timer: NodeJS.Timeout | undefined
  let started = 0
  const children = new Set<number>()
  const killSoon = (): void => {
    if (moment === null) return
    timer = setTimeout(() => {
      if (!isAlive(started)) return
      for (const { pid } of childrenOf(started)) children.add(pid)
      process.kill(started, 'SIGKILL')
      killedAt = performance.now()
      if (moment.withChildren) for (const pid of children) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }, moment.after)
  }
  model.onAsked = () => {
    model.onAsked = () => {}
    if (moment?.from === 'request') killSoon()
  }
  const finished = await ingestRepository(victim, plan, (_, pid) => {
    started = pid
    if (moment?.from === 'start') killSoon()
  })
  clearTimeout(timer)
  const wasKilled = finished.code === null
  return { finished, killedAt: wasKilled ? killedAt : null, orphans: await outliving(children) }
}

/** Those that do not end within some seconds, as they should once nobody is there whom they serve. */
async function outliving(pids: ReadonlySet<number>): Promise<number[]> {
  const end = Date.now() + ORPHANED_MILLISECONDS
  for (;;) {
    const left = [...pids].filter(isAlive)
    if (left.length === 0 || Date.now() > end) return left
    await pause(20)
  }
}

const ORPHANED_MILLISECONDS = 20_000

/** Small chunks, so that there are many requests. */
export const INGEST_ENVIRONMENT = { WHYGRAPH_SOURCE: 'organisation', WHYGRAPH_CHUNK_TOKENS: '250' }

export type IngestPlan = Pick<KillPlan, 'folder' | 'model' | 'concurrency' | 'cli'>

export function ingestRepository(
  { address, environment }: Pick<Victim, 'address' | 'environment'>,
  plan: IngestPlan,
  onStart?: RunOptions['onStart'],
): Promise<Finished> {
  const { folder, cli } = plan
  const options = { cwd: folder, environment: { ...environment, ...INGEST_ENVIRONMENT } }
  return whygraph(ingestArguments(plan, address), {
    ...options,
    ...(cli === undefined ? {} : { cli }),
    ...(onStart === undefined ? {} : { onStart }),
  })
}

export function ingestArguments({ model, concurrency }: IngestPlan, store: string): string[] {
  const engine = ['--engine', 'chat', '--model', 'reader', '--base-url', model.url]
  return ['ingest', 'repository', ...engine, '--concurrency', String(concurrency), '--store', store, '--json']
}

/** Reads the repository from an empty store to the end, and says how long that took from the first request on. */
export async function readUndisturbed(victim: Victim, plan: IngestPlan): Promise<number> {
  let first = NaN
  plan.model.onAsked = () => (first ||= performance.now())
  const finished = await ingestRepository(victim, plan)
  if (finished.code !== 0) throw new Error(`the undisturbed run ended with ${finished.code}: ${finished.stderr}`)
  return performance.now() - first
}

/** Requests of which a whole reply is in the store or the journal. */
async function keptKeys(victim: Victim, folder: string): Promise<Set<string>> {
  const replies = [...journaled(folder), ...(await storedReplies(victim))]
  return new Set(replies.filter(({ finish }) => isWhole(finish)).flatMap(({ content }) => keyIn(content) ?? []))
}

async function storedReplies(victim: Victim): Promise<Reply[]> {
  const store = await victim.open()
  try {
    return (await store.database.read((reader) => reader.list('Reply'))).map(readReply)
  } finally {
    await store.close()
  }
}

function journaled(folder: string): Reply[] {
  return journalFiles(folder).flatMap((path) => {
    const read = readJournaled(readFileSync(path, 'utf8'), new Date())
    return typeof read === 'object' ? [read.reply] : []
  })
}

function journalFiles(folder: string): string[] {
  const journal = join(folder, '.whygraph/replies')
  if (!existsSync(journal)) return []
  const names = readdirSync(journal, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(journal, name))
}

/** What is known of one store from its first run to the end of its last. */
class Round {
  readonly name: string
  count = 0
  again = 0
  readonly #wrong: string[]
  /** How often each request was made. */
  readonly #asked = new Map<string, number>()
  /** After which kills a request that had been made was not kept. */
  readonly #lost = new Map<string, number>()
  #kept: ReadonlySet<string> = new Set()

  constructor(name: string, wrong: string[]) {
    this.name = name
    this.#wrong = wrong
  }

  fail(what: string): void {
    this.#wrong.push(`${this.name}: ${what}`)
  }

  /** What one run has asked. */
  asked(askings: readonly Asking[]): void {
    for (const { key } of askings) {
      const before = this.#asked.get(key) ?? 0
      this.#asked.set(key, before + 1)
      this.count++
      if (before > 0) this.again++
      if (this.#kept.has(key)) this.fail(`request ${key} was kept, and made again`)
      else if (before > (this.#lost.get(key) ?? 0)) this.fail(`request ${key} was made ${before + 1} times`)
    }
  }

  /** What was there when a run had been killed. Returns how old the replies were that had been sent and not kept. */
  keep(kept: ReadonlySet<string>, askings: readonly Asking[], killedAt: number): number[] {
    for (const key of this.#kept) if (!kept.has(key)) this.fail(`the reply to ${key} was kept, and is lost`)
    this.#kept = kept
    const gone = askings.filter(({ key }) => !kept.has(key))
    for (const { key } of gone) this.#lost.set(key, (this.#lost.get(key) ?? 0) + 1)
    return gone.flatMap(({ deliveredAt }) =>
      deliveredAt === null || deliveredAt > killedAt ? [] : [killedAt - deliveredAt],
    )
  }

  async verify(undisturbed: Store, victim: Victim, folder: string): Promise<void> {
    const left = journalFiles(folder)
    if (left.length > 0) this.fail(`left in the journal: ${left.join(', ')}`)
    const store = await victim.open()
    try {
      const differences = await otherThan(undisturbed, store)
      if (differences.length > 0) this.fail(`${differences.length} differences: ${differences.slice(0, 10).join('; ')}`)
      const { signal } = new AbortController()
      for (const { says, wrong, offenders } of await store.check({ signal, progress: () => {} }))
        if (wrong > 0) this.fail(`doctor --deep: not so: ${says}: ${wrong}, ${JSON.stringify(offenders[0])}`)
    } finally {
      await store.close()
    }
    for (const [key, count] of payments(await storedReplies(victim)))
      if (count !== 1) this.fail(`request ${key} was paid for ${count} times`)
  }
}

/** How many whole replies to each request cost something. */
function payments(replies: readonly Reply[]): Map<string, number> {
  const paid = new Map<string, number>()
  for (const { finish, content, usage } of replies) {
    const key = keyIn(content)
    if (key === undefined || !isWhole(finish)) continue
    paid.set(key, (paid.get(key) ?? 0) + ((usage.output ?? 0) > 0 ? 1 : 0))
  }
  return paid
}
