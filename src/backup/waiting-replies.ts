import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readJournaled } from '../journal/lines.ts'
import { isOwnersName } from '../journal/owner.ts'
import { ENDING } from '../journal/recover.ts'
import type { Connection } from '../store/local/sqlite.ts'

/** The file of a reply that was not in the store when it was looked at. */
export interface WaitingReply {
  readonly text: string
  readonly seenAt: Date
}

/** The journal as it is now: what is being received, and what runs that were broken off left behind. */
export function readWaiting(folder: string): WaitingReply[] {
  if (!existsSync(folder)) return []
  const owners = readdirSync(folder).filter(isOwnersName).toSorted()
  return owners.flatMap((owner) => filesIn(join(folder, owner)).flatMap((path) => readIfThere(path)))
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => join(folder, name))
  } catch {
    // Its process has ended and left nothing.
    return []
  }
}

function readIfThere(path: string): WaitingReply[] {
  try {
    return [{ text: readFileSync(path, 'utf8'), seenAt: statSync(path).mtime }]
  } catch {
    // In the store by now.
    return []
  }
}

/**
 * Those that belong to a store and are not in it. What is not legible is kept too: a later whygraph may know better.
 * `connection` is open on a copy of the store that was made after the journal was read.
 */
export function notInStore(waiting: readonly WaitingReply[], store: string, connection: Connection): WaitingReply[] {
  const sql = `SELECT 1 FROM node WHERE kind = 'Reply' AND json_extract(properties, '$.requestHash') = ?
    AND json_extract(properties, '$.chunkId') = ? AND json_extract(properties, '$.at') >= ?`
  return waiting.filter(({ text, seenAt }) => {
    const journaled = readJournaled(text, seenAt)
    if (journaled === 'empty') return false
    if (typeof journaled === 'string') return true
    const { requestHash, chunkId, at, milliseconds } = journaled.reply
    const startedAt = new Date(Date.parse(at) - milliseconds).toISOString()
    return journaled.store === store && connection.get(sql, requestHash, chunkId, startedAt) === undefined
  })
}
