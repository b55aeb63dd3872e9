import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { backUp } from '../src/backup/back-up.ts'
import { restore } from '../src/backup/restore.ts'
import { FileJournal } from '../src/journal/file-journal.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { decideLink } from '../src/review/decide.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { FORMAT } from '../src/store/local/format.ts'
import { Store } from '../src/store/store.ts'
import { ingestTexts } from './ingest-texts.ts'
import { HEAD } from './journal/words.ts'
import { runHere } from './run-here.ts'
import { readingEngine } from './scripted-engine.ts'
import { parseJson } from './whygraph.ts'

vi.setConfig({ testTimeout: 240_000 })

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-backup-'))
  folders.push(folder)
  return folder
}

async function openHere(folder: string): Promise<Store> {
  const store = new Store(await openLocalDatabase(folder), derivation)
  onTestFinished(() => store.close())
  return store
}

const NOW = new Date('2026-01-01T00:00:00.000Z')

function partsOf(folder: string) {
  return { folder, tables: join(folder, 'tables.duckdb'), repliesFolder: join(folder, 'replies'), now: NOW }
}

async function backUpHere(folder: string, file: string) {
  return backUp({ ...partsOf(folder), file, storeName: 'local', force: false, version: '0.1.0' })
}

async function restoreHere(file: string, folder: string, force = false) {
  return restore({ ...partsOf(folder), file, force })
}

async function problems(store: Store) {
  const checks = await store.check({ progress: () => {}, signal: new AbortController().signal })
  return checks.filter((one) => one.wrong > 0)
}

const text = (i: number): string => `Ana leads Ben${i}.\n`

describe('whygraph backup', () => {
  it('copies one moment of a store that is being written, whole each time', async () => {
    const home = newFolder()
    const folder = join(home, 'store')
    const store = await openHere(folder)
    const texts = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`${i}.md`, text(i)]))
    await ingestTexts(store, readingEngine(), { '0.md': text(0) })
    const work = { isOver: false }
    const working = Promise.all([
      ingestTexts(store, readingEngine(), texts),
      (async () => {
        for (let i = 0; i < 10; i++) {
          const [link] = await store.links(['proposed'], { limit: 1 })
          if (link !== undefined) await decideLink(store, link.id, 'accept', { reviewer: 'rita' }, NOW)
        }
      })(),
    ]).finally(() => (work.isOver = true))
    const files: string[] = []
    while (!work.isOver || files.length < 2) {
      const file = join(home, `${files.length}.whygraph`)
      await backUpHere(folder, file)
      files.push(file)
    }
    await working
    expect(readdirSync(home).filter((name) => name.includes('.part-'))).toEqual([])

    let before = 0
    for (const [index, file] of files.slice(-3).entries()) {
      const restored = join(home, `restored-${index}`)
      const { nodes } = await restoreHere(file, restored)
      expect(nodes).toBeGreaterThanOrEqual(before)
      before = nodes
      const copy = await openHere(restored)
      expect(await problems(copy)).toEqual([])
      // What is in it is not asked for again, what is not is asked for now.
      const replies = (await copy.replyGroups()).reduce((sum, group) => sum + group.replies, 0)
      const engine = readingEngine()
      await ingestTexts(copy, engine, texts)
      expect(engine.asked).toHaveLength(120 - replies)
      expect(await problems(copy)).toEqual([])
    }
  })

  it('takes along what was paid for and is not in the store yet, and nothing twice', async () => {
    const home = newFolder()
    const folder = join(home, 'store')
    const store = await openHere(folder)
    await ingestTexts(store, readingEngine(), { 'a.md': text(1) })
    const [stored] = await store.database.read((reader) => reader.list('Reply'))
    const requestHash = String(stored?.properties['requestHash'])
    const chunkId = String(stored?.properties['chunkId'])
    const journal = new FileJournal(join(folder, 'replies'), 'local', () => {})
    const receive = (head: typeof HEAD, words: string, from = journal): void => {
      const entry = from.begin(head)
      entry.note({ type: 'answer-delta', text: words })
      entry.end('failed')
    }
    receive(HEAD, 'not stored yet')
    const elsewhere = new FileJournal(join(folder, 'replies'), 'neo4j://other', () => {})
    receive(HEAD, 'of another store', elsewhere)
    // Was received before the reply that is stored had come to its end.
    receive({ ...HEAD, requestHash, chunkId }, 'in the store by now')
    const later = { at: '2100-01-01T00:00:00.000Z' }
    await store.database.write((writer) => writer.patchNodes('Reply', [{ id: stored?.id ?? '', properties: later }]))

    const file = join(home, 'b.whygraph')
    expect(await backUpHere(folder, file)).toMatchObject({ waitingReplies: 1, tables: false })
    journal.close()
    elsewhere.close()
    const restored = join(home, 'restored')
    expect(await restoreHere(file, restored)).toMatchObject({ waitingReplies: 1, kept: null })
    const contents: string[] = []
    await new FileJournal(join(restored, 'replies'), 'local', () => {}).recover(async ({ content }) => {
      contents.push(content)
      return true
    })
    expect(contents).toEqual(['not stored yet'])
  })
})

describe('whygraph restore', () => {
  const filled = async () => {
    const home = newFolder()
    const folder = join(home, 'store')
    const store = await openHere(folder)
    await ingestTexts(store, readingEngine(), { 'a.md': text(1) })
    const file = join(home, 'b.whygraph')
    await backUpHere(folder, file)
    await ingestTexts(store, readingEngine(), { 'b.md': text(2) })
    return { home, folder, store, file }
  }
  const documents = async (store: Store): Promise<unknown[]> =>
    (await store.database.read((reader) => reader.list('Document'))).map((node) => node.properties['path'])

  it('replaces no store that is not empty, unless told; the old one is kept and can be opened', async () => {
    const { folder, store, file } = await filled()
    await store.database.query('MATCH (n) RETURN count(n)', {}, { seconds: 60 })
    await store.close()
    await expect(restoreHere(file, folder)).rejects.toMatchObject({ code: 'store-not-empty' })
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['projection', 'whygraph.db']))

    const { kept } = await restoreHere(file, folder, true)
    const restored = await openHere(folder)
    expect(await documents(restored)).toEqual(['a.md'])
    const { rows } = await restored.database.query('MATCH (d:Document) RETURN d.path', {}, { seconds: 60 })
    expect(rows).toEqual([['a.md']])
    expect((await documents(await openHere(kept ?? ''))).toSorted()).toEqual(['a.md', 'b.md'])
    expect(readdirSync(folder).some((name) => name.startsWith('restoring'))).toBe(false)
  })

  it('takes the place of an empty store, and of one that is damaged', async () => {
    const { home, file } = await filled()
    const empty = join(home, 'empty')
    await (await openLocalDatabase(empty)).close()
    await restoreHere(file, empty)
    expect(await documents(await openHere(empty))).toEqual(['a.md'])

    const damaged = join(home, 'damaged')
    await (await openLocalDatabase(damaged)).close()
    const path = join(damaged, 'whygraph.db')
    writeFileSync(path, readFileSync(path).fill('x', 100, 30_000))
    await expect(restoreHere(file, damaged)).rejects.toMatchObject({ code: 'store-not-empty' })
    await restoreHere(file, damaged, true)
    expect(await documents(await openHere(damaged))).toEqual(['a.md'])
  })

  it('changes nothing while somebody has the store open', async () => {
    const { folder, store, file } = await filled()
    await expect(restoreHere(file, folder, true)).rejects.toMatchObject({
      code: 'in-use',
      hint: expect.stringContaining('Nothing was changed'),
    })
    expect(await documents(store)).toHaveLength(2)
    expect(readdirSync(folder).filter((name) => !name.startsWith('whygraph.db'))).toEqual([])
  })

  it('refuses a backup that is damaged, is none, or holds a store of a newer whygraph', async () => {
    const { home, file } = await filled()
    const bytes = readFileSync(file)
    const at = bytes.indexOf('Ana leads Ben')
    const flipped = join(home, 'flipped')
    writeFileSync(flipped, bytes.fill('#', at, at + 3))
    const other = join(home, 'other')
    writeFileSync(other, 'a letter')
    const newer = join(home, 'newer')
    const source = join(home, 'newer-store')
    await (await openLocalDatabase(source)).close()
    await backUpHere(source, newer)
    const container = new DatabaseSync(newer)
    container.exec(`UPDATE about SET manifest = json_set(manifest, '$.version', 9, '$.whygraph', '7.1.0')`)
    container.close()
    for (const [path, code] of [
      [flipped, 'damaged-backup'],
      [other, 'damaged-backup'],
      [join(source, 'whygraph.db'), 'no-backup'],
      [join(home, 'absent'), 'no-backup'],
      [newer, 'newer-backup'],
    ] as const) {
      const folder = join(home, 'untouched')
      await expect(restoreHere(path, folder), path).rejects.toMatchObject({ code })
      expect(existsSync(folder), path).toBe(false)
    }
    for (const sql of [
      `UPDATE about SET manifest = 'no JSON'`,
      'DELETE FROM about',
      'DROP TABLE about',
      'DROP TABLE piece',
      'DELETE FROM piece',
      'DELETE FROM file',
    ]) {
      const path = join(home, `damaged-${sql.replaceAll(/\W+/g, '-')}`)
      await backUpHere(source, path)
      const altered = new DatabaseSync(path)
      altered.exec(sql)
      altered.close()
      await expect(restoreHere(path, join(home, 'untouched')), sql).rejects.toMatchObject({ code: 'damaged-backup' })
    }
    await expect(restoreHere(home, join(home, 'untouched'))).rejects.toMatchObject({ code: 'no-backup' })
    const future = new DatabaseSync(join(source, 'whygraph.db'))
    future.exec(
      `UPDATE meta SET value = 99 WHERE name = 'format'; UPDATE meta SET value = '7.1.0' WHERE name = 'since'`,
    )
    future.close()
    await expect(backUpHere(source, join(home, 'future'))).rejects.toMatchObject({
      code: 'newer-format',
      hint: expect.stringContaining('whygraph 7.1.0 or later'),
    })
  })

  it('brings back tables and all as a command; refuses what it cannot do with what to use instead', async () => {
    const cwd = newFolder()
    writeFileSync(join(cwd, 's.csv'), 'service,owner\nBilling,Ana Ruiz\nSearch,Bo Lindqvist\n')
    const run = (...args: string[]) => runHere(args, { cwd, environment: { NEO4J_PASSWORD: 'x' } })
    await run('ingest', 's.csv')
    expect((await run('backup', 'b.whygraph')).stdout).toContain('its tables')
    expect(statSync(join(cwd, 'b.whygraph')).mode & 0o777).toBe(0o600)
    expect(await run('backup', 'b.whygraph')).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') })
    expect(await run('restore', 'b.whygraph')).toMatchObject({ code: 5, stderr: expect.stringContaining('--force') })
    const restored = await run('restore', 'b.whygraph', '--store', 'again', '--json')
    expect(parseJson(restored)).toMatchObject({ version: 1, kept: null, backup: { format: FORMAT } })
    const sql = await run('sql', 'SELECT owner FROM s ORDER BY owner', '--store', 'again', '--format', 'csv')
    expect(sql.stdout.trim().split(/\s*\n/)).toEqual(['owner', 'Ana Ruiz', 'Bo Lindqvist'])
    expect((await run('doctor', '--deep', '--store', 'again')).code).toBe(0)
    const whole = readFileSync(join(cwd, 'b.whygraph'))
    for (const [name, content] of [
      ['letter', 'This is a letter, and no backup. '.repeat(100)],
      ['half', whole.subarray(0, whole.length / 2)],
    ] as const) {
      writeFileSync(join(cwd, name), content)
      const said = { code: 6, stderr: expect.stringMatching(/is damaged, or no backup.*Nothing was changed/) }
      expect(await run('restore', name, '--store', 'other')).toMatchObject(said)
      expect(existsSync(join(cwd, 'other'))).toBe(false)
    }

    for (const name of ['s.csv', '.whygraph/whygraph.db', '.'])
      expect((await run('restore', name, '--store', 'other')).code, name).toBe(name === 's.csv' ? 6 : 2)

    expect((await run('restore', 'b.whygraph', '--force')).stdout).toContain('before-restore-')
    const forgotten = await run('forget', 's.csv', '--yes')
    expect(forgotten.stderr).toMatch(/What a restore replaced is kept .*before-restore-/)
    for (const command of ['backup', 'restore'])
      expect(await run(command, 'c.whygraph', '--store', 'neo4j://localhost:1')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/neo4j-admin.*whygraph copy/s),
      })
    expect(await run('backup', 'c.whygraph', '--store', 'nowhere')).toMatchObject({ code: 3 })
    expect(await run('restore', 'absent')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Is the path right'),
    })
  })

  it('puts no backup into the store that it is a backup of, and takes none for a store', async () => {
    const cwd = newFolder()
    writeFileSync(join(cwd, 'a.md'), 'Ana Ruiz leads the Billing team.\n')
    writeFileSync(join(cwd, 's.csv'), 'service,owner\nBilling,Ana Ruiz\n')
    const run = (...args: string[]) => runHere(args, { cwd })
    await run('ingest', 'a.md', 's.csv')
    const store = join(cwd, '.whygraph')
    mkdirSync(join(store, 'replies'), { recursive: true })
    symlinkSync(store, join(cwd, 'linked'))
    const before = readFileSync(join(store, 'whygraph.db'))
    for (const name of ['whygraph.db', 'tables.duckdb', 'tables.duckdb.wal', 'replies/b', 'before-restore-1/b', '']) {
      for (const folder of ['.whygraph', 'linked']) {
        const said = await run('backup', join(folder, name), '--force')
        expect(said, name).toMatchObject({ code: 2, stderr: expect.stringContaining('is inside the store') })
      }
    }
    expect(readFileSync(join(store, 'whygraph.db'))).toEqual(before)
    expect(readdirSync(store).filter((name) => name.includes('part-'))).toEqual([])

    mkdirSync(join(cwd, 'backups'))
    expect((await run('backup', 'backups/b.whygraph')).code).toBe(0)
    const hint = /is a backup of whygraph.*\n.*whygraph restore .*b\.whygraph --store FOLDER/
    for (const command of [['status'], ['ingest', 'a.md']]) {
      const { code, stdout, stderr } = await run(...command, '--store', 'backups/b.whygraph')
      expect([code, `${stdout}${stderr}`], command[0]).toEqual([6, expect.stringMatching(hint)])
    }
    expect(await run('status', '--store', 'backups')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/a backup of one: .*b\.whygraph\n.*whygraph restore/),
    })
    // What an older whygraph did with --force.
    copyFileSync(join(cwd, 'backups', 'b.whygraph'), join(cwd, 'backups', 'whygraph.db'))
    for (const command of [['status'], ['ingest', 'a.md']]) {
      const { code, stdout, stderr } = await run(...command, '--store', 'backups')
      expect([code, `${stdout}${stderr}`]).toEqual([6, expect.stringMatching(/whygraph\.db is a backup of whygraph/)])
    }
  })
})
