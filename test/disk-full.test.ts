import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { ingestArguments, INGEST_ENVIRONMENT } from './kill/kill-at-random.ts'
import { otherThan } from './kill/same-graph.ts'
import { prepareUndisturbed, type Undisturbed } from './kill/undisturbed.ts'
import { localVictim } from './kill/victims.ts'
import { mayMount, OWN_WORLD } from './small-disk.ts'
import { CLI } from './whygraph.ts'

const CONCURRENCY = 4
// Where a run meets the end of its room is chance, and once in some runs it is none of the places that are looked at.
describe.skipIf(process.platform === 'win32')('a local store that cannot grow', { timeout: 240_000, retry: 2 }, () => {
  let calm: Undisturbed
  /** Kilobytes that the store of an undisturbed run takes. */
  let size: number
  const plan = () => ({ ...calm, concurrency: CONCURRENCY })
  const store = () => join(calm.folder, 'store')

  beforeAll(async () => {
    calm = await prepareUndisturbed('full', { copies: 3, concurrency: CONCURRENCY, milliseconds: 10 })
    size = Math.round(statSync(join(calm.folder, 'undisturbed/whygraph.db')).size / 1024)
  }, 120_000)
  afterAll(() => calm.close())

  /** Runs a script in which `ingest NAME` ingests and leaves what it says in files of that name. */
  async function run(command: string, args: readonly string[], script: string): Promise<void> {
    rmSync(store(), { recursive: true, force: true })
    mkdirSync(store())
    calm.model.askings.length = 0
    const program = [process.execPath, CLI, ...ingestArguments(plan(), 'store')].map((word) => `'${word}'`).join(' ')
    const ingest = `ingest() { ${program} >"$1.out" 2>"$1.err"; echo $? >"$1.code"; }\n`
    const env = { PATH: process.env['PATH'], HOME: calm.folder, ...INGEST_ENVIRONMENT }
    await promisify(execFile)(command, [...args, ingest + script], { cwd: calm.folder, env })
  }

  function said(name: string): { code: number; summary: IngestSummary; stderr: string } {
    const [out, err, code] = ['out', 'err', 'code'].map((end) =>
      readFileSync(join(calm.folder, `${name}.${end}`), 'utf8'),
    )
    return { code: Number(code), summary: JSON.parse(out ?? '') as IngestSummary, stderr: err ?? '' }
  }

  /** A reply that had come to its end was kept, and what was asked again had not. */
  async function wentOn(stopped: ReturnType<typeof said>, after: ReturnType<typeof said>): Promise<void> {
    expect(after).toMatchObject({ code: 0, summary: { chunks: { pending: 0, failed: 0 } } })
    const { asked } = stopped.summary.replies
    expect(asked).toBeGreaterThan(0)
    const keys = calm.model.askings.map(({ key }) => key)
    const again = calm.model.askings.filter(({ key }, index) => keys.indexOf(key) < index)
    const first = new Map(calm.model.askings.toReversed().map((asking) => [asking.key, asking]))
    expect(again.filter(({ key }) => first.get(key)?.deliveredAt !== null)).toEqual([])
    expect(new Set(keys).size).toBe(calm.requests)
    const full = await localVictim(join(calm.folder, 'store')).open()
    expect(await otherThan(calm.undisturbed, full)).toEqual([])
    await full.close()
  }

  it.runIf(mayMount())('for want of room: says so, keeps what was paid, and goes on once there is room', async () => {
    const room = Math.round(size * 1.5) + 2048
    await run(
      'unshare',
      OWN_WORLD,
      `mount -t tmpfs -o size=${room}k tmpfs store && ingest one
       mount -o remount,size=200m store && ingest two && cp -a store kept`,
    )
    rmSync(store(), { recursive: true })
    execFileSync('mv', [join(calm.folder, 'kept'), store()])
    const [one, two] = [said('one'), said('two')]
    expect(one).toMatchObject({
      code: 6,
      summary: { stopped: { code: 'disk-full', hint: expect.stringContaining('Make room') } },
    })
    await wentOn(one, two)
  })

  it('for a limit of the largest file: the same', async () => {
    await run('/bin/sh', ['-c'], `( ulimit -f ${Math.round(size * 0.6) * 2}; ingest one ); ingest two`)
    const [one, two] = [said('one'), said('two')]
    expect(one).toMatchObject({
      code: 6,
      summary: { stopped: { code: 'disk-full', hint: expect.stringContaining('quota') } },
    })
    await wentOn(one, two)
  })
})
