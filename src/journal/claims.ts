import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Claim } from '../extract/journal.ts'
import { contentId } from '../model/ids.ts'
import { isOwnersName, takeOver } from './owner.ts'

/** Beside the owners' folders: a file for each request that is being made, which names its owner. */
const ASKING = 'asking'
/** In an owner's folder: its name, to which the files of its requests are links. A link comes into being whole, or not. */
const OWNER = 'owner'

/** Milliseconds: how often a waiting process looks whether a request is over, and whether who makes it still lives. */
const GLANCE = 50
const SIGN_OF_LIFE = 1_000

/**
 * Which requests the processes of a journal are making, so that no two make the same at the same time. What a process
 * claims is gone with it at the latest when what it left behind is recovered. Where the file system knows no hard links,
 * everything may be claimed by everybody.
 */
export class Claims {
  readonly #parent: string
  readonly #store: string
  readonly #own: () => string
  readonly #held = new Set<string>()
  /** When owners were last seen alive. */
  readonly #seen = new Map<string, number>()

  /** `own` gives this process' folder, and may throw what the file system throws. */
  constructor(parent: string, store: string, own: () => string) {
    this.#parent = parent
    this.#store = store
    this.#own = own
  }

  /** @throws whatever the file system does */
  claim(requestHash: string): Claim {
    const path = join(this.#parent, ASKING, contentId('claim', this.#store, requestHash))
    const own = this.#own()
    const name = join(own, OWNER)
    if (!existsSync(name)) writeWhole(name, basename(own))
    try {
      tryLink(name, path)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return { how: 'taken', wait: (signal) => this.#wait(path, signal) }
      return { how: 'mine', release: () => {} }
    }
    this.#held.add(path)
    return {
      how: 'mine',
      release: () => {
        if (this.#held.delete(path)) rmSync(path, { force: true })
      },
    }
  }

  /** Whether other processes make requests, or have left something behind. */
  hasCompany(): boolean {
    if (!existsSync(this.#parent)) return false
    const own = basename(this.#own())
    return readdirSync(this.#parent).some((name) => isOwnersName(name) && name !== own)
  }

  /** What is claimed still has its reply in the journal, and stays so until that is recovered. */
  close(): void {
    if (this.#held.size > 0) return
    rmSync(join(this.#own(), OWNER), { force: true })
    removeIfEmpty(join(this.#parent, ASKING))
  }

  async #wait(path: string, signal: AbortSignal): Promise<'over' | 'left' | 'aborted'> {
    for (;;) {
      const owner = readOwner(path)
      if (owner === null) return 'over'
      // The power went before the name reached the disk: whoever claimed it is gone.
      if (!isOwnersName(owner)) {
        rmSync(path, { force: true })
        return 'over'
      }
      if (!this.#lives(owner)) return 'left'
      await pause(GLANCE, undefined, { signal }).catch(() => {})
      if (signal.aborted) return 'aborted'
    }
  }

  #lives(owner: string): boolean {
    const seen = this.#seen.get(owner) ?? -Infinity
    if (Date.now() - seen < SIGN_OF_LIFE) return true
    const folder = join(this.#parent, owner)
    if (!existsSync(folder)) return false
    const taken = takeOver(folder)
    taken?.release()
    if (taken !== null) return false
    this.#seen.set(owner, Date.now())
    return true
  }
}

/** Of an owner that has ended, whose folder the caller has taken over. @throws whatever the file system does */
export function dropClaims(folder: string): void {
  rmSync(join(folder, OWNER), { force: true })
  const asking = join(folder, '..', ASKING)
  if (!existsSync(asking)) return
  for (const name of readdirSync(asking))
    if (readOwner(join(asking, name)) === basename(folder)) rmSync(join(asking, name), { force: true })
  removeIfEmpty(asking)
}

/** Owners who have claimed something and of whom nothing else is left. @throws whatever the file system does */
export function lostOwners(parent: string): string[] {
  const asking = join(parent, ASKING)
  if (!existsSync(asking)) return []
  const owners = new Set(readdirSync(asking).flatMap((name) => readOwner(join(asking, name)) ?? []))
  return [...owners].filter((owner) => isOwnersName(owner) && !existsSync(join(parent, owner)))
}

/** A full disk takes a name and nothing into it: then what is claimed would be nobody's. */
function writeWhole(path: string, words: string): void {
  const part = `${path}.new`
  writeFileSync(part, words, { mode: 0o600 })
  renameSync(part, path)
}

function tryLink(name: string, path: string): void {
  try {
    linkSync(name, path)
  } catch (error) {
    // The folder of claims is not there yet, or has just gone with the last one.
    if (codeOf(error) !== 'ENOENT') throw error
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
    linkSync(name, path)
  }
}

/** Null where it is over meanwhile. */
function readOwner(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Others make requests.
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code
}
