import type { Note } from '../model/note.ts'

/** Remarks on single links and chunks may be without number: so many are kept. */
const MOST_REMARKS = 1000

/** What a run has to say in its summary. */
export class Notes {
  #notes: Note[] = []
  /** Paths of documents on which there is a remark. */
  readonly #remarked = new Set<string>()
  #remarks = 0
  #leftOut = 0

  /** Every file and every failure is accounted for, however many. */
  keep(note: Note, path = note.where): void {
    this.#notes.push(note)
    if (path !== undefined) this.#remarked.add(path)
  }

  remark(note: Note, path?: string): void {
    if (this.#remarks++ < MOST_REMARKS) this.keep(note, path)
    else this.#leftOut++
  }

  /** Drops whatever names a document. */
  forget(path: string): void {
    this.#notes = this.#notes.filter((note) => !JSON.stringify(note).includes(JSON.stringify(path).slice(1, -1)))
  }

  /** Whether anything is said about a document. */
  areOn(path: string): boolean {
    return this.#remarked.has(path)
  }

  get all(): readonly Note[] {
    return this.#notes
  }

  /** How many more remarks there were than were kept. */
  get leftOut(): number {
    return this.#leftOut
  }
}
