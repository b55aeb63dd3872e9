import type { Change } from '../ingest/plan.ts'
import type { Extraction } from './extract/extract.ts'
import type { Embedded } from './asking/embed-names.ts'
import type { PairFate } from './extract/identity/read-pair.ts'
import { describeForgotten, describeLeftAlone, type Recovered } from './extract/journal.ts'
import type { Chunk } from './model/chunk.ts'
import { SUPERSEDES } from './model/conflict.ts'
import type { InputError, WhygraphError } from './model/errors.ts'
import type { Note } from './model/note.ts'
import type { Reply } from './model/reply.ts'
import type { PlanSummary } from './money/plan.ts'
import { addSpending, type Spending, spendingOf } from './money/spending.ts'
import type { LinkChanges } from './store/derivation.ts'
import type { NameChanges } from './store/judged.ts'
import type { StoredLink } from './store/records.ts'

/**
 * `moved`: the same content at another path. `returned`: it was gone before. `gone`: not in its source any more.
 * `forgotten`: of those that are counted as another, such as somebody took out of the store while this ran.
 */
export type DocumentFate =
  | 'new'
  | 'changed'
  | 'unchanged'
  | 'moved'
  | 'returned'
  | 'gone'
  | 'forgotten'
  | 'skipped'
  | 'failed'
export type ChunkFate = 'reasoned' | 'unchanged' | 'pending' | 'failed'

/** What an ingest did; the JSON that `ingest --json` ends with. */
export interface IngestSummary {
  readonly version: 1
  readonly documents: Record<DocumentFate, number>
  /** Files and folders that an ignore file names, or the patterns of the job. */
  readonly leftOut: { readonly ignored: number; readonly excluded: number }
  /** What would become of documents, path by path; in a dry run only. */
  readonly changes?: DocumentChanges
  /** Tables that were registered. */
  readonly tables: number
  readonly chunks: Record<ChunkFate, number>
  readonly replies: { asked: number; reused: number }
  /** Made by this run. */
  readonly proposals: number
  /** Links that this run added to the graph. */
  readonly links: number
  /** Links that left it with the texts that spoke for them. Where these are read again, they may be among the new. */
  readonly linksGone: number
  /**
   * Pairs of names that were taken for one thing, and such as wait for a person since: `SAME_AS` links. `crowded`: names
   * that were met with so many others that they may mean as well that none is proposed.
   */
  readonly names: { readonly joined: number; readonly asked: number; readonly crowded: number }
  /** Pairs of names that an engine was to say of whether they are one thing, where one is configured. */
  readonly pairs?: Readonly<Record<PairFate, number>>
  /** Names that an embedding model was to be asked about, where one is configured. */
  readonly embedded?: Readonly<Record<keyof Embedded, number>>
  readonly conflicts: ConflictCounts
  /** What this run paid for, by model: replies that broke off too. */
  readonly usage: Readonly<Record<string, Spending>>
  /** What this run was allowed to spend, and spent, where it had a budget. */
  readonly budget?: BudgetSummary
  readonly notes: readonly Note[]
  /** How many more notes there were than are listed. */
  readonly notesLeftOut: number
  /** What would be asked, and what it is likely to take; in a dry run only. */
  readonly plan?: PlanSummary
  /** Why asking was given up before the end. */
  readonly stopped?: { code: string; message: string; hint?: string }
}

export interface DocumentChanges {
  readonly new: readonly string[]
  readonly changed: readonly string[]
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  readonly returned: readonly string[]
  readonly gone: readonly string[]
}

/** Links between links that this run added; `retired`: those that end the earlier link by a rule of the schema. */
export interface ConflictCounts {
  readonly contradictions: number
  readonly supersessions: number
  readonly retired: number
}

export interface BudgetSummary {
  readonly limit: number
  /** A currency, or `tokens`. */
  readonly unit: string
  readonly spent: number
}

/** One thing that happened, for progress. */
export interface Progress {
  readonly path: string
  readonly message: string
  readonly trouble: boolean
}

const MOST_REMARKS = 1000
/** Formats that whygraph does not read, and files with nothing in them, are passed over; all else is a failure. */
const SKIPPED: ReadonlySet<string> = new Set(['unsupported-format', 'empty-file'])

export function isPassedOver(error: InputError): boolean {
  return SKIPPED.has(error.code)
}

/** Counts while an ingest runs, and says what happens as it happens. */
export class IngestTally {
  readonly #documents: Record<DocumentFate, number> = {
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
  /** Links that a person accepted and that lost their last support, and with which document. */
  readonly #lost = new Map<string, string>()
  readonly #chunks: Record<ChunkFate, number> = { reasoned: 0, unchanged: 0, pending: 0, failed: 0 }
  readonly #replies = { asked: 0, reused: 0 }
  /** By model: a name that the server chose, so nothing that may be the key of an object with a prototype. */
  readonly #usage = new Map<string, Spending>()
  /** By model: how many of its replies came without any reasoning, which is what whygraph is for. */
  readonly #traces = new Map<string, { replies: number; without: number }>()
  #notes: Note[] = []
  /** Paths of documents on which there is a remark. */
  readonly #remarked = new Set<string>()
  readonly #say: (progress: Progress) => void
  #remarks = 0
  #notesLeftOut = 0
  #proposals = 0
  #links = 0
  #gone = 0
  #names = { joined: 0, asked: 0, crowded: 0 }
  readonly #conflicts = { contradictions: 0, supersessions: 0, retired: 0 }
  #tables = 0
  #pairs: Record<PairFate, number> | null = null
  #embedded: Record<keyof Embedded, number> | null = null
  readonly #leftOut = { ignored: 0, excluded: 0 }
  /** Chunks by source. */
  readonly #leftFailed = new Map<string, number>()
  #mapped = false
  #plan: PlanSummary | null = null
  #budget: BudgetSummary | null = null
  #stopped: WhygraphError | null = null

  constructor(say: (progress: Progress) => void) {
    this.#say = say
  }

  document(
    path: string,
    fate: Change,
    chunks: number,
    notes: readonly Note[] = [],
    tables = 0,
    from: string = path,
  ): void {
    this.#tables += tables
    this.#documents[fate]++
    if (fate === 'moved') {
      this.#changes?.moved.push({ from, to: path })
      this.#keep({ code: 'document-moved', message: `was at ${from}; what is known of it goes along`, where: path })
    } else if (fate !== 'unchanged') this.#changes?.[fate].push(path)
    for (const note of notes) this.#note({ ...note, where: [path, note.where].filter(Boolean).join(' ') }, path)
    if (fate !== 'unchanged')
      this.#say({
        path,
        message: `${fate}, ${counted(chunks, 'chunk')}${tables > 0 ? `, ${counted(tables, 'table')}` : ''}`,
        trouble: false,
      })
  }

  /** The rows of a document's tables have been read by accepted mappings. */
  mapped(path: string, changes: LinkChanges): void {
    this.#links += changes.added
    this.#mapped = true
    this.#say({ path, message: `rows read: ${changes.added} links new, ${changes.changed} changed`, trouble: false })
  }

  /** A document that is not in its source any more. */
  gone(path: string): void {
    this.#documents.gone++
    this.#changes?.gone.push(path)
    this.#keep({
      code: 'document-gone',
      message: 'is not there any more; what it said does not count any more',
      where: path,
    })
    this.#say({ path, message: 'gone', trouble: false })
  }

  /** A document that was taken out of the store while this run went on: nothing that it says is to be written any more. */
  forgotten(path: string): void {
    this.#documents.forgotten++
    this.#notes = this.#notes.filter((note) => !JSON.stringify(note).includes(JSON.stringify(path).slice(1, -1)))
    const message = "was taken out of the store by 'whygraph forget' meanwhile; nothing of it is kept"
    this.#keep({ code: 'document-forgotten', message, where: path })
    this.#say({ path, message: 'forgotten meanwhile', trouble: true })
  }

  /** Whether the summary says anything by itself about a document. */
  remarksOn(path: string): boolean {
    return this.#remarked.has(path)
  }

  /** What was read before, is still there, and is not read any more. */
  stays(path: string): void {
    this.#keep({
      code: 'document-left-out',
      message: "is left out now, but is still there: what was read of it stays. 'whygraph forget' takes it out",
      where: path,
    })
  }

  /** So many documents are gone that somebody has to say that it is meant; a dry run only says so. */
  massGone(message: string): void {
    this.#keep({ code: 'mass-disappearance', message })
  }

  /** From now on paths are listed by what is to become of them. */
  listChanges(): void {
    this.#changes = { new: [], changed: [], moved: [], returned: [], gone: [] }
  }

  /** What links lost with the chunks of a document that are not there any more. */
  lostSupport(
    path: string,
    { unsupported, gone }: { readonly unsupported: readonly string[]; readonly gone: number },
  ): void {
    for (const id of unsupported) this.#lost.set(id, path)
    this.#gone += gone
  }

  /** Links that had lost their last support when they were last looked at; something else may speak for them by now. */
  get lost(): readonly string[] {
    return [...this.#lost.keys()]
  }

  /** A link that a person accepted, and that no source says any more. */
  unsupported({ id, subject, type, object }: StoredLink): void {
    this.#keep({
      code: 'unsupported',
      message: `${subject} ──${type}──▶ ${object} (${id.slice(0, 8)}) was accepted by a person and stays, but no source says it any more`,
      where: this.#lost.get(id) ?? '',
    })
  }

  /** A link between links that is new in the graph. What a rule does without a person's word is told one by one. */
  conflict({ id, type, subject, object, retires, valid, items }: StoredLink): void {
    this.#conflicts[type === SUPERSEDES ? 'supersessions' : 'contradictions']++
    if (retires !== true) return
    this.#conflicts.retired++
    const day = valid?.from ?? ''
    this.#note({
      code: 'superseded',
      message: `${object} does not hold from ${day} on, as ${subject} supersedes it by the schema's rule; to undo: whygraph review reject ${id.slice(0, 8)}`,
      where: [...new Set(items.map(({ place }) => place))].join('; '),
    })
  }

  /** One thing has more values of a type than can be compared. */
  crowded(slot: string): void {
    const [type = '', end = ''] = slot.split(' ')
    const message = `${type} has more values than can be compared: is it single-valued? whygraph show ${end.slice(0, 8)}`
    this.#note({ code: 'not-compared', message })
  }

  /** A file that is not in its mail or archive any more. */
  goneInside(path: string): void {
    this.#keep({
      code: 'attachment-gone',
      message: 'is not in there any more; what it said does not count any more',
      where: path,
    })
  }

  unread(path: string, error: InputError, isKnown: boolean): void {
    const fate = isPassedOver(error) ? 'skipped' : 'failed'
    this.#documents[fate]++
    const reason = error.message.startsWith(path)
      ? error.message.slice(path.length).replace(/^[:,]?\s*/, '')
      : error.message
    const kept = isKnown && error.code !== 'empty-file' ? '; what was read of it before is kept' : ''
    this.#keep({ code: `file-${fate}`, message: `${reason}${kept}`, where: path })
    this.#say({ path, message: `${fate}: ${reason}`, trouble: fate === 'failed' })
  }

  /** Something in a folder that is no file to read. Hidden files and dependencies are left out without a word. */
  passedOver(path: string, why: string): void {
    if (why === 'unreadable' || why === 'missing') {
      const what =
        why === 'missing'
          ? 'there is no such file'
          : 'cannot be looked into; check its permissions, and that its name is UTF-8'
      this.#documents.failed++
      this.#keep({ code: 'file-failed', message: what, where: path })
      this.#say({ path, message: `failed: ${what}`, trouble: true })
    } else if (why === 'ignored' || why === 'excluded') this.#leftOut[why]++
    else if (why === 'ignore-file')
      this.#keep({ code: 'passed-over', message: 'cannot be obeyed in full: it is too large', where: path })
    else if (why === 'link')
      this.#keep({ code: 'passed-over', message: 'a symbolic link is not followed', where: path })
    else if (why === 'special') this.#keep({ code: 'passed-over', message: 'is no regular file', where: path })
  }

  chunk(fate: 'unchanged' | 'pending'): void {
    this.#chunks[fate]++
  }

  /** The names of all that was read are resolved. */
  resolved({ joined, asked, crowded }: NameChanges): void {
    this.#names = { joined, asked, crowded: crowded.size }
  }

  /** A dry run is over. */
  planned(plan: PlanSummary): void {
    this.#plan = plan
  }

  /** What a run with a budget has spent of it. */
  budget(budget: BudgetSummary): void {
    this.#budget = budget
  }

  reply(how: 'asked' | 'reused'): void {
    this.#replies[how]++
  }

  paid(reply: Reply): void {
    this.#usage.set(reply.model, addSpending(this.#usage.get(reply.model), spendingOf(reply)))
  }

  /** Replies that a run before this one received and could not store. */
  recovered(recovered: Recovered): void {
    const { whole, partial, forgotten } = recovered
    if (whole + partial > 0) {
      const cut = partial > 0 ? `, ${partial} of which had not ended` : ''
      const message = `${counted(whole + partial, 'reply', 'replies')} of a run that was broken off${cut}: stored now`
      this.#keep({ code: 'replies-recovered', message })
    }
    if (forgotten > 0) this.#keep({ code: 'replies-forgotten', message: describeForgotten(forgotten) })
    for (const left of describeLeftAlone(recovered)) this.#keep({ code: 'replies-left', message: `replies: ${left}` })
  }

  taken(path: string, chunk: Chunk, extraction: Extraction, changes: LinkChanges, reply: Reply): void {
    this.#chunks.reasoned++
    this.#countTrace(reply)
    this.#proposals += extraction.proposals.length
    this.#links += changes.added
    const where = `${path} chunk ${chunk.index + 1}`
    for (const note of extraction.notes)
      this.#note({ ...note, where: note.where ? `${where} ${note.where}` : where }, path)
    const links = extraction.proposals.length
    this.#say({ path, message: `chunk ${chunk.index + 1}: ${links} proposal${links === 1 ? '' : 's'}`, trouble: false })
  }

  failed(path: string, chunk: Chunk, reason: string): void {
    this.#chunks.failed++
    this.#keep({ code: 'chunk-failed', message: reason, where: `${path} chunk ${chunk.index + 1}` }, path)
    this.#say({ path, message: `chunk ${chunk.index + 1} failed: ${reason}`, trouble: true })
  }

  /** What failed in a source that is not this run's. */
  leftFailed({ source }: { readonly source: string }): void {
    this.#chunks.failed++
    this.#leftFailed.set(source, (this.#leftFailed.get(source) ?? 0) + 1)
  }

  stop(error: WhygraphError): void {
    this.#stopped ??= error
  }

  /** What became of a pair of names that an engine was to be asked about. */
  pair(fate: PairFate, { subject, object }: Pick<StoredLink, 'subject' | 'object'>, message: string): void {
    this.#pairs ??= { one: 0, two: 0, unsettled: 0, known: 0, left: 0, failed: 0 }
    this.#pairs[fate]++
    if (fate !== 'failed') return
    const where = `${subject} = ${object}`
    this.#note({ code: 'pair-failed', message, where })
    this.#say({ path: where, message, trouble: true })
  }

  /** What came of asking an embedding model about names; whether nothing of it is to be asked again. */
  embedded({ known, asked, left, failed, refused }: Embedded): boolean {
    const sum = (this.#embedded ??= { known: 0, asked: 0, left: 0, failed: 0, refused: 0 })
    const now = { known, asked, left, failed: failed.length, refused: refused.length }
    for (const [fate, count] of Object.entries(now)) sum[fate as keyof Embedded] += count
    for (const { name, message } of refused) this.#note({ code: 'name-refused', message, where: name })
    const [first] = failed
    if (first !== undefined) {
      const message = `${counted(failed.length, 'name')}: ${first.message}; their document is resolved by the next ingest`
      this.#note({ code: 'names-failed', message })
      this.#say({ path: first.name, message, trouble: true })
    }
    return left + failed.length === 0
  }

  /** Whether anything was written, so that a run that changed nothing leaves no trace of itself. */
  get wrote(): boolean {
    const { new: added, changed, moved, returned, gone } = this.#documents
    const documents = added + changed + moved + returned + gone
    const { one = 0, two = 0, unsettled = 0, failed = 0 } = this.#pairs ?? {}
    const replies =
      this.#replies.asked + this.#replies.reused + one + two + unsettled + failed + (this.#embedded?.asked ?? 0)
    return this.#mapped || documents + replies + this.#chunks.failed > 0
  }

  summary(): IngestSummary {
    const stopped = this.#stopped
    return {
      version: 1,
      documents: { ...this.#documents },
      tables: this.#tables,
      chunks: { ...this.#chunks },
      replies: { ...this.#replies },
      proposals: this.#proposals,
      links: this.#links,
      linksGone: this.#gone,
      names: { ...this.#names },
      ...(this.#pairs === null ? {} : { pairs: { ...this.#pairs } }),
      ...(this.#embedded === null ? {} : { embedded: { ...this.#embedded } }),
      conflicts: { ...this.#conflicts },
      usage: Object.fromEntries(this.#usage),
      ...(this.#budget === null ? {} : { budget: this.#budget }),
      leftOut: { ...this.#leftOut },
      ...(this.#changes === null ? {} : { changes: structuredClone(this.#changes) }),
      notes: [...this.#notes, ...this.#withoutTrace(), ...this.#elsewhere()],
      notesLeftOut: this.#notesLeftOut,
      ...(this.#plan === null ? {} : { plan: this.#plan }),
      ...(stopped === null
        ? {}
        : {
            stopped: { code: stopped.code, message: stopped.message, ...(stopped.hint ? { hint: stopped.hint } : {}) },
          }),
    }
  }

  #countTrace({ model, engine, traceKind }: Reply): void {
    if (engine === 'rules') return
    const { replies, without } = this.#traces.get(model) ?? { replies: 0, without: 0 }
    this.#traces.set(model, { replies: replies + 1, without: without + (traceKind === 'none' ? 1 : 0) })
  }

  #withoutTrace(): Note[] {
    return [...this.#traces]
      .filter(([, { without }]) => without > 0)
      .map(([model, { without, replies }]) => {
        const of = replies === 1 ? 'its one reply' : `${without} of its ${replies} replies`
        return { code: 'no-trace', message: `${model} gave no reasoning in ${of}` }
      })
  }

  #elsewhere(): Note[] {
    return [...this.#leftFailed].map(([source, count]) => ({
      code: 'failed-elsewhere',
      message: `${counted(count, 'chunk')} of source ${source}, which the job does not name: left as they are`,
    }))
  }

  /** Every file and every failure is accounted for, however many. */
  #keep(note: Note, path = note.where): void {
    this.#notes.push(note)
    if (path !== undefined) this.#remarked.add(path)
  }

  /** Remarks on single links and chunks may be without number. */
  #note(note: Note, path?: string): void {
    if (this.#remarks++ < MOST_REMARKS) this.#keep(note, path)
    else this.#notesLeftOut++
  }
}

function counted(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`
}
