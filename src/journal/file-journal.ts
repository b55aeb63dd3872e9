import {
  NO_JOURNAL,
  type Claim,
  type Journal,
  type JournalEntry,
  type Recovered,
  type ReplyHead,
  type SaveRecovered,
} from '../extract/journal.ts'
import { Claims } from './claims.ts'
import { FileEntry } from './entry.ts'
import { headOf } from './lines.ts'
import { claimFolder, type Owned } from './owner.ts'
import { countReplies, recoverReplies } from './recover.ts'
import { ReplyFiles } from './reply-files.ts'
import { giveUpReserve, keepReserve } from './reserve.ts'

/** Milliseconds. Who is killed in the midst of a reply has to ask again anyway. */
const LONGEST_WAIT = 20

/**
 * A journal in files: one for each reply that is being received, in a folder of this process' own, emptied as soon as the
 * reply is in the store, and gone with the process. What has been written outlives the process, however it ends. Words are written together, at
 * most {@link LONGEST_WAIT} after they came; with the last one nothing waits. The files hold what the model says and
 * neither headers nor keys, and only their owner may read them.
 */
export class FileJournal implements Journal {
  readonly #folder: string
  readonly #store: string
  readonly #say: (message: string) => void
  readonly #open = new Set<FileEntry>()
  readonly #files = new ReplyFiles(() => this.#ownFolder())
  readonly #claims: Claims
  #owned: Owned | null = null
  #unclaimed: Error | null = null
  #flushing = false
  #isBroken = false
  /** Another process that asks for the same; said once. */
  #hasMet = false

  /** `store` names the store that the replies are for. `say` is told, once each, what people should know. */
  constructor(folder: string, store: string, say: (message: string) => void) {
    this.#folder = folder
    this.#store = store
    this.#say = say
    this.#claims = new Claims(folder, store, () => this.#ownFolder())
  }

  begin(head: ReplyHead): JournalEntry {
    const entry = new FileEntry(headOf(head, this.#store, new Date()), {
      takeFile: () => this.#files.take(),
      giveBack: (file) => this.#files.giveBack(file),
      flushSoon: () => this.#flushSoon(),
      broke: (error) => this.#broke(error),
      forget: () => this.#open.delete(entry),
    })
    this.#open.add(entry)
    return entry
  }

  recover(save: SaveRecovered): Promise<Recovered> {
    return recoverReplies(this.#folder, this.#store, save, (error) => this.#broke(error))
  }

  waiting(): number {
    return countReplies(this.#folder, (error) => this.#broke(error))
  }

  claim(requestHash: string): Claim {
    try {
      const claim = this.#claims.claim(requestHash)
      if (claim.how === 'taken' && !this.#hasMet) {
        this.#hasMet = true
        this.#say(
          'another process is asking about the same sources: what it asks for is waited for, and not asked again',
        )
      }
      return claim
    } catch (error) {
      this.#broke(error)
      return NO_JOURNAL.claim(requestHash)
    }
  }

  hasCompany(): boolean {
    try {
      return this.#claims.hasCompany()
    } catch {
      return true
    }
  }

  /** Replies that are not in the store by now stay for the next run, even if the machine goes down. */
  close(): void {
    try {
      this.#files.removeSpare()
      const kept = [...this.#open].map((entry) => entry.close(() => this.#makeRoom()))
      this.#open.clear()
      const lost = kept.filter((isKept) => !isKept).length
      if (lost > 0) this.#say(`${this.#folder}: there was no room for ${lost} replies, or their last words.`)
      this.#makeRoom()
      if (this.#owned !== null) this.#claims.close()
    } catch (error) {
      this.#broke(error)
    }
    this.#owned?.release()
    this.#owned = null
  }

  #makeRoom(): boolean {
    return this.#owned !== null && giveUpReserve(this.#owned.folder)
  }

  /** Tried once: where there is no folder to be had, each reply would only try in vain. */
  #ownFolder(): string {
    if (this.#unclaimed !== null) throw this.#unclaimed
    try {
      if (this.#owned === null) {
        this.#owned = claimFolder(this.#folder)
        keepReserve(this.#owned.folder)
      }
      return this.#owned.folder
    } catch (error) {
      this.#unclaimed = error instanceof Error ? error : new Error(String(error))
      throw this.#unclaimed
    }
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    setTimeout(() => {
      this.#flushing = false
      for (const entry of this.#open) entry.flush()
    }, LONGEST_WAIT).unref()
  }

  #broke(error: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    const reason = error instanceof Error ? error.message : String(error)
    this.#say(`${this.#folder} cannot be used (${reason}): until it can, a reply is safe only once it is in the store.`)
  }
}
