import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import type { Store } from '../src/store/store.ts'
import { ingestArguments, INGEST_ENVIRONMENT, readUndisturbed } from './kill/kill-at-random.ts'
import { writeOrganisation } from './kill/organisation.ts'
import { startReadingModel, type ReadingModel } from './kill/reading-model.ts'
import { otherThan } from './kill/same-graph.ts'
import { localVictim } from './kill/victims.ts'
import { mayMount, OWN_WORLD } from './small-disk.ts'
import { CLI } from './whygraph.ts'

const CONCURRENCY = 4
// Where a run meets the end of its room is chance, and once in some runs it is none of the places that are looked at.
describe.skipIf(process.platform === 'win32')('a local store that cannot grow', { timeout: 240_000, retry: 2 }, () => {
  let folder: string
  let model: ReadingModel
  let undisturbed: Store
  let requests: number
  /** Kilobytes that the store of an undisturbed run takes. */
  let size: number
  const plan = () => ({ folder, model, concurrency: CONCURRENCY })
  const store = () => join(folder, 'store')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'whygraph-full-'))
    mkdirSync(join(folder, 'repository'))
    writeOrganisation(join(folder, 'repository'), 3, false)
    model = await startReadingModel(10, 10)
    const calm = localVictim(join(folder, 'undisturbed'))
    await readUndisturbed(calm, plan())
    requests = model.askings.length
    undisturbed = await calm.open()
    size = Math.round(statSync(join(folder, 'undisturbed/whygraph.db')).size / 1024)
  }, 120_000)
  afterAll(async () => {
    await undisturbed.close()
    model.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs a script in which `ingest NAME` ingests and leaves what it says in files of that name. */
  async function run(command: string, args: readonly string[], script: string): Promise<void> {
    rmSync(store(), { recursive: true, force: true })
    mkdirSync(store())
    model.askings.length = 0
    const program = [process.execPath, CLI, ...ingestArguments(plan(), 'store')].map((word) => `'${word}'`).join(' ')
    const ingest = `ingest() { ${program} >"$1.out" 2>"$1.err"; echo $? >"$1.code"; }\n`
    const env = { PATH: process.env['PATH'], HOME: folder, ...INGEST_ENVIRONMENT }
    await promisify(execFile)(command, [...args, ingest + script], { cwd: folder, env })
  }

  function said(name: string): { code: number; summary: IngestSummary; stderr: string } {
    const [out, err, code] = ['out', 'err', 'code'].map((end) => readFileSync(join(folder, `${name}.${end}`), 'utf8'))
    return { code: Number(code), summary: JSON.parse(out ?? '') as IngestSummary, stderr: err ?? '' }
  }

  /** A reply that had come to its end was kept, and what was asked again had not. */
  async function wentOn(stopped: ReturnType<typeof said>, after: ReturnType<typeof said>): Promise<void> {
    expect(after).toMatchObject({ code: 0, summary: { chunks: { pending: 0, failed: 0 } } })
    const { asked } = stopped.summary.replies
    expect(asked).toBeGreaterThan(0)
    const keys = model.askings.map(({ key }) => key)
    const again = model.askings.filter(({ key }, index) => keys.indexOf(key) < index)
    const first = new Map(model.askings.toReversed().map((asking) => [asking.key, asking]))
    expect(again.filter(({ key }) => first.get(key)?.deliveredAt !== null)).toEqual([])
    expect(new Set(keys).size).toBe(requests)
    const full = await localVictim(join(folder, 'store')).open()
    expect(await otherThan(undisturbed, full)).toEqual([])
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
    execFileSync('mv', [join(folder, 'kept'), store()])
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
