import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileJournal } from '../../src/journal/file-journal.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { runCli } from '../../src/run-cli.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'
import { HEAD } from '../journal/words.ts'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-rebuild-'))
  writeFileSync(join(folder, 'a.md'), 'Dr. Amara Okafor leads the Atlas project.\n')
  expect((await runHere(['ingest', 'a.md'], { cwd: folder })).code).toBe(0)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function inStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = new Store(await openLocalDatabase(join(folder, '.whygraph')), derivation)
  await work(store)
  await store.close()
}

describe('whygraph rebuild', () => {
  it('says that nothing changed, and leaves no run behind', async () => {
    const { code, stdout } = await runHere(['rebuild', '--from', 'replies'], { cwd: folder })
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '0 changed' })
    expect(stdout).toContain('replies    1 read again, 0 changed')
    const runs = ['query', "MATCH (r:Run) WHERE r.command = 'rebuild' RETURN count(r)", '--format', 'csv']
    expect((await runHere(runs, { cwd: folder })).stdout.trim().split('\n').at(-1)).toBe('0')
  })

  it('a dry run says what lies in the journal; a run says what it left there, and where', async () => {
    const journal = new FileJournal(join(folder, '.whygraph/replies'), 'another store', () => {})
    journal.begin(HEAD).note({ type: 'answer-delta', text: '{' })
    journal.close()
    const command = ['rebuild', '--from', 'replies']
    const dry = await runHere([...command, '--dry-run'], { cwd: folder })
    expect(dry.stdout).toContain('waiting    1 in the journal')
    const { stdout } = await runHere(command, { cwd: folder })
    expect(stdout).toMatch(/replies +1 left in .*replies: for another store/)
    rmSync(join(folder, '.whygraph/replies'), { recursive: true })
  })

  it('lists what it does not understand any more, with its place, and exits with 1', async () => {
    await inStore(async (store) => {
      const [reply] = await store.database.read((reader) => reader.list('Reply'))
      const properties = { content: 'garbled \u001b[31m' }
      await store.database.write((writer) => writer.patchNodes('Reply', [{ id: reply?.id ?? '', properties }]))
    })
    const { code, stdout } = await runHere(['rebuild', '--from', 'replies', '--dry-run'], { cwd: folder })
    expect(code).toBe(1)
    expect(stdout).toMatch(/unreadable 1 not readable any more.*\n +a\.md chunk 1, reply \w{8}: the answer holds no/)
    expect(stdout).toContain('0 would be changed; nothing was written')
    const json = await runHere(['rebuild', '--from', 'replies', '--json'], { cwd: folder })
    expect(parseJson(json)).toMatchObject({
      version: 1,
      changed: 0,
      replies: { unreadable: [{ where: 'a.md chunk 1' }] },
    })
  })

  it('says under which schema it read replies whose own is not kept', async () => {
    await inStore(async (store) => {
      const kept = await store.database.read((reader) => reader.list('Schema'))
      await store.database.write((writer) =>
        writer.removeNodes(
          'Schema',
          kept.map((node) => node.id),
        ),
      )
    })
    writeFileSync(join(folder, 'other.yaml'), 'open: true\n')
    // As without --dry-run it would be refused.
    expect(await runHere(['rebuild', '--from', 'replies', '--dry-run'], { cwd: folder })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('schemas that chunks were read by are missing'),
    })
    const built = await runHere(['rebuild', '--from', 'replies', '--dry-run', '--force'], { cwd: folder })
    expect(built.stdout).toContain('1 reply read under the built-in schema')
    const given = await runHere(['rebuild', '--from', 'replies', '--dry-run', '--schema', 'other.yaml'], {
      cwd: folder,
    })
    expect(given.stdout).toContain(`read under ${join(folder, 'other.yaml')}`)
  })

  it('interrupted, it says so and exits with 130', async () => {
    let said = ''
    const sink = () => new Writable({ write: (text, _, done) => done(void (said += String(text))) })
    const code = await runCli(['rebuild'], {
      cwd: folder,
      environment: {},
      stdout: sink(),
      stderr: sink(),
      stdin: process.stdin,
      signal: AbortSignal.abort(),
      version: '0',
    })
    expect(code).toBe(130)
    expect(said).toContain('interrupted')
  })

  it('wants a store that is there and a source that it knows', async () => {
    expect((await runHere(['rebuild', '--store', 'nowhere'], { cwd: folder })).code).toBe(3)
    const { code, stderr } = await runHere(['rebuild', '--from', 'memory'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('proposals, replies')
    expect((await runHere(['rebuild', '--help'])).stdout).toMatch(/Example: whygraph rebuild --from replies/)
  })
})
