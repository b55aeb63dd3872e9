import { setTimeout as pause } from 'node:timers/promises'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { link, node, put, relate } from './database-contract-nodes.ts'
import { newFolder, openHere, startProcess } from './local-folders.ts'

const LONG = 180_000

async function countRuns(database: Database): Promise<unknown> {
  return (await database.query('MATCH (r:Run) RETURN count(r) AS n', {}, { seconds: 60 })).rows[0]?.[0]
}

function graphFiles(folder: string): string[] {
  return readdirSync(join(folder, 'projection')).filter((name) => name.endsWith('.grafeo'))
}

describe('the projection', () => {
  it('is built anew where its files were deleted or damaged', { timeout: LONG }, async () => {
    const folder = newFolder()
    const projection = join(folder, 'projection')
    const database = await openHere(folder)
    await put(database, node('Run', 'a'))
    expect(await countRuns(database)).toBe(1)

    rmSync(projection, { recursive: true })
    expect(await countRuns(database)).toBe(1)

    for (const name of graphFiles(folder)) rmSync(join(projection, name))
    expect(await countRuns(database)).toBe(1)

    for (const name of graphFiles(folder)) writeFileSync(join(projection, name), 'garbage '.repeat(1000))
    expect(await countRuns(database)).toBe(1)

    for (const name of graphFiles(folder)) writeFileSync(join(projection, name), 'garbage '.repeat(1000))
    await put(database, node('Run', 'b'))
    expect(await countRuns(database)).toBe(2)

    writeFileSync(join(projection, 'pointer.db'), 'garbage '.repeat(1000))
    expect(await countRuns(database)).toBe(2)
    expect(graphFiles(folder)).toHaveLength(1)
  })

  it('follows in the same file, and keeps no other', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    await put(database, node('Run', 'a'))
    await countRuns(database)
    const before = graphFiles(folder)
    await put(database, node('Run', 'b'))
    expect(await countRuns(database)).toBe(2)
    expect(graphFiles(folder)).toEqual(before)
  })

  it('is built anew after very many changes', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    await put(database, node('Run', 'a'))
    await countRuns(database)
    const before = graphFiles(folder)
    await put(database, ...Array.from({ length: 2500 }, (_, index) => node('Run', `r${index}`)))
    expect(await countRuns(database)).toBe(2501)
    expect(graphFiles(folder)).not.toEqual(before)
  })

  it('follows while somebody reads it for long', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    await put(database, node('Run', 'a'))
    await countRuns(database)
    const slow = database.query(
      'UNWIND range(1, 3000000) AS a WITH a WHERE a % 7 = 3 MATCH (r:Run) RETURN count(*) AS n, count(DISTINCT r) AS runs',
      {},
      { seconds: 60 },
    )
    for (let turn = 0; turn < 4; turn++) {
      await put(database, node('Run', `b${turn}`))
      expect(await countRuns(database)).toBe(turn + 2)
    }
    expect((await slow).rows[0]?.[1]).toBeGreaterThanOrEqual(1)
    expect(await countRuns(database)).toBe(5)
  })

  it('is right after kills at any moment', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    let runs = 0
    for (const delay of [30, 120, 250, 400, 600, 800]) {
      const nodes = Array.from({ length: 300 }, () => node('Run', `r${runs++}`, { text: 'long text '.repeat(600) }))
      await put(database, ...nodes)
      const { child, ended } = startProcess('query', folder, 1000)
      await pause(delay)
      child.kill('SIGKILL')
      await ended
      if (delay > 300) expect(await countRuns(database)).toBe(runs)
    }
    expect(await countRuns(database)).toBe(runs)
  })

  it('answers several processes at once, while one of them writes', { timeout: LONG }, async () => {
    const folder = newFolder()
    const database = await openHere(folder)
    const others = [startProcess('query', folder, 8), startProcess('query', folder, 8)]
    for (let turn = 1; turn <= 8; turn++) {
      await put(database, node('Run', `r${turn}`))
      expect(await countRuns(database)).toBe(turn)
    }
    expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0])
    for (const { lines } of others) {
      const counts = lines.map(Number)
      expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    }
  })

  it('does not mix relationships that have the same ends', { timeout: LONG }, async () => {
    const database = await openHere(newFolder())
    await put(
      database,
      node('Entity', 'a', { name: 'A', type: 'Person' }),
      node('Entity', 'b', { name: 'B', type: 'Person' }),
    )
    await relate(
      database,
      link('l1', 'KNOWS', 'a', 'b', { confidence: 1 }),
      link('l2', 'KNOWS', 'a', 'b', { confidence: 0 }),
    )
    const text = 'MATCH (:Person)-[r:KNOWS]->(:Person) RETURN r.id AS id, r.confidence / 2 AS half ORDER BY id'
    const ask = async (): Promise<unknown> => (await database.query(text, {}, { seconds: 60 })).rows
    expect(await ask()).toEqual([
      ['l1', 0.5],
      ['l2', 0],
    ])
    await relate(database, link('l2', 'KNOWS', 'a', 'b', { confidence: 3 }))
    expect(await ask()).toEqual([
      ['l1', 0.5],
      ['l2', 1.5],
    ])
    await database.write((writer) => writer.removeRelationships([link('l1', 'KNOWS', 'a', 'b')]))
    expect(await ask()).toEqual([['l2', 1.5]])
  })
})
