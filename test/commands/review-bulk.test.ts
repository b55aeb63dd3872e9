import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fill } from '../../bench/copy/made-up-graph.ts'
import { verifyChain } from '../../src/review/verify-chain.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { sameAs } from '../same-as.ts'
import { readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson, whygraph, type Finished } from '../whygraph.ts'

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nBen leads Osprey.\n\nCleo knows Dora.\n',
  'b.md': 'Emil leads Merlin.\n\nFinn leads Hobby.\n',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-bulk-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Shown {
  readonly plan: string
  readonly links: readonly {
    readonly id: string
    readonly rev: number
    readonly before: string
    readonly after: string
  }[]
  readonly leftOut: { readonly count: number; readonly obstacles: Record<string, number> }
  readonly already: number
  readonly needsSeen: boolean
  readonly drawn: readonly { readonly id: string }[]
}

interface Done {
  readonly batch: string | null
  readonly decided: readonly { readonly id: string }[]
  readonly repeated: number
  readonly skipped: readonly { readonly id: string; readonly code: string; readonly message: string }[]
}

function runnerOf({ address, environment }: StoreUnderTest) {
  return (command: string, ...args: string[]): Promise<Finished> =>
    runHere(['review', ...command.split(' '), ...args, '--store', address], { cwd: folder, environment })
}

/** Statuses with what somebody said, of all links. */
async function standing(store: Store): Promise<Record<string, string>> {
  const links = await store.links(['proposed', 'held', 'accepted', 'rejected'])
  return Object.fromEntries(links.map((link) => [link.id, `${link.status} ${link.reviewedBy}`]))
}

async function chainProblems(store: Store): Promise<unknown> {
  return verifyChain(await store.decisions(), await store.chainHead())
}

eachStoreAtLength('review in bulk', (open) => {
  it('shows a plan, carries out what did not change since, and takes it back as a whole', async () => {
    const opened = await open()
    const { store } = opened
    const run = runnerOf(opened)
    await ingestTexts(store, readingEngine(), TEXTS)
    const whole = await snapshot(store)
    const before = await standing(store)
    const where = ['--where', 'type=LEADS confidence>=0.5']

    const unplanned = await run('accept', ...where, '--reviewer', 'rita')
    expect(unplanned).toMatchObject({ code: 2, stdout: '' })
    expect(unplanned.stderr).toContain('--dry-run')
    const dry = await run('accept', ...where, '--dry-run')
    expect(dry.stdout).toMatch(
      /^4 links to accept; nothing was written\n(?:\S{8}@0 {2}0\.90 {2}proposed → accepted .*\n){4}/,
    )
    const shown = parseJson<Shown>(await run('accept', ...where, '--dry-run', '--json'))
    expect(dry.stdout).toContain(`plan ${shown.plan}`)
    expect(dry.stderr).toContain(`accept --where 'type=LEADS confidence>=0.5' --plan ${shown.plan}\n`)
    expect(shown).toMatchObject({ needsSeen: false, already: 0, leftOut: { count: 0 } })
    expect(await snapshot(store)).toBe(whole)

    const carry = ['accept', ...where, '--plan', shown.plan, '--reviewer', 'rita']
    expect((await run(...(['reject', ...carry.slice(1)] as [string]))).stderr).toContain('is to accept links')
    expect((await run('accept', ...where, '--plan', 'a'.repeat(26))).stderr).toContain('there is no plan')

    const [theirs] = shown.links
    await run('reject', theirs?.id ?? '', '--reviewer', 'sam')
    const done = await run(...(carry as [string]))
    expect(done.code).toBe(1)
    expect(done.stderr).toMatch(
      /^skipped \S{8}: link \S+ is at revision 1, you decided on revision 0: sam chose reject/,
    )
    expect(done.stdout).toMatch(/^3 accepted, 1 skipped\nbatch 0\S{25} {2}saved ✓/)
    const decisions = await store.decisions()
    expect(new Set(decisions.filter(({ reviewer }) => reviewer === 'rita').map(({ batch }) => batch)).size).toBe(1)
    expect(await chainProblems(store)).toEqual([])

    const again = await run(...(carry as [string]), '--json')
    expect(parseJson<Done>(again)).toMatchObject({ decided: [], repeated: 3 })
    expect(await store.decisions()).toHaveLength(4)
    const { batch } = parseJson<Done>(again)

    const undone = await run('undo', (batch ?? '').slice(0, 20).toLowerCase(), '--reviewer', 'rita')
    expect(undone).toMatchObject({ code: 0, stderr: '' })
    expect(undone.stdout).toMatch(/^3 proposed\nbatch 0/)
    expect(await standing(store)).toEqual({ ...before, [theirs?.id ?? '']: 'rejected sam' })
    expect((await run('undo', batch ?? '', '--reviewer', 'rita')).code).toBe(3)

    expect((await run('redo', batch ?? '', '--reviewer', 'rita')).stdout).toMatch(/^3 accepted\n/)
    expect((await run('redo', batch ?? '', '--reviewer', 'rita')).code).toBe(3)
    expect((await run('undo', (batch ?? '').slice(0, 4), '--reviewer', 'rita')).stderr).toContain('(batch)')
    expect((await run('undo', batch ?? '', '--expect-rev', '1', '--reviewer', 'rita')).code).toBe(2)
    const requested = await run('undo', '--reviewer', 'rita', '--request-id', 'r1')
    expect(requested.stderr).toContain('with --request-id it has to be named')
    // Without an id: the last of one's own, and all that was decided with it.
    expect((await run('undo', '--reviewer', 'rita')).stdout).toMatch(/^3 proposed\n/)
    expect((await run('redo', '--reviewer', 'rita')).stdout).toMatch(/^3 accepted\n/)
    expect((await run('redo', '--reviewer', 'rita')).stderr).toContain('no undo of rita is in force')

    const mine = shown.links[1]?.id ?? ''
    await run('reject', mine, '--reviewer', 'sam')
    const kept = await run('undo', batch ?? '', '--reviewer', 'rita', '--json')
    expect(kept.code).toBe(1)
    const left = parseJson<Done>(kept)
    expect(left.decided).toHaveLength(2)
    expect(left.skipped).toMatchObject([{ id: mine, code: 'overruled' }])
    expect(left.skipped[0]?.message).toContain('sam chose reject since')
    expect(await standing(store)).toMatchObject({
      ...before,
      [theirs?.id ?? '']: 'rejected sam',
      [mine]: 'rejected sam',
    })
    expect(await chainProblems(store)).toEqual([])
  }, 240_000)

  it('leaves out of an accept what is accepted one by one only, and says how many and why', async () => {
    const opened = await open()
    const { store } = opened
    const run = runnerOf(opened)
    const texts = { 'a.md': 'Ana leads Kestrel.\n\nAna knows Anna.\n', 'b.md': 'Anna leads Kestrel.\n' }
    await ingestTexts(store, readingEngine(), texts)
    await store.propose([await sameAs(store, 'a.md', ['Ana', 'Anna'])])
    const pairs = (await store.links(['proposed'])).filter(({ type }) => type === 'SAME_AS').length
    expect(pairs).toBe(1)
    const shown = parseJson<Shown>(await run('accept', '--where', 'confidence>=0', '--dry-run', '--json'))
    expect(shown.leftOut).toMatchObject({ count: pairs, obstacles: { identity: pairs } })
    expect(shown.links.map(({ after }) => after)).toEqual(shown.links.map(() => 'accepted'))
    const text = await run('accept', '--where', 'confidence>=0', '--dry-run')
    expect(text.stdout).toContain(`${pairs}: whether two names are one thing is decided pair by pair`)

    // Whoever rejects names no fact, and may do it to pairs too.
    const reject = parseJson<Shown>(await run('reject', '--where', 'confidence>=0', '--dry-run', '--json'))
    expect(reject.links).toHaveLength(shown.links.length + pairs)
    const done = await run('reject', '--where', 'confidence>=0', '--plan', reject.plan, '--reviewer', 'rita')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(await store.links(['proposed'])).toEqual([])
    const none = await run('reject', '--where', 'status=rejected', '--dry-run')
    expect(none.stdout).toBe(`0 links to reject; nothing was written\n${reject.links.length} are rejected already\n`)
    expect((await run('reject', '--where', 'status=gone', '--dry-run')).code).toBe(2)
    expect((await run('reject', '--seen', reject.links[0]?.id ?? '')).stderr).toContain('are for --where')
    expect((await run('reject')).code).toBe(2)
  }, 240_000)

  it('goes on where it was killed, in the same batch, once some of more than 50 were looked at', async () => {
    const opened = await open()
    const { store, address, environment } = opened
    const run = runnerOf(opened)
    await fill(store, 800)
    const where = ['--where', 'status=proposed']
    const shown = parseJson<Shown>(await run('accept', ...where, '--dry-run', '--json'))
    const { plan, needsSeen, drawn } = shown
    expect(needsSeen).toBe(true)
    expect(drawn).toHaveLength(10)
    const text = await run('accept', ...where, '--dry-run')
    for (const { id } of drawn) expect(text.stdout).toContain(`· id ${id}`)
    const args = ['accept', ...where, '--plan', plan, '--reviewer', 'rita']
    expect((await run(...(args as [string]))).stderr).toContain('add --seen')
    expect(shown.links.length).toBeGreaterThan(750)

    const earlier = (await store.decisions()).length
    const over = new AbortController()
    const killed = whygraph(['review', ...args, '--seen', '--store', address], {
      cwd: folder,
      environment,
      onStart: (kill) => {
        const look = async (): Promise<void> => {
          while (!over.signal.aborted && (await store.decisions()).length === earlier) await pause(5)
          kill('SIGKILL')
        }
        void look()
      },
    })
    expect((await killed).code).toBe(null)
    over.abort()
    const begun = (await store.decisions()).filter(({ reviewer }) => reviewer === 'rita')
    expect(begun.length).toBeLessThan(shown.links.length)
    const ended = parseJson<Done>(await run(...(args as [string]), '--seen', '--json'))
    const all = (await store.decisions()).filter(({ batch }) => batch === ended.batch)
    expect(all).toHaveLength(shown.links.length)
    expect(new Set(all.map(({ linkId }) => linkId)).size).toBe(shown.links.length)
    expect(ended.repeated).toBeGreaterThanOrEqual(250)
    expect(ended.repeated + ended.decided.length).toBe(shown.links.length)
    expect(await chainProblems(store)).toEqual([])
    expect(await store.links(['proposed'])).toEqual([])
  }, 240_000)

  it('of several ids one that is refused keeps no other from being decided', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    const run = runnerOf(under)
    await ingestTexts(store, readingEngine(), TEXTS)
    await store.propose([await sameAs(store, 'a.md', ['Ana', 'Ben']), await sameAs(store, 'a.md', ['Cleo', 'Dora'])])
    const links = await store.links(['proposed'])
    const pairs = links.filter(({ type }) => type === 'SAME_AS').map(({ id }) => id)
    const [one = '', other = ''] = links.filter(({ type }) => type === 'LEADS').map(({ id }) => id)
    const ids = [pairs[0] ?? '', one, pairs[1] ?? '', other]
    const said = await run('accept', ...ids, '--reviewer', 'rita')
    expect(said.code).toBe(5)
    expect(said.stderr.match(/cannot be accepted together with others/g)).toHaveLength(2)
    expect(said.stdout.match(/: accepted, revision 1 {2}saved ✓/g)).toHaveLength(2)
    const now = await standing(store)
    expect(ids.map((id) => now[id])).toEqual(['proposed null', 'accepted rita', 'proposed null', 'accepted rita'])
    // A slip of the finger costs nothing: all are looked up first.
    expect((await run('reject', one, 'zzzzzzzz', '--reviewer', 'rita')).code).toBe(3)
    expect(await standing(store)).toEqual(now)
  })
})
