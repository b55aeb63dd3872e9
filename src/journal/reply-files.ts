import { closeSync, fstatSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ENDING } from './recover.ts'

/** Open to be written at its end. */
export interface ReplyFile {
  readonly path: string
  readonly descriptor: number
}

/**
 * The files of a journal. One whose reply is in the store is emptied and serves the next: to make a file and to remove it
 * takes longer than to write into it. All of this throws what the file system throws.
 */
export class ReplyFiles {
  readonly #folder: () => string
  readonly #spare: ReplyFile[] = []
  #count = 0

  constructor(folder: () => string) {
    this.#folder = folder
  }

  take(): ReplyFile {
    const spare = this.#spare.pop()
    if (spare !== undefined && isThere(spare)) return spare
    if (spare !== undefined) closeSync(spare.descriptor)
    const path = join(this.#folder(), `${++this.#count}${ENDING}`)
    return { path, descriptor: openSync(path, 'ax', 0o600) }
  }

  giveBack(file: ReplyFile): void {
    ftruncateSync(file.descriptor)
    this.#spare.push(file)
  }

  removeSpare(): void {
    for (const { path, descriptor } of this.#spare.splice(0)) {
      closeSync(descriptor)
      rmSync(path, { force: true })
    }
  }
}

/** Somebody may have removed it, and what is written into it then is nowhere. */
function isThere({ descriptor }: ReplyFile): boolean {
  return fstatSync(descriptor).nlink > 0
}
