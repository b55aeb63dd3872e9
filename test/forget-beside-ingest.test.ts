import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import type { Store } from '../src/store/store.ts'
import { startReadingModel, type ReadingModel } from './kill/reading-model.ts'
import { runHere } from './run-here.ts'
import { snapshot } from './snapshot.ts'
import { eachStoreAtLength, type StoreUnderTest } from './stores.ts'
import { parseJson, whygraph, type Finished } from './whygraph.ts'

const folders: string[] = []
let model: ReadingModel
beforeAll(async () => {
  model = await startReadingModel(2, 1)
})
afterAll(() => {
  model.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A name that stands in the document that is forgotten, and nowhere else. */
const MARKER = 'Zanzibarquux'
const TEXTS = {
  'docs/gone.md': `${MARKER} Ruiz works with Bernard Lind, and Bernard Lind works with ${MARKER} Ruiz.\n`,
  'docs/kept.md': 'Chen Wei works with Bernard Lind.\n',
}

/** What an ingest is doing, and how it ends. */
interface Held {
  /** The model was asked and has said nothing. */
  readonly isAsked: Promise<void>
  readonly goOn: () => void
  readonly kill: () => void
  readonly ended: Promise<Finished>
}

eachStoreAtLength('forgetting a document beside an ingest that reads it', (open, kind) => {
  function prepare({ store, address, environment }: StoreUnderTest) {
    const cwd = mkdtempSync(join(tmpdir(), 'whygraph-beside-'))
    folders.push(cwd)
    mkdirSync(join(cwd, 'docs'))
    for (const [path, text] of Object.entries(TEXTS)) writeFileSync(join(cwd, path), text)
    const args = ['--engine', 'chat', '--model', 'reader', '--base-url', model.url, '--concurrency', '1', '--json']
    const options = { cwd, environment }
    /** Until it is let go, nothing is heard of the first reply: so there is nothing in the journal either. */
    function holdIngest(): Held {
      let asked = (): void => {}
      let goOn = (): void => {}
      let kill = (): void => {}
      const isAsked = new Promise<void>((resolve) => (asked = resolve))
      const isHeld = new Promise<void>((resolve) => (goOn = resolve))
      model.onAsked = () => {
        model.onAsked = () => undefined
        asked()
        return isHeld
      }
      const onStart = (signal: (name: NodeJS.Signals) => void): void => void (kill = () => signal('SIGKILL'))
      const ended = whygraph(['ingest', 'docs', '--store', address, ...args], { ...options, onStart })
      return { isAsked, goOn, kill: () => kill(), ended }
    }
    const run = (...words: string[]) => runHere([...words, '--store', address], options)
    return { store, cwd, holdIngest, run, ingest: () => run('ingest', 'docs', ...args) }
  }

  /** Where the word stands: in the graph, or in a file of the store or the journal. */
  async function tracesOf(store: Store, folders: readonly string[]): Promise<string[]> {
    const lines = (await snapshot(store)).split('\n').filter((line) => /zanzibarquux|gone\.md/i.test(line))
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.parentPath !== join(folder, 'docs'))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => readFileSync(path, 'latin1').toLowerCase().includes(MARKER.toLowerCase())),
    )
    return [...lines, ...files]
  }
  const foldersOf = (under: StoreUnderTest, cwd: string) => (kind === 'local' ? [cwd, under.address] : [cwd])

  it('leaves nothing of it, and the ingest says which document it is', { timeout: 120_000 }, async () => {
    const under = await open()
    const { store, cwd, holdIngest, run, ingest } = prepare(under)
    const { isAsked, goOn, ended } = holdIngest()
    await isAsked
    expect(await run('forget', 'docs/gone.md', '--yes')).toMatchObject({ code: 0 })
    goOn()
    const finished = await ended
    expect(finished).toMatchObject({ code: 1, stderr: expect.stringContaining('forgotten meanwhile') })
    const { documents, notes, chunks } = parseJson<IngestSummary>(finished)
    expect({ documents, chunks }).toMatchObject({ documents: { new: 2, forgotten: 1 }, chunks: { reasoned: 1 } })
    expect(notes.filter(({ where = '' }) => where.startsWith('docs/gone.md'))).toMatchObject([
      { code: 'document-forgotten', where: 'docs/gone.md' },
    ])
    expect(await tracesOf(store, foldersOf(under, cwd))).toEqual([])
    expect((await run('doctor', '--deep')).stdout).toContain('nothing wrong was found')
    // It is a file like any other to the next one.
    expect(await ingest()).toMatchObject({ code: 0 })
    expect(await store.documentsAt('docs/gone.md')).toHaveLength(1)
  })

  it('a reply that a killed ingest had in its journal by then is dropped, and said', { timeout: 120_000 }, async () => {
    const under = await open()
    const { store, cwd, holdIngest, run } = prepare(under)
    const { isAsked, goOn, kill, ended } = holdIngest()
    await isAsked
    expect(await run('forget', 'docs/gone.md', '--yes')).toMatchObject({ code: 0 })
    await store.database.write(async () => {
      // While somebody writes, the reply can get into the journal only.
      goOn()
      await pause(400)
      kill()
      await ended
    })
    rmSync(join(cwd, 'docs/gone.md'))
    const next = await run('ingest', 'docs', '--json')
    expect(next.code).toBe(0)
    const summary = parseJson<IngestSummary>(next)
    if (kind === 'local') expect(summary.notes.map(({ code }) => code)).toContain('replies-forgotten')
    expect(await tracesOf(store, foldersOf(under, cwd))).toEqual([])
  })

  it(
    'what an earlier version left is told, and taken out by a rebuild or the next forget',
    { timeout: 120_000 },
    async () => {
      const under = await open()
      const { store, cwd, run, ingest } = prepare(under)
      await ingest()
      const replies = await store.database.read((reader) => reader.list('Reply'))
      const left = replies.filter(({ properties }) => String(properties['reasoning']).includes(MARKER))
      expect(left).toHaveLength(1)
      const remedies = [['rebuild'], ['forget', 'docs/kept.md', '--yes']]
      for (const [index, remedy] of remedies.entries()) {
        if (index === 0) expect(await run('forget', 'docs/gone.md', '--yes')).toMatchObject({ code: 0 })
        const nameless = left.map(({ id, properties }) => {
          return {
            kind: 'Reply' as const,
            id: `${id}-old`,
            properties: { ...properties, id: `${id}-old`, documentId: null },
          }
        })
        await store.database.write((writer) => writer.createNodes([...left, ...nameless]))
        const { code, stdout } = await run('doctor', '--deep')
        expect(code).toBe(1)
        expect(stdout).toContain(`leftovers: 'whygraph rebuild' makes`)
        expect(stdout).toContain(`${left[0]?.id}: is about a document that is not there`)
        expect(await run(...remedy)).toMatchObject({ code: 0, stdout: expect.stringMatching(/leftovers +2 replies/) })
        expect(await tracesOf(store, foldersOf(under, cwd))).toEqual([])
        expect((await run('doctor', '--deep')).stdout).toContain('nothing wrong was found')
      }
    },
  )
})
