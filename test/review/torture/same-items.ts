import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { verifyChain } from '../../../src/review/verify-chain.ts'
import type { StoreUnderTest } from '../../stores.ts'
import { misfits } from './kill-reviewers.ts'
import type { OnSameItems } from './same-items-process.ts'

const PROCESS = fileURLToPath(new URL('same-items-process.ts', import.meta.url))
const NAMES = ['rita', 'sam'] as const

export interface SameItemsReport {
  readonly items: number
  readonly seconds: number
  /** How many links each decided about, and of how many each was told that the other one had. */
  readonly decided: readonly number[]
  readonly conflicts: readonly number[]
  readonly wrong: readonly string[]
}

/**
 * Sets two processes on all links that wait, at the same moment and in the same order, or (`steered`) by the queue with its
 * leases; then looks whether each link has one decision, that of whoever was told that theirs is saved.
 */
export async function decideTheSame(
  under: StoreUnderTest,
  folder: string,
  how: 'steered' | 'unsteered',
): Promise<SameItemsReport> {
  const { store } = under
  const linkIds = (await store.links(['proposed'])).map(({ id }) => id)
  const file = join(folder, 'same-links.json')
  writeFileSync(file, JSON.stringify(linkIds))
  const before = (await store.chainHead()).sequence
  const reviewers = await Promise.all(NAMES.map((name) => begin(under, [file, name, how])))
  const started = performance.now()
  const said = await Promise.all(reviewers.map((go) => go()))
  const seconds = (performance.now() - started) / 1000

  const wrong: string[] = []
  const decisions = await store.decisions({ order: 'sequence' })
  const made = Map.groupBy(
    decisions.filter(({ sequence }) => sequence > before),
    ({ linkId }) => linkId,
  )
  for (const id of linkIds) {
    const own = made.get(id) ?? []
    const acknowledged = said.flatMap(({ decided }) => decided[id] ?? [])
    if (own.length !== 1) wrong.push(`${own.length} decisions about link ${id}`)
    if (acknowledged.length !== 1) wrong.push(`${acknowledged.length} were told that they decided about link ${id}`)
    if (own[0]?.id !== acknowledged[0]) wrong.push(`link ${id} was not decided by whoever was told so`)
    const link = await store.link(id)
    const verdict = own[0]?.verdict === 'accept' ? 'accepted' : 'rejected'
    if (link?.status !== verdict || link.reviewedBy !== own[0]?.reviewer || link.rev !== 1)
      wrong.push(`link ${id} is ${link?.status} by ${link?.reviewedBy}, and was ${verdict} by ${own[0]?.reviewer}`)
    const heard = said.filter(({ decided, conflicts }) => id in decided || conflicts.includes(id)).length
    if (how === 'unsteered' && heard !== 2) wrong.push(`of link ${id} somebody was told nothing`)
  }
  wrong.push(...verifyChain(decisions, await store.chainHead()), ...(await misfits(store)))
  const decided = said.map((one) => Object.keys(one.decided).length)
  return { items: linkIds.length, seconds, decided, conflicts: said.map(({ conflicts }) => conflicts.length), wrong }
}

/** Starts a reviewer, and returns, when their store is open, what lets them begin. */
async function begin(
  { address, environment }: Pick<StoreUnderTest, 'address' | 'environment'>,
  args: readonly string[],
): Promise<() => Promise<OnSameItems>> {
  const child = spawn(process.execPath, [PROCESS, address, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ready = new Promise((resolve) => child.stdout.once('readable', resolve))
  await ready
  return async () => {
    child.stdin.write('begin\n')
    const printed = await text(child.stdout)
    return JSON.parse(printed.replace('ready\n', '')) as OnSameItems
  }
}
