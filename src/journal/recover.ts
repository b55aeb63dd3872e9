import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Recovered } from '../extract/journal.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import { readJournaled } from './lines.ts'
import { isOwnersName, takeOver } from './owner.ts'

/** The end of the name of a reply's file. */
export const ENDING = '.jsonl'

/**
 * Brings the replies that processes left behind into the store, and removes their files one by one. Folders of those
 * that live are passed over; so are replies for another store, and files that another version wrote.
 */
export async function recoverReplies(
  parent: string,
  store: string,
  save: (reply: Reply) => Promise<void>,
): Promise<Recovered> {
  const found = { whole: 0, partial: 0, elsewhere: 0 }
  if (!existsSync(parent)) return found
  for (const name of readdirSync(parent).filter(isOwnersName).toSorted()) {
    const left = takeOver(join(parent, name))
    if (left === null) continue
    try {
      for (const file of readdirSync(left.folder).filter((one) => one.endsWith(ENDING))) {
        const fate = await recoverFile(join(left.folder, file), store, save)
        if (fate !== 'empty') found[fate]++
      }
    } finally {
      left.release()
    }
  }
  return found
}

async function recoverFile(
  path: string,
  store: string,
  save: (reply: Reply) => Promise<void>,
): Promise<keyof Recovered | 'empty'> {
  const journaled = readJournaled(readFileSync(path, 'utf8'), statSync(path).mtime)
  if (journaled === 'unknown') return 'elsewhere'
  if (journaled !== 'empty' && journaled.store !== store) return 'elsewhere'
  const said = journaled === 'empty' ? '' : journaled.reply.reasoning + journaled.reply.content
  if (journaled !== 'empty' && said !== '') await save(journaled.reply)
  rmSync(path, { force: true })
  return journaled === 'empty' || said === '' ? 'empty' : isWhole(journaled.reply.finish) ? 'whole' : 'partial'
}
