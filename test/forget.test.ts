import { zipSync } from 'fflate'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { Status } from '../src/commands/status.ts'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { FileJournal } from '../src/journal/file-journal.ts'
import { decideLink } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import { verifyChain } from '../src/review/verify-chain.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { forget, type ForgetSummary } from '../src/taking-in/forget.ts'
import { ingestTexts } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { answerWith, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStore } from './stores.ts'

vi.setConfig({ testTimeout: 180_000 })

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-forget-'))
  folders.push(folder)
  return folder
}

/** A word that stands in the document that is to be forgotten, and nowhere else. */
const MARKER = 'Zanzibarquux'
const NOW = '2026-01-01T00:00:00.000Z'
const now = new Date(NOW)

/** The files in which one of the words stands, whatever the case. */
function filesWith(folder: string, words: readonly string[]): string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path, 'latin1').toLowerCase()
      return words.some((word) => content.includes(word.toLowerCase()))
    })
}

eachStore('forgetting a document', (open, kind, itAtLength) => {
  /** Reads "Ana leads Ben." as a link, and says again in its summary whatever it was asked about. */
  const engine = () =>
    scriptedEngine(({ question }) => {
      const links = question.units.flatMap(({ s, text }) => {
        const [, subject, type, object] = /^(\w+) (\w+) (\w+)\.$/.exec(text) ?? []
        return subject && type && object ? [{ subject, type: type.toUpperCase(), object, quote: text, s }] : []
      })
      const summary = question.units.map(({ text }) => text).join(' ')
      return JSON.stringify({ ...(JSON.parse(answerWith(links)) as object), summary })
    })

  async function forgetPaths(store: Store, paths: readonly string[], tables = new Tables(null), journal?: FileJournal) {
    const documents = (await Promise.all(paths.map((path) => store.documentsAt(path)))).flat()
    const parts = { store, tables, journal: journal ?? NO_JOURNAL, prices: { currency: 'usd', models: {} } }
    return forget(documents, parts, { dryRun: false, now: NOW })
  }
  const everything = async (store: Store): Promise<string> => (await snapshot(store)).toLowerCase()

  it('leaves no name in what is kept of prompts about other documents', async () => {
    const { store, address } = await open()
    const name = `Kestrel ${MARKER}`
    const reader = scriptedEngine(({ question: { units } }) => {
      const [{ text = '' } = {}] = units
      return answerWith(text.includes(name) ? [{ subject: 'Ben', type: 'LEADS', object: name, quote: text }] : [])
    })
    await ingestTexts(store, reader, { 'a.md': `Ben leads ${name}.` })
    await ingestTexts(store, reader, { 'b.md': 'Kestrel is late.' })
    expect(reader.asked.at(-1)?.prompt).toContain(`Known names, to reuse where meant: ${name}`)
    await forgetPaths(store, ['a.md'])
    expect(await everything(store)).not.toContain(MARKER.toLowerCase())
    if (kind === 'local') expect(filesWith(address, [MARKER])).toEqual([])
  })

  it(
    'leaves nothing of its text, not of earlier versions either, in the graph and in the files',
    { timeout: 180_000 },
    async () => {
      const { store, address } = await open()
      const folder = kind === 'local' ? address : newFolder()
      const tables = new Tables(join(folder, 'tables.duckdb'))
      const texts = { 'keep.md': 'Ana leads Ben.\n', 'secret.md': `${MARKER} leads Ben.\nCid knows ${MARKER}.\n` }
      await ingestTexts(store, engine(), texts, {}, undefined, tables)
      // An earlier version, a reply that nothing came of, a table, and what lies in an archive.
      await ingestTexts(
        store,
        engine(),
        { 'secret.md': `Eva leads Ben. And ${MARKER}two slept.\n` },
        {},
        undefined,
        tables,
      )
      await ingestTexts(
        store,
        engine(),
        { 'secret.md': `Eva leads Ben. And ${MARKER}three woke.\n` },
        {},
        undefined,
        tables,
      )
      const csv = `person,team\n${MARKER},One\nBo,${MARKER}\n`
      const box = zipSync({ 'in.csv': Buffer.from(csv), 'in.txt': Buffer.from(`Dan knows ${MARKER}.`) })
      await ingestTexts(store, engine(), { 'box.zip': box }, {}, undefined, tables)
      await tables.close()
      expect(await everything(store)).toContain(MARKER.toLowerCase()) // and the projection is built
      if (kind === 'local') expect(filesWith(folder, [MARKER]).length).toBeGreaterThan(1)

      const summary = await forgetPaths(store, ['secret.md', 'box.zip'], tables)
      expect(summary.documents.map(({ path }) => path).toSorted()).toEqual([
        'box.zip',
        'box.zip/in.csv',
        'box.zip/in.txt',
        'secret.md',
      ])
      await tables.close()
      if (kind === 'local') expect(filesWith(folder, [MARKER])).toEqual([])
      const left = await everything(store)
      expect(left).not.toContain(MARKER.toLowerCase())
      expect(left).not.toMatch(/secret\.md|box\.zip/)
      expect((await store.links(['proposed'])).map(({ subject, object }) => [subject, object])).toEqual([
        ['Ana', 'Ben'],
      ])
      if (kind === 'local') expect(filesWith(folder, [MARKER])).toEqual([])
    },
  )

  itAtLength('what other documents say stays as if it had never been there', async () => {
    const { store } = await open()
    await ingestTexts(store, engine(), { 'a.md': 'Ana leads Ben.\n' })
    const before = await snapshot(store, ['Run', 'Schema'])
    await ingestTexts(store, engine(), { 'c.md': 'Ana leads Ben.\nBen knows Cid.\n' })
    const link = (await store.links(['proposed'])).find(({ subject }) => subject === 'Ana')
    expect(link?.supports).toBe(2)
    await forgetPaths(store, ['c.md'])
    expect(await store.link(link?.id as string)).toMatchObject({ supports: 1, items: [{ place: 'a.md l. 1' }] })
    expect(await snapshot(store, ['Run', 'Schema'])).toBe(before)
  })

  it('decisions stay, and count again when another source says the same', async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, engine(), { 'a.md': 'Ana leads Ben.\nCid leads Dan.\n', 'b.md': 'Eva leads Fay.\n' })
    const idOf = async (name: string): Promise<string> =>
      (await store.links(['proposed'])).find(({ subject }) => subject === name)?.id as string
    const [accepted, rejected] = [await idOf('Ana'), await idOf('Cid')]
    await decideLink(store, accepted, 'accept', { reviewer: 'rita', note: 'seen it' }, now)
    await decideLink(store, rejected, 'reject', { reviewer: 'rita' }, now)
    const summary = await forgetPaths(store, ['a.md'])
    expect(summary).toMatchObject({ links: 2 })
    expect(summary.decided.map(({ subject, status, decisions }) => [subject, status, decisions]).toSorted()).toEqual([
      ['Ana', 'accepted', 1],
      ['Cid', 'rejected', 1],
    ])
    expect(await store.link(accepted)).toBeNull()
    expect((await store.links(['accepted', 'rejected'])).length).toBe(0)
    const decisions = await store.decisions({ order: 'sequence' })
    expect(decisions.map(({ verdict, note }) => [verdict, note])).toEqual([
      ['accept', 'seen it'],
      ['reject', null],
    ])
    expect(verifyChain(decisions, await store.chainHead())).toEqual([])
    const status = await runHere(['status', '--json', '--store', address], { cwd: newFolder(), environment })
    expect(JSON.parse(status.stdout)).toMatchObject({ decisions: 2, unsupported: 0 })
    expect(Object.keys((JSON.parse(status.stdout) as Status).links)).toEqual(['proposed'])
    await expect(decideLink(store, accepted, 'reject', { reviewer: 'rita' }, now)).rejects.toThrow('was forgotten')
    await expect(undoDecision(store, undefined, { reviewer: 'rita' }, now)).rejects.toThrow('was forgotten')
    const run = (...args: string[]) => runHere([...args, '--store', address], { cwd: newFolder(), environment })
    expect(await run('show', accepted)).toMatchObject({ code: 3, stderr: expect.stringContaining('was forgotten') })
    expect((await run('review', 'log')).stdout).toContain(`${accepted} (forgotten)`)
    expect((await run('doctor', '--deep')).stdout).toContain('nothing wrong was found')
    await ingestTexts(store, engine(), { 'z.md': 'Ana leads Ben.\nCid leads Dan.\n' })
    expect(await store.link(accepted)).toMatchObject({ status: 'accepted', unsupported: false, reviewNote: 'seen it' })
    expect(await store.link(rejected)).toMatchObject({ status: 'rejected' })
  })

  it('one that was broken off is done by the next try', async () => {
    const { store } = await open()
    await ingestTexts(store, engine(), { 'a.md': `Ana leads ${MARKER}.\n`, 'b.md': 'Eva leads Fay.\n' })
    const { write } = store.database
    let count = 0
    const dying: typeof write = (work) =>
      ++count > 4
        ? Promise.reject(new Error('killed'))
        : (write.call(store.database, work) as ReturnType<typeof write<never>>)
    store.database.write = dying
    await expect(forgetPaths(store, ['a.md'])).rejects.toThrow('killed')
    store.database.write = write
    expect(await forgetPaths(store, ['a.md'])).toMatchObject({ documents: [{ path: 'a.md' }] })
    expect(await store.unfinishedRuns('forget')).toEqual([])
    expect(await everything(store)).not.toContain(MARKER.toLowerCase())
  })

  itAtLength(
    'one that was broken off when all was removed but the files not cleaned, is ended by the next',
    async () => {
      const { store, address, environment } = await open()
      await ingestTexts(store, engine(), { 'a.md': `Ana leads ${MARKER}.\n`, 'b.md': 'Eva leads Fay.\n' })
      const { scrub } = store.database
      store.database.scrub = () => Promise.reject(new Error('killed'))
      await expect(forgetPaths(store, ['a.md'])).rejects.toThrow('killed')
      store.database.scrub = scrub
      if (kind === 'local') expect(filesWith(address, [MARKER])).not.toEqual([])
      const args = ['forget', 'a.md', '--yes', '--store', address]
      const { code, stderr } = await runHere(args, { cwd: newFolder(), environment })
      expect(code).toBe(3)
      expect(stderr).toContain('is out of them now')
      if (kind === 'local') expect(filesWith(address, [MARKER])).toEqual([])
    },
  )

  itAtLength('replies that a killed run left in the journal go too', async () => {
    const { store } = await open()
    await ingestTexts(store, engine(), { 'a.md': 'Ana leads Ben.\n' })
    const [chunk] = await store.chunks((await store.documentsAt('a.md'))[0]?.id as string)
    const folder = newFolder()
    const killed = new FileJournal(folder, 'test', () => {})
    const head = { requestHash: 'r', chunkId: 'of-before', documentId: chunk?.documentId as string, fingerprint: 'f' }
    const entry = killed.begin({ ...head, engine: 'chat', model: 'm', runId: 'run' })
    entry.note({ type: 'reasoning-delta', text: `I think of ${MARKER}.` })
    entry.end('aborted')
    const running = new FileJournal(folder, 'test', () => {})
    await expect(forgetPaths(store, ['a.md'], undefined, running)).rejects.toThrow('another process')
    killed.close()
    expect(filesWith(folder, [MARKER])).toHaveLength(1)
    expect(await forgetPaths(store, ['a.md'], undefined, running)).toMatchObject({ replies: 2 })
    running.close()
    expect(filesWith(folder, [MARKER])).toEqual([])
    expect(await everything(store)).not.toContain(MARKER.toLowerCase())
  })

  itAtLength('on the command line it wants to be told that it is meant', { timeout: 120_000 }, async () => {
    const { store, address, environment } = await open()
    const cwd = newFolder()
    mkdirSync(join(cwd, 'sub'))
    writeFileSync(join(cwd, 'sub/a.md'), 'Ana Ruiz works for Acme.\n')
    writeFileSync(join(cwd, 'sub/b.md'), `Bo Lindqvist works for ${MARKER}.\n`)
    writeFileSync(join(cwd, 'c.md'), 'Chen Wei works for Acme.\n')
    const run = (...args: string[]) => runHere([...args, '--store', address], { cwd, environment })
    await run('ingest', '.')
    const asked = await run('forget', 'sub')
    expect(asked).toMatchObject({ code: 2 })
    expect(asked.stdout).toMatch(/documents +2\n +sub\/a\.md\n +sub\/b\.md\nreplies +2,.*\n[^]*nothing was removed/)
    expect(asked.stderr).toContain('--yes')
    expect(await run('forget', 'sub', '--dry-run')).toMatchObject({ code: 0 })
    expect(await run('forget', 'nowhere.md', '--yes')).toMatchObject({ code: 3 })
    expect((await store.documentsAt('sub/b.md')).length).toBe(1)
    const { code, stdout, stderr } = await run('forget', './sub/b.md', '--yes', '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout) as ForgetSummary).toMatchObject({
      version: 1,
      dryRun: false,
      documents: [{ path: 'sub/b.md' }],
    })
    expect(stderr).toMatch(/Its file is still there \(sub\/b\.md\): the next ingest/)
    expect(await everything(store)).not.toContain(MARKER.toLowerCase())
    if (kind === 'local') expect(filesWith(address, [MARKER])).toEqual([])
    expect((await store.links(['proposed'])).length).toBe(2)
  })
})
