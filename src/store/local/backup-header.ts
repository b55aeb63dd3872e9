import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../model/errors.ts'

/** "whyb" in ASCII: says in a file's header that it is a backup of ours, and no store. */
export const BACKUP = 0x77687962

/** Where SQLite keeps whose a file is, https://www.sqlite.org/fileformat2.html#database_header */
const APPLICATION_AT = 68

/** Files of a folder that are looked at. */
const MOST_FILES = 100

/**
 * Whether a file is a backup, by its header. Not for one that this process has open: to close it would let go of the locks
 * on it.
 */
export function isBackup(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  try {
    const descriptor = openSync(path, 'r')
    try {
      const application = Buffer.alloc(4)
      return readSync(descriptor, application, 0, 4, APPLICATION_AT) === 4 && application.readUInt32BE() === BACKUP
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
}

/** The first backup among the files of a folder; null where there is none. */
export function backupIn(folder: string): string | null {
  try {
    const paths = readdirSync(folder).slice(0, MOST_FILES)
    return paths.map((name) => join(folder, name)).find(isBackup) ?? null
  } catch {
    return null
  }
}

/** For who takes a backup for a store. */
export function restoreHint(file: string): string {
  return `To restore it: whygraph restore ${file} --store FOLDER`
}

export function backupNoStore(file: string): StoreError {
  return new StoreError('is-backup', `${file} is a backup of whygraph, and no store. Nothing was changed.`, {
    hint: restoreHint(file),
  })
}
