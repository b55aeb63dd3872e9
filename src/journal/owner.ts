import { existsSync, mkdirSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ulid } from 'ulid'

/** A folder that one process has to itself for as long as it lives. */
export interface Owned {
  readonly folder: string
  /** Lets go of it, and removes it where nothing is left in it. */
  release(): void
}

const LOCK = 'lock'
const BUSY = 5

/**
 * Makes a folder of its own for this process. That it is taken is known by a lock of the operating system on a file in
 * it (SQLite brings one for every system, which Node does not): it is gone with its process however that ends, and a
 * process number that is used again, or means another process in another container, deceives nobody.
 */
export function claimFolder(parent: string): Owned {
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  for (;;) {
    const folder = join(parent, ulid())
    mkdirSync(folder, { mode: 0o700 })
    const owned = takeNew(folder)
    // Who recovers at this very moment may have taken an empty folder for a dead process' and removed it.
    if (owned !== null && existsSync(join(folder, LOCK))) return owned
    owned?.release()
  }
}

function takeNew(folder: string): Owned | null {
  try {
    return takeOver(folder)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Whether something in the folder of folders may be such a one: they are named by ULIDs. */
export function isOwnersName(name: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(name)
}

/** Takes the folder of a process that has ended; null while it lives, or where somebody else has just taken it. */
export function takeOver(folder: string): Owned | null {
  const path = join(folder, LOCK)
  let lock: DatabaseSync
  try {
    lock = new DatabaseSync(path, { timeout: 0 })
  } catch (error) {
    if (!existsSync(folder)) return null
    throw error
  }
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return null
    if (!existsSync(folder)) return null
    throw error
  }
  return { folder, release: () => release(folder, lock) }
}

function release(folder: string, lock: DatabaseSync): void {
  // Removed while it is held, so that nobody takes a lock on a file that is about to go.
  rmSync(join(folder, LOCK), { force: true })
  lock.close()
  // SQLite's own; a process that was killed leaves it.
  rmSync(join(folder, `${LOCK}-journal`), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // Replies are left in it: the next run takes them.
  }
}
