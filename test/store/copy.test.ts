import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { fill } from '../../bench/copy/made-up-graph.ts'
import { ConflictError, RefusedError } from '../../src/model/errors.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { compareDatabases, type Comparison } from '../../src/store/compare.ts'
import { copyDatabase, type CopyOptions, type CopySummary } from '../../src/store/copy.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'
import { snapshot } from '../snapshot.ts'
import { eachStore, type StoreUnderTest } from '../stores.ts'
import { link, node, put, relate } from './database-contract-nodes.ts'
import { withMethods } from './with-methods.ts'

const folders: string[] = []
const databases: Database[] = []
afterAll(async () => {
  for (const database of databases) await database.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function openLocal(): Promise<StoreUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-copy-'))
  folders.push(folder)
  const database = await openLocalDatabase(folder)
  databases.push(database)
  return { store: new Store(database, derivation), address: folder, environment: {} }
}

function copy(one: StoreUnderTest, other: StoreUnderTest, options: Partial<CopyOptions> = {}): Promise<CopySummary> {
  const { signal } = new AbortController()
  return copyDatabase(one.store.database, other.store.database, {
    signal,
    now: () => new Date(),
    progress: () => {},
    finish: async () => {},
    ...options,
  })
}

function compare(one: StoreUnderTest, other: StoreUnderTest): Promise<Comparison> {
  const { signal } = new AbortController()
  return compareDatabases(one.store.database, other.store.database, { signal, most: 5, progress: () => {} })
}

/** Two stores hold the same graph, and what analysts ask of them gives the same. */
async function expectEqual(one: StoreUnderTest, other: StoreUnderTest): Promise<void> {
  expect(await compare(one, other)).toMatchObject({ equal: true, differences: [] })
  expect(await snapshot(other.store)).toBe(await snapshot(one.store))
}

/** Runs `copy-process.ts` to its end, which is its death. */
async function copyAndDie(one: StoreUnderTest, other: StoreUnderTest, where: string): Promise<void> {
  const script = fileURLToPath(new URL('copy-process.ts', import.meta.url))
  const env = { PATH: process.env['PATH'], ...one.environment, ...other.environment }
  const child = spawn(process.execPath, [script, one.address, other.address, where], { stdio: 'ignore', env })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  expect([code, signal]).toEqual([null, 'SIGKILL'])
}

eachStore('copy', (open, kind, itAtLength) => {
  const directions = [
    ...(kind === 'local' ? [] : [{ title: 'from a local store', from: openLocal, to: open }]),
    { title: 'to a local store', from: open, to: openLocal },
  ]
  describe.each(directions)('$title', { timeout: 400_000 }, ({ from, to }) => {
    // A kill is a matter of the target, and what is written meanwhile one of the source.
    const itIsKilled = from === open ? itAtLength : it
    const itIsWritten = from === open ? it : itAtLength
    itIsKilled('brings everything, and what was killed on the way goes on: nothing twice, no orphan', async () => {
      const [source, target] = [await from(), await to()]
      await fill(source.store, 600)
      // In the middle of the nodes, in the middle of the relationships, at the end.
      for (const where of ['inside 4', 'after 3', 'inside 6', 'end']) await copyAndDie(source, target, where)
      expect((await compare(source, target)).differences).toMatchObject([{ name: 'Run', id: 'copy', in: 'other' }])
      const { resumed, removed, changed } = await copy(source, target)
      expect({ resumed, removed, changed }).toEqual({ resumed: true, removed: 0, changed: 0 })
      await expectEqual(source, target)
      expect(await copy(source, target)).toMatchObject({ copiedBefore: true, added: 0, passes: 1 })
      await expectEqual(source, target)
    })

    itIsWritten('brings what is written, moved and removed at the source meanwhile', async () => {
      const [source, target] = [await from(), await to()]
      await fill(source.store, 400)
      const { database } = source.store
      const [first, second] = await source.store.links(['proposed'], { limit: 2 })
      const about = (at: string) => ({ reviewer: 'rita', verdict: 'reject', requestId: at }) as const
      let writing = Promise.resolve()
      const after: Record<string, () => Promise<unknown>> = {
        'node Document': () => put(database, node('Entity', 'late', { name: 'Late', type: 'Person' })),
        'node Link': () =>
          source.store.decide({ ...about('1'), linkId: String(first?.id) }, '2026-02-01T00:00:00.000Z'),
        'node Schema': () => relate(database, link('new', 'KNOWS', 'late', String(second?.subjectId))),
        'relationship Entity': () =>
          database.write((writer) => writer.removeNodes('Entity', [String(second?.objectId)])),
      }
      // Each is there before the copy reads on: one that came after the last pass would rightly be missing.
      const read: Database['read'] = async (work) => {
        await writing
        return database.read(work)
      }
      const written = { ...source, store: new Store(withMethods(database, { read }), derivation) }
      const { passes, removed } = await copy(written, target, {
        progress: (pass, { what, kind }) => {
          const write = pass === 1 ? after[`${what} ${kind}`] : undefined
          if (write !== undefined) writing = writing.then(write).then(() => {})
          delete after[`${what} ${kind}`]
        },
      })
      expect(passes).toBeGreaterThan(2)
      expect(removed).toBeGreaterThan(0)
      await expectEqual(source, target)
    })
  })
})

describe('copy', { timeout: 60_000 }, () => {
  it('refuses a target that holds something else, and leaves it as it is', async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    await fill(source.store, 20)
    await put(target.store.database, node('Document', 'theirs', { path: 'a.md' }))
    await expect(copy(source, target)).rejects.toThrow(RefusedError)
    await expect(copy(source, target)).rejects.toMatchObject({ code: 'not-empty' })
    expect((await compare(target, target)).kinds).toMatchObject([{ name: 'Document', one: 1 }])
  })

  it('refuses an unfinished copy of another store, as a target and as a source', async () => {
    const [source, target, other] = [await openLocal(), await openLocal(), await openLocal()]
    await fill(source.store, 20)
    await put(other.store.database, node('Run', 'another', { command: 'ingest' }))
    const stop = new AbortController()
    const { interrupted } = await copy(source, target, { signal: stop.signal, progress: () => stop.abort() })
    expect(interrupted).toBe(true)
    await expect(copy(other, target)).rejects.toMatchObject({ code: 'other-copy' })
    await expect(copy(target, await openLocal())).rejects.toMatchObject({ code: 'unfinished-source' })
    expect(await copy(source, target)).toMatchObject({ resumed: true, interrupted: false })
    await expectEqual(source, target)
  })

  it('counts as finished only when what follows it was not interrupted either', async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    await fill(source.store, 20)
    const stop = new AbortController()
    const first = await copy(source, target, { signal: stop.signal, finish: async () => stop.abort() })
    expect(first.interrupted).toBe(true)
    let finished = 0
    const again = await copy(source, target, { finish: async () => void (finished += 1) })
    expect([again.resumed, again.interrupted, finished]).toEqual([true, false, 1])
    await expectEqual(source, target)
  })

  it("removes nobody's work: a target to which others have written is refused", async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    await fill(source.store, 20)
    const stop = new AbortController()
    await copy(source, target, { signal: stop.signal, progress: () => stop.abort() })
    await put(target.store.database, node('Run', '02THEIRS', { command: 'ingest' }), node('Reply', 'paid', {}))
    await expect(copy(source, target)).rejects.toMatchObject({ code: 'target-written' })
    expect(await target.store.database.read((reader) => reader.get('Reply', ['paid']))).toHaveLength(1)
  })

  it('lets the later of two that copy into one store go on, and stops the earlier', async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    await fill(source.store, 600)
    let later: Promise<CopySummary> | undefined
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = withMethods(source.store.database, {
      read: async (work) => {
        if (later !== undefined) await held
        return source.store.database.read(work)
      },
    })
    const earlier = copyDatabase(slow, target.store.database, {
      signal: new AbortController().signal,
      now: () => new Date(),
      progress: () => (later ??= copy(source, target).finally(release)),
      finish: async () => {},
    })
    await expect(earlier).rejects.toThrow(ConflictError)
    expect(await later).toMatchObject({ resumed: true, interrupted: false })
    await expectEqual(source, target)
  })

  it('gives up, with everything kept, on a source that does not come to rest', async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    await fill(source.store, 20)
    let count = 0
    const restless = withMethods(source.store.database, {
      read: async (work) => {
        count += 1
        await put(source.store.database, node('Run', `03-${String(count).padStart(6, '0')}`, { command: 'ingest' }))
        return source.store.database.read(work)
      },
    })
    const unquiet = { ...source, store: new Store(restless, derivation) }
    await expect(copy(unquiet, target)).rejects.toMatchObject({ code: 'source-changes' })
    expect(await copy(source, target)).toMatchObject({ resumed: true })
    await expectEqual(source, target)
  })

  it('copies an empty store', async () => {
    const [source, target] = [await openLocal(), await openLocal()]
    expect(await copy(source, target)).toMatchObject({ added: 0, passes: 1, resumed: false })
    await expectEqual(source, target)
  })
})

describe('compare', () => {
  it('names what is only in one, only in the other, and in both with other properties', async () => {
    const [one, other] = [await openLocal(), await openLocal()]
    const people = ['a', 'b', 'c'].map((id) => node('Entity', id, { name: id, type: 'Person' }))
    await put(one.store.database, ...people, node('Run', 'r', { command: 'ingest' }))
    await put(other.store.database, ...people, node('Run', 's', { command: 'ingest' }), node('Chunk', 'x', {}))
    await relate(
      one.store.database,
      link('k', 'KNOWS', 'a', 'b', { rev: 1, when: 'now' }),
      link('l', 'KNOWS', 'a', 'c'),
    )
    await relate(other.store.database, link('k', 'KNOWS', 'a', 'b', { rev: 2 }), link('m', 'KNOWS', 'a', 'c'))
    const comparison = await compare(one, other)
    expect(comparison.equal).toBe(false)
    const changed = comparison.kinds.filter(({ missing, extra, different }) => missing + extra + different > 0)
    expect(changed).toEqual([
      { what: 'node', name: 'Chunk', one: 0, other: 1, missing: 0, extra: 1, different: 0 },
      { what: 'node', name: 'Run', one: 1, other: 1, missing: 1, extra: 1, different: 0 },
      { what: 'relationship', name: 'KNOWS', one: 2, other: 2, missing: 1, extra: 1, different: 1 },
    ])
    expect(comparison.differences).toEqual([
      { what: 'node', name: 'Chunk', id: 'x', in: 'other', properties: [] },
      { what: 'relationship', name: 'KNOWS', id: 'l', in: 'one', properties: [] },
      { what: 'relationship', name: 'KNOWS', id: 'm', in: 'other', properties: [] },
      { what: 'relationship', name: 'KNOWS', id: 'k', in: 'both', properties: ['rev', 'when'] },
      // Last what is another each time that the same is read.
      { what: 'node', name: 'Run', id: 'r', in: 'one', properties: [] },
    ])
    expect(comparison.ofRuns).toBe(2)
  })
})
