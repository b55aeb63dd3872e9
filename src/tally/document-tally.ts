import type { Change } from '../../ingest/plan.ts'
import type { DocumentChanges, DocumentFate, IngestSummary, Progress } from '../ingest-summary.ts'
import { counted } from '../model/counted.ts'
import type { InputError } from '../model/errors.ts'
import type { Note } from '../model/note.ts'
import type { Notes } from './notes.ts'

/** Formats that whygraph does not read, and files with nothing in them, are passed over; all else is a failure. */
const SKIPPED: ReadonlySet<string> = new Set(['unsupported-format', 'empty-file'])

export function isPassedOver(error: InputError): boolean {
  return SKIPPED.has(error.code)
}

/** What became of files and documents. */
export class DocumentTally {
  readonly #fates: Record<DocumentFate, number> = {
    new: 0,
    changed: 0,
    unchanged: 0,
    moved: 0,
    returned: 0,
    gone: 0,
    forgotten: 0,
    skipped: 0,
    failed: 0,
  }
  /** In a dry run. */
  #changes: { [Kind in keyof DocumentChanges]: DocumentChanges[Kind][number][] } | null = null
  readonly #leftOut = { ignored: 0, excluded: 0 }
  readonly #notes: Notes
  readonly #say: (progress: Progress) => void
  #tables = 0

  constructor(notes: Notes, say: (progress: Progress) => void) {
    this.#notes = notes
    this.#say = say
  }

  /** A document was read, or found as it was. */
  add(path: string, fate: Change, chunks: number, notes: readonly Note[] = [], tables = 0, from: string = path): void {
    this.#tables += tables
    this.#fates[fate]++
    if (fate === 'moved') {
      this.#changes?.moved.push({ from, to: path })
      this.#notes.keep({
        code: 'document-moved',
        message: `was at ${from}; what is known of it goes along`,
        where: path,
      })
    } else if (fate !== 'unchanged') this.#changes?.[fate].push(path)
    for (const note of notes) this.#notes.remark({ ...note, where: [path, note.where].filter(Boolean).join(' ') }, path)
    if (fate !== 'unchanged')
      this.#say({
        path,
        message: `${fate}, ${counted(chunks, 'chunk')}${tables > 0 ? `, ${counted(tables, 'table')}` : ''}`,
        trouble: false,
      })
  }

  /** A document that is not in its source any more. */
  gone(path: string): void {
    this.#fates.gone++
    this.#changes?.gone.push(path)
    this.#notes.keep({
      code: 'document-gone',
      message: 'is not there any more; what it said does not count any more',
      where: path,
    })
    this.#say({ path, message: 'gone', trouble: false })
  }

  /** A document that was taken out of the store while this run went on: nothing that it says is to be written any more. */
  forgotten(path: string): void {
    this.#fates.forgotten++
    this.#notes.forget(path)
    const message = "was taken out of the store by 'whygraph forget' meanwhile; nothing of it is kept"
    this.#notes.keep({ code: 'document-forgotten', message, where: path })
    this.#say({ path, message: 'forgotten meanwhile', trouble: true })
  }

  /** The store has lost chunks of it. */
  lackedChunks(path: string, lost: number): void {
    const message = `${counted(lost, 'chunk')} of it ${lost === 1 ? 'was' : 'were'} not in the store any more: read again`
    this.#notes.keep({ code: 'chunks-lost', message, where: path })
  }

  /** Its date in the store is not the one that it was read with, or not that of what it says. */
  wasRedated(path: string): void {
    const message =
      'its date, or that of what it says, had been altered in the store: read again, and dated as its source says'
    this.#notes.keep({ code: 'date-altered', message, where: path })
  }

  /** What was read before, is still there, and is not read any more. */
  stays(path: string): void {
    this.#notes.keep({
      code: 'document-left-out',
      message: "is left out now, but is still there: what was read of it stays. 'whygraph forget' takes it out",
      where: path,
    })
  }

  /** A file that is not in its mail or archive any more. */
  goneInside(path: string): void {
    this.#notes.keep({
      code: 'attachment-gone',
      message: 'is not in there any more; what it said does not count any more',
      where: path,
    })
  }

  unread(path: string, error: InputError, isKnown: boolean): void {
    const fate = isPassedOver(error) ? 'skipped' : 'failed'
    this.#fates[fate]++
    const reason = error.message.startsWith(path)
      ? error.message.slice(path.length).replace(/^[:,]?\s*/, '')
      : error.message
    const kept = isKnown && error.code !== 'empty-file' ? '; what was read of it before is kept' : ''
    this.#notes.keep({ code: `file-${fate}`, message: `${reason}${kept}`, where: path })
    this.#say({ path, message: `${fate}: ${reason}`, trouble: fate === 'failed' })
  }

  /** Something in a folder that is no file to read. Hidden files and dependencies are left out without a word. */
  passedOver(path: string, why: string): void {
    if (why === 'unreadable' || why === 'missing') {
      const what =
        why === 'missing'
          ? 'there is no such file'
          : 'cannot be looked into; check its permissions, and that its name is UTF-8'
      this.#fates.failed++
      this.#notes.keep({ code: 'file-failed', message: what, where: path })
      this.#say({ path, message: `failed: ${what}`, trouble: true })
    } else if (why === 'ignored' || why === 'excluded') this.#leftOut[why]++
    else if (why === 'ignore-file')
      this.#notes.keep({ code: 'passed-over', message: 'cannot be obeyed in full: it is too large', where: path })
    else if (why === 'link')
      this.#notes.keep({ code: 'passed-over', message: 'a symbolic link is not followed', where: path })
    else if (why === 'special') this.#notes.keep({ code: 'passed-over', message: 'is no regular file', where: path })
  }

  /** From now on paths are listed by what is to become of them. */
  listChanges(): void {
    this.#changes = { new: [], changed: [], moved: [], returned: [], gone: [] }
  }

  /** Whether the store has any of them otherwise than before. */
  get changedAny(): boolean {
    const { new: added, changed, moved, returned, gone } = this.#fates
    return added + changed + moved + returned + gone > 0
  }

  summary(): Pick<IngestSummary, 'documents' | 'tables' | 'leftOut' | 'changes'> {
    return {
      documents: { ...this.#fates },
      tables: this.#tables,
      leftOut: { ...this.#leftOut },
      ...(this.#changes === null ? {} : { changes: structuredClone(this.#changes) }),
    }
  }
}
