import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Recovered } from '../extract/journal.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import { readJournaled, type Journaled } from './lines.ts'
import { isOwnersName, takeOver } from './owner.ts'

/** The end of the name of a reply's file. */
export const ENDING = '.jsonl'

/**
 * Brings the replies that processes left behind into the store, and removes their files one by one. Folders of those
 * that live are passed over; so are replies for another store, and files that another version wrote. What the file
 * system refuses costs what it is about, and `broke` is told; what `save` throws is thrown.
 */
export async function recoverReplies(
  parent: string,
  store: string,
  save: (reply: Reply, askedModel: string) => Promise<void>,
  broke: (error: unknown) => void,
): Promise<Recovered> {
  const found = { whole: 0, partial: 0, elsewhere: 0 }
  const attempt = <T>(action: () => T): T | null => {
    try {
      return action()
    } catch (error) {
      broke(error)
      return null
    }
  }
  if (!existsSync(parent)) return found
  const owners = attempt(() => readdirSync(parent))?.filter(isOwnersName) ?? []
  for (const name of owners.toSorted()) {
    const left = attempt(() => takeOver(join(parent, name)))
    if (left === null) continue
    try {
      const files = attempt(() => readdirSync(left.folder))?.filter((file) => file.endsWith(ENDING)) ?? []
      for (const path of files.map((file) => join(left.folder, file))) {
        const journaled = attempt(() => readFile(path))
        if (journaled === null) continue
        if (journaled === 'unknown' || (journaled !== 'empty' && journaled.store !== store)) {
          found.elsewhere++
          continue
        }
        if (journaled !== 'empty' && journaled.reply.reasoning + journaled.reply.content !== '') {
          await save(journaled.reply, journaled.askedModel)
          found[isWhole(journaled.reply.finish) ? 'whole' : 'partial']++
        }
        attempt(() => rmSync(path, { force: true }))
      }
    } finally {
      attempt(() => left.release())
    }
  }
  return found
}

function readFile(path: string): Journaled | 'empty' | 'unknown' {
  return readJournaled(readFileSync(path, 'utf8'), statSync(path).mtime)
}
