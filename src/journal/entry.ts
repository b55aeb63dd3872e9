import { closeSync, fsyncSync, writeSync } from 'node:fs'
import type { EngineEvent, Words } from '../engines/engine.ts'
import type { JournalEntry } from '../extract/journal.ts'
import type { FinishReason } from '../model/reply.ts'
import { brokeLine, eventLine } from './lines.ts'
import type { ReplyFile } from './reply-files.ts'

/** What an entry needs of its journal. */
export interface EntryKeeper {
  /** An empty file. @throws whatever the file system does */
  takeFile(): ReplyFile
  /** What it holds is not needed any more. @throws whatever the file system does */
  giveBack(file: ReplyFile): void
  /** Has `flush` called within some milliseconds. */
  flushSoon(): void
  broke(error: unknown): void
  forget(): void
}

const NOTHING = Buffer.alloc(0)

/**
 * The file of one reply, taken with its first words. Nothing here throws: a file that cannot be written costs no reply.
 */
export class FileEntry implements JournalEntry {
  readonly #head: string
  readonly #keeper: EntryKeeper
  #file: ReplyFile | null = null
  /** Words of one kind that came since the last write, and the lines before them. */
  #words: Words | null = null
  #lines = ''
  /** What could not be written, the disk being full: it is tried again whenever more is written, and at the end. */
  #rest: Buffer = NOTHING
  /** Nothing is written any more: it was closed, or cannot be written. */
  #isOver = false

  constructor(head: string, keeper: EntryKeeper) {
    this.#head = head
    this.#keeper = keeper
  }

  note(event: EngineEvent): void {
    if (event.type === 'finish' || event.type === 'broken-off') {
      this.#turnToLine()
      this.#lines += eventLine(event, new Date())
      return this.flush()
    }
    if (this.#words?.type !== event.type) this.#turnToLine()
    this.#words = { type: event.type, text: (this.#words?.text ?? '') + event.text }
    this.#keeper.flushSoon()
  }

  end(finish: FinishReason): void {
    this.#turnToLine()
    if (finish === 'aborted' || finish === 'failed') this.#lines += brokeLine(finish, new Date())
    this.flush()
  }

  drop(): void {
    this.#keeper.forget()
    const file = this.#letGo()
    if (file !== null) this.#try(() => this.#keeper.giveBack(file))
  }

  flush(): void {
    this.#turnToLine()
    if (this.#lines !== '') this.#rest = Buffer.concat([this.#rest, Buffer.from(this.#unbegun() + this.#lines)])
    this.#lines = ''
    if (this.#rest.length === 0 || this.#isOver) return
    this.#try(() => {
      this.#file ??= this.#keeper.takeFile()
      while (this.#rest.length > 0) this.#rest = this.#rest.subarray(writeSync(this.#file.descriptor, this.#rest))
    })
  }

  /**
   * Leaves the file to the next run; says whether all that was heard is in it. `makeRoom`, where the disk is full: whether
   * it is worth trying once more.
   */
  close(makeRoom: () => boolean): boolean {
    this.flush()
    if (this.#rest.length > 0 && makeRoom()) this.flush()
    const isKept = this.#rest.length === 0
    const file = this.#letGo()
    if (file !== null)
      this.#try(() => {
        fsyncSync(file.descriptor)
        closeSync(file.descriptor)
      })
    return isKept
  }

  /** What stands at the beginning of the file, until it has been written or is to be. */
  #unbegun(): string {
    return this.#file === null && this.#rest.length === 0 ? this.#head : ''
  }

  /** What was given back or closed is soon another reply's. */
  #letGo(): ReplyFile | null {
    const file = this.#file
    this.#file = null
    this.#isOver = true
    return file
  }

  #turnToLine(): void {
    if (this.#words !== null) this.#lines += eventLine(this.#words, new Date())
    this.#words = null
  }

  #try(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!isFull(error)) {
        this.#isOver = true
        this.#rest = NOTHING
      }
      this.#keeper.broke(error)
    }
  }
}

/** No room on the disk, in a quota, or below a limit of the largest file. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String((error as NodeJS.ErrnoException).code))
}
