import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'reserve'
/** As much as some dozens of long replies take. */
const BYTES = 2 << 20

/**
 * Room on the disk for replies that no store took: where the disk is full, neither could the journal. A file of zeros,
 * which some file systems keep in no room at all; there it helps nothing.
 */
export function keepReserve(folder: string): void {
  try {
    writeFileSync(join(folder, NAME), Buffer.alloc(BYTES), { mode: 0o600 })
  } catch {
    // There is no room to keep.
    giveUpReserve(folder)
  }
}

/** Returns whether there was any. @throws whatever the file system does */
export function giveUpReserve(folder: string): boolean {
  const path = join(folder, NAME)
  const isThere = existsSync(path)
  if (isThere) rmSync(path, { force: true })
  return isThere
}
