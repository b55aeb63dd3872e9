import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../model/errors.ts'
import { countChanges, newest } from './changes.ts'
import { buildGraph, catchUp, isInTheWay, LAYOUT } from './grafeo.ts'
import { Connection } from './sqlite.ts'

/** A first build by another process takes minutes where there are millions of links. */
const PATIENCE_MILLISECONDS = 30 * 60_000

/** Of all nodes and relationships; with more changes than this, building anew is faster than following. */
const MANY_CHANGES = 0.2

/** Fewer changes than this are followed in any case. */
const FEW_CHANGES = 2000

interface Pointer {
  readonly file: string
  readonly sequence: number
}

/** The folder may be deleted at any time: all in it can be made anew. */
function projectionFolder(folder: string): string {
  return join(folder, 'projection')
}

/**
 * The file of the projection, at least as new as the store was when this was called.
 *
 * A small SQLite file beside the graph holds the pointer to its current file. Who changes the graph holds that file's
 * write lock meanwhile, which the operating system takes back if the process dies. The pointer moves after the graph
 * is complete on disk, so whatever is cut off is done again.
 */
export async function upToDateFile(folder: string, storePath: string): Promise<string> {
  const home = projectionFolder(folder)
  const store = new Connection(storePath, { readOnly: true })
  try {
    await store.whenFree(() => store.execute('BEGIN'))
    const target = await store.whenFree(() => newest(store))
    const pointers = await openPointers(home)
    try {
      const current = await pointers.whenFree(() => pointerOf(pointers, home, target.store))
      if (current !== undefined && current.sequence >= target.sequence) return current.file

      await pointers.whenFree(() => pointers.execute('BEGIN IMMEDIATE'), PATIENCE_MILLISECONDS)
      const locked = pointerOf(pointers, home, target.store)
      if (locked !== undefined && locked.sequence >= target.sequence) return locked.file
      const file = await follow(store, home, locked)
      const sql = 'INSERT OR REPLACE INTO pointer VALUES (1, ?, ?, ?, ?)'
      pointers.run(sql, file, target.sequence, target.store, LAYOUT)
      await pointers.whenFree(() => pointers.execute('COMMIT'))
      removeOthers(home, file)
      return join(home, file)
    } finally {
      pointers.rollback()
      pointers.close()
    }
  } finally {
    store.rollback()
    store.close()
  }
}

/** Removes the graph, whoever built it; the next query builds it anew, of what is in the store by then. */
export async function wipeProjection(folder: string): Promise<void> {
  const home = projectionFolder(folder)
  if (!existsSync(home)) return
  const pointers = await openPointers(home)
  try {
    await pointers.whenFree(() => pointers.execute('BEGIN IMMEDIATE'), PATIENCE_MILLISECONDS)
    pointers.run('DELETE FROM pointer')
    removeOthers(home, null)
    await pointers.whenFree(() => pointers.execute('COMMIT'))
  } finally {
    pointers.rollback()
    pointers.close()
  }
}

/** Forgets a file that cannot be read, so that it is built anew. */
export async function forget(folder: string, file: string): Promise<void> {
  const pointers = await openPointers(projectionFolder(folder))
  try {
    await pointers.whenFree(() => pointers.run('DELETE FROM pointer WHERE file = ?', nameOf(file)))
  } finally {
    pointers.close()
  }
}

/** @returns the name of the file that has the state of the store */
async function follow(store: Connection, home: string, current: Pointer | undefined): Promise<string> {
  if (current !== undefined) {
    const { changed, total } = countChanges(store, current.sequence)
    if (changed <= Math.max(FEW_CHANGES, total * MANY_CHANGES)) {
      try {
        return await followWith(store, home, current)
      } catch {
        // Whatever is wrong with that file, a new one has nothing of it.
      }
    }
  }
  const file = newName()
  await buildGraph(store, join(home, file))
  return file
}

async function followWith(store: Connection, home: string, current: Pointer): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await catchUp(store, current.file, current.sequence)
      return nameOf(current.file)
    } catch (error) {
      if (!isInTheWay(error)) throw error
    }
    await pause(10)
  }
  // Somebody is reading it, perhaps for long. A copy is nobody's; readers do not change the original meanwhile.
  if (existsSync(`${current.file}.wal`)) throw new StoreError('projection', 'The file to copy is not complete.')
  const copy = newName()
  copyFileSync(current.file, join(home, copy))
  await catchUp(store, join(home, copy), current.sequence)
  return copy
}

async function openPointers(home: string): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    let pointers: Connection | undefined
    try {
      mkdirSync(home, { recursive: true, mode: 0o700 })
      const opened = new Connection(join(home, 'pointer.db'))
      pointers = opened
      await opened.whenFree(() =>
        opened.execute(`CREATE TABLE IF NOT EXISTS pointer (
          one INTEGER PRIMARY KEY, file TEXT, sequence INTEGER, store TEXT, layout TEXT
        )`),
      )
      return opened
    } catch (error) {
      pointers?.close()
      const damaged = error instanceof StoreError && error.code === 'not-a-database'
      if (!damaged || attempt > 0) throw error
      rmSync(join(home, 'pointer.db'), { force: true })
    }
  }
}

function pointerOf(pointers: Connection, home: string, store: string): Pointer | undefined {
  const row = pointers.get('SELECT file, sequence FROM pointer WHERE store = ? AND layout = ?', store, LAYOUT)
  if (row === undefined) return undefined
  const file = join(home, String(row['file']))
  return existsSync(file) ? { file, sequence: Number(row['sequence']) } : undefined
}

/** A new name for each build: Grafeo refuses a file beside which a write-ahead log of another one is left. */
function newName(): string {
  return `graph-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}.grafeo`
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('graph-'))
}

function removeOthers(home: string, keep: string | null): void {
  for (const name of readdirSync(home)) {
    if (!name.startsWith('graph-') || (keep !== null && name.startsWith(keep))) continue
    try {
      rmSync(join(home, name), { recursive: true, force: true })
    } catch {
      // Windows does not remove what somebody reads. The next time, then.
    }
  }
}
