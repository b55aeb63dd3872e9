import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Connection } from '../../src/store/local/sqlite.ts'
import { childrenOf } from '../children.ts'
import { link, node, put, relate } from './database-contract-nodes.ts'
import { describeDatabase } from './database-contract.ts'
import { newFolder, openHere, startProcess } from './local-folders.ts'

const LONG = 120_000

describeDatabase('the local database', async () => {
  const folder = newFolder()
  let database = await openLocalDatabase(folder)
  return {
    database,
    reopen: async () => {
      await database.close()
      database = await openLocalDatabase(folder)
      return database
    },
  }
})

describe('the local database, beside other processes', () => {
  it('loses no write of any', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    const others = [startProcess('increment', folder, 100), startProcess('increment', folder, 100)]
    for (let turn = 0; turn < 50; turn++) {
      await database.write(async (writer) => {
        const [found] = await writer.get('Run', ['counter'])
        await writer.putNodes([node('Run', 'counter', { sequence: Number(found?.properties['sequence'] ?? 0) + 1 })])
      })
    }
    expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0])
    const [counter] = await database.read((reader) => reader.get('Run', ['counter']))
    expect(counter?.properties['sequence']).toBe(250)
  })

  it('keeps what was committed, whole, when a writer is killed', { timeout: LONG }, async () => {
    const folder = newFolder()
    for (let round = 0; round < 3; round++) {
      const { child, lines, ended } = startProcess('append', folder, 100_000)
      await expect.poll(() => lines.length, { timeout: LONG }).toBeGreaterThan(10 + round * 7)
      child.kill('SIGKILL')
      await ended
      const database = await openHere(folder)
      const runs = await database.read((reader) => reader.list('Run'))
      expect(runs.length).toBeGreaterThanOrEqual(lines.length)
      for (const line of lines) expect(runs.some(({ id }) => id === `run-${line}`)).toBe(true)
      const entities = await database.read((reader) => reader.list('Entity'))
      expect(entities).toHaveLength(runs.length * 5)
      const links = await database.read((reader) =>
        reader.relationships(
          'FOLLOWS',
          'from',
          'Entity',
          'Entity',
          entities.map(({ id }) => id),
        ),
      )
      expect(links).toHaveLength(runs.length * 4)
      await database.close()
    }
  })

  it('is opened for the first time by several at once', { timeout: LONG }, async () => {
    const folder = newFolder()
    const others = [1, 2, 3].map(() => startProcess('increment', folder, 5))
    expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0, 0])
    const database = await openHere(folder)
    const [counter] = await database.read((reader) => reader.get('Run', ['counter']))
    expect(counter?.properties['sequence']).toBe(15)
  })
})

describe('a link in the local database', () => {
  it('finds its files whole, though it has searched them before they changed', async () => {
    const database = await openHere(newFolder())
    for (let count = 0; count < 17; count++) {
      await put(database, node('Entity', `e${count}`, { name: `Ann ${count}`, type: 'Person' }))
      // Of this FTS5 remembers where it found what; it merges sixteen such parts to one.
      if (count === 10) await database.read((reader) => reader.search('Entity', [{ words: ['ann'], limit: 3 }]))
    }
    expect(await database.checkFiles(new AbortController().signal)).toEqual([])
  })

  it('is not moved by putting it elsewhere', async () => {
    const database = await openHere(newFolder())
    const entities = ['ada', 'ben'].map((id) => node('Entity', id, { name: id, type: 'Person' }))
    await put(database, ...entities)
    await relate(database, link('l1', 'KNOWS', 'ada', 'ben'))
    for (const moved of [link('l1', 'TRUSTS', 'ada', 'ben'), link('l1', 'KNOWS', 'ben', 'ada')])
      await expect(relate(database, moved)).rejects.toMatchObject({ code: 'moved-link' })
    const found = await database.read((reader) =>
      reader.relationships('KNOWS', 'from', 'Entity', 'Entity', ['ada', 'ben']),
    )
    expect(found.map(({ from, to }) => [from.id, to.id])).toEqual([['ada', 'ben']])
  })
})

describe('the local database, opened for reading only', () => {
  it('reads and queries, and refuses to write', async () => {
    const folder = newFolder()
    const writing = await openHere(folder)
    await put(writing, node('Run', 'r'))
    const reading = await openLocalDatabase(folder, { readOnly: true })
    expect(await reading.read((reader) => reader.list('Run'))).toHaveLength(1)
    expect((await reading.query('MATCH (r:Run) RETURN r.id AS id', {}, { seconds: 30 })).rows).toEqual([['r']])
    await expect(put(reading, node('Run', 'other'))).rejects.toMatchObject({ code: 'read-only' })
    await reading.close()
  })

  it('makes nothing where nothing is', async () => {
    const folder = join(newFolder(), 'absent')
    await expect(openLocalDatabase(folder, { readOnly: true })).rejects.toMatchObject({ code: 'cannot-open' })
    expect(existsSync(folder)).toBe(false)
  })
})

describe('the local database, where something is wrong with its files', () => {
  it.each([
    ['text', 'This is a letter, and no database at all. '.repeat(100)],
    ['a few bytes', 'x'],
  ])('says that %s is no store', async (_, content) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'whygraph.db'), content)
    const opening = openLocalDatabase(folder)
    await expect(opening).rejects.toThrow(StoreError)
    await expect(opening).rejects.toMatchObject({
      code: 'not-a-database',
      hint: expect.any(String),
    })
  })

  it('says that the file is damaged, and keeps the cause', async () => {
    const folder = newFolder()
    const database = await openLocalDatabase(folder)
    await put(database, node('Run', 'r', { text: 'x'.repeat(100_000) }))
    await database.close()
    const path = join(folder, 'whygraph.db')
    const damaged = readFileSync(path).fill('x', 100, 50_000)
    writeFileSync(path, damaged)
    const reading = openLocalDatabase(folder).then((opened) => opened.read((reader) => reader.list('Run')))
    await expect(reading).rejects.toMatchObject({ code: 'not-a-database', cause: expect.any(Error) })
  })

  it('looks through a large file in a process of its own, which can be stopped', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    for (let turn = 0; turn < 5; turn++)
      await put(
        database,
        ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => node('Run', `${turn}-${i}`, { text: 'x'.repeat(1e6) })),
      )
    const stop = new AbortController()
    const stopped = database.checkFiles(stop.signal)
    expect(childrenOf(process.pid).filter(({ command }) => command.includes('check-files-child'))).toHaveLength(1)
    stop.abort()
    expect(await stopped).toBe(null)
    expect(await database.checkFiles(stop.signal)).toBe(null)
    const { signal } = new AbortController()
    expect(await database.checkFiles(signal)).toEqual([])

    const path = join(folder, 'whygraph.db')
    const connection = new Connection(path)
    connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    connection.close()
    const bytes = readFileSync(path)
    bytes.fill(255, bytes.length - 8 * 4096, bytes.length - 4 * 4096)
    writeFileSync(path, bytes)
    await expect(database.checkFiles(signal)).rejects.toMatchObject({
      code: 'not-a-database',
      hint: expect.stringContaining('backup'),
    })
  })

  it('says that another program has made the database', async () => {
    const folder = newFolder()
    const foreign = new Connection(join(folder, 'whygraph.db'))
    foreign.execute('CREATE TABLE node (whatever)')
    foreign.close()
    await expect(openLocalDatabase(folder)).rejects.toMatchObject({ code: 'not-a-database' })
  })

  it('refuses a store of a newer version', async () => {
    const folder = newFolder()
    await (await openLocalDatabase(folder)).close()
    const connection = new Connection(join(folder, 'whygraph.db'))
    connection.run(`UPDATE meta SET value = 99 WHERE name = 'format'`)
    connection.close()
    const opening = openLocalDatabase(folder)
    await expect(opening).rejects.toMatchObject({ code: 'newer-format', hint: expect.stringContaining('npm install') })
  })

  it('says that the folder cannot be made', async () => {
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    await expect(openLocalDatabase(join(file, 'store'))).rejects.toMatchObject({ code: 'cannot-open' })
    await expect(openLocalDatabase(file)).rejects.toMatchObject({ code: 'cannot-open' })
  })

  it('says that the disk is full', () => {
    const connection = new Connection(join(newFolder(), 'full.db'))
    connection.execute('CREATE TABLE text (text); PRAGMA max_page_count = 5')
    const fill = (): number => connection.run('INSERT INTO text VALUES (?)', 'x'.repeat(100_000))
    expect(fill).toThrow(StoreError)
    expect(fill).toThrow('disk is full')
    connection.close()
  })
})
