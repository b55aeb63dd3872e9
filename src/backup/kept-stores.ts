import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the folders begin with that restoring makes inside of a store's: what was there before, and what is unpacked. */
export const BEFORE = 'before-restore-'
export const UNPACKED = 'restoring-'

/** Folders with whole stores in them, put aside by a restore, or left behind by one that was killed. */
export function keptStores(folder: string): string[] {
  if (!existsSync(folder)) return []
  const isKept = (name: string): boolean => name.startsWith(BEFORE) || name.startsWith(UNPACKED)
  return readdirSync(folder)
    .filter(isKept)
    .toSorted()
    .map((name) => join(folder, name))
}
