import { appendFileSync, closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import type { EngineEvent } from '../engines/engine.ts'
import type { JournalEntry } from '../extract/journal.ts'
import type { FinishReason } from '../model/reply.ts'
import { brokeLine, eventLine } from './lines.ts'

/** What an entry needs of its journal. */
export interface EntryKeeper {
  /** Has `flush` called at the end of this turn of the event loop. */
  flushSoon(): void
  broke(error: unknown): void
  forget(): void
}

/** The file of one reply, which grows with it. Nothing here throws: a file that cannot be written costs no reply. */
export class FileEntry implements JournalEntry {
  readonly #path: string
  readonly #keeper: EntryKeeper
  readonly #descriptor: number
  /** Words of one kind that came since the last write. */
  #words: Extract<EngineEvent, { text: string }> | null = null
  #lines = ''
  #isBroken = false

  /** @throws whatever the file system does */
  constructor(path: string, head: string, keeper: EntryKeeper) {
    this.#path = path
    this.#keeper = keeper
    this.#descriptor = openSync(path, 'wx', 0o600)
    appendFileSync(this.#descriptor, head)
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
    this.#try(() => {
      closeSync(this.#descriptor)
      rmSync(this.#path, { force: true })
    })
  }

  flush(): void {
    this.#turnToLine()
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '' && !this.#isBroken) this.#try(() => appendFileSync(this.#descriptor, lines))
  }

  /** Leaves the file to the next run. */
  close(): void {
    this.flush()
    this.#try(() => {
      fsyncSync(this.#descriptor)
      closeSync(this.#descriptor)
    })
  }

  #turnToLine(): void {
    if (this.#words !== null) this.#lines += eventLine(this.#words, new Date())
    this.#words = null
  }

  #try(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#isBroken = true
      this.#keeper.broke(error)
    }
  }
}
