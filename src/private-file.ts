import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'

/** For everybody else. */
const OTHERS = 0o007
/** What SQLite and DuckDB put beside a database. */
const BESIDE = ['-wal', '-shm', '.wal']

/**
 * What documents say is for their owner: a file that is not there is made so that nobody else may read it (what SQLite
 * puts beside a database gets its permissions), and one that anybody may read is closed to all but its owner. One that
 * is shared with a group only, somebody meant to share.
 */
export function keepPrivate(path: string): void {
  // One that is there is never opened: to close it would let go of the locks that this process holds on it.
  attempt(() => existsSync(path) || closeSync(openSync(path, 'ax', 0o600)))
  for (const file of [path, ...BESIDE.map((ending) => path + ending)])
    attempt(() => existsSync(file) && (statSync(file).mode & OTHERS) !== 0 && chmodSync(file, 0o600))
}

/** What cannot be done, because it is somebody else's, whoever opens the file says better. */
function attempt(action: () => unknown): void {
  try {
    action()
  } catch {
    // As it was, then.
  }
}
