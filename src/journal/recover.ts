import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Recovered, SaveRecovered } from '../extract/journal.ts'
import { isWhole } from '../model/reply.ts'
import { dropClaims, lostOwners } from './claims.ts'
import { readJournaled } from './lines.ts'
import { giveUpReserve } from './reserve.ts'
import { isOwnersName, takeOver, type Owned } from './owner.ts'

/** The end of the name of a reply's file. */
export const ENDING = '.jsonl'

/** Beside the replies while somebody brings them into the store. */
const RECOVERING = 'recovering'
/** Milliseconds: how long somebody else may take for a folder, and how often that is looked at. */
const PATIENCE = 20_000
const GLANCE = 50

/**
 * Brings the replies that processes left behind into the store, and removes their files one by one. Folders of those
 * that live are passed over; so are replies for another store, and files of which not even the head is legible. A
 * folder that somebody else recovers at this moment is waited for: its replies would be asked for again. What the file
 * system refuses costs what it is about, and `broke` is told; what `save` throws is thrown.
 */
export async function recoverReplies(
  parent: string,
  store: string,
  save: SaveRecovered,
  broke: (error: unknown) => void,
): Promise<Recovered> {
  const found = { whole: 0, partial: 0, forgotten: 0, elsewhere: 0, damaged: 0 }
  const attempt = attempting(broke)
  // So that whoever takes them over has them alone, as any other.
  for (const name of attempt(() => lostOwners(parent)) ?? [])
    attempt(() => mkdirSync(join(parent, name), { recursive: true, mode: 0o700 }))
  for (const folder of foldersIn(parent, attempt)) {
    const left = await takeInTurn(folder, attempt)
    if (left === null) continue
    try {
      attempt(() => giveUpReserve(folder))
      attempt(() => writeFileSync(join(folder, RECOVERING), '', { mode: 0o600 }))
      for (const path of filesIn(folder, attempt)) {
        const journaled = attempt(() => readJournaled(readFileSync(path, 'utf8'), statSync(path).mtime))
        if (journaled === null) continue
        if (journaled === 'damaged') found.damaged++
        else if (journaled === 'unknown' || (journaled !== 'empty' && journaled.store !== store)) found.elsewhere++
        else {
          if (journaled !== 'empty' && journaled.reply.reasoning + journaled.reply.content !== '') {
            const isKept = await save(journaled.reply, journaled.askedModel, journaled.beside)
            found[!isKept ? 'forgotten' : isWhole(journaled.reply.finish) ? 'whole' : 'partial']++
          }
          attempt(() => rmSync(path, { force: true }))
        }
      }
      // Only now: who waits for one of its requests finds the reply in the store.
      attempt(() => dropClaims(folder))
    } finally {
      attempt(() => rmSync(join(folder, RECOVERING), { force: true }))
      attempt(() => left.release())
    }
  }
  return { ...found, folder: parent }
}

/** How many files of replies there are, whoever's they are. */
export function countReplies(parent: string, broke: (error: unknown) => void): number {
  const attempt = attempting(broke)
  const files = foldersIn(parent, attempt).flatMap((folder) => filesIn(folder, attempt))
  // An empty one waits for its next reply.
  return files.filter((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0).length
}

type Attempt = <T>(action: () => T) => T | null

function attempting(broke: (error: unknown) => void): Attempt {
  return (action) => {
    try {
      return action()
    } catch (error) {
      broke(error)
      return null
    }
  }
}

function foldersIn(parent: string, attempt: Attempt): string[] {
  if (!existsSync(parent)) return []
  const owners = attempt(() => readdirSync(parent))?.filter(isOwnersName) ?? []
  return owners.toSorted().map((name) => join(parent, name))
}

/** None where the folder has gone meanwhile. */
function filesIn(folder: string, attempt: Attempt): string[] {
  const names = attempt(() => (existsSync(folder) ? readdirSync(folder) : [])) ?? []
  return names.filter((name) => name.endsWith(ENDING)).map((name) => join(folder, name))
}

/** Null where its process lives, or somebody else has recovered it, or does for longer than anybody waits. */
async function takeInTurn(folder: string, attempt: Attempt): Promise<Owned | null> {
  const end = Date.now() + PATIENCE
  for (let isFirst = true; ; isFirst = false) {
    const left = attempt(() => takeOver(folder))
    if (left !== null || !existsSync(folder) || Date.now() > end) return left
    // Who has only just taken it may not have said so yet.
    if (!isFirst && !existsSync(join(folder, RECOVERING))) return null
    await pause(GLANCE)
  }
}
