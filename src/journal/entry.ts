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
    if (this.#lines === '' || this.#isOver) return
    const head = this.#file === null ? this.#head : ''
    const lines = Buffer.from(head + this.#lines)
    this.#lines = ''
    this.#try(() => {
      this.#file ??= this.#keeper.takeFile()
      for (let done = 0; done < lines.length;) done += writeSync(this.#file.descriptor, lines, done)
    })
  }

  /** Leaves the file to the next run. */
  close(): void {
    this.flush()
    const file = this.#letGo()
    if (file === null) return
    this.#try(() => {
      fsyncSync(file.descriptor)
      closeSync(file.descriptor)
    })
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
      this.#isOver = true
      this.#keeper.broke(error)
    }
  }
}
