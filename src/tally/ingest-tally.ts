import type { BudgetSummary, ChunkFate, IngestSummary, Progress } from '../ingest-summary.ts'
import type { Extraction } from '../extract/extract.ts'
import { describeForgotten, describeLeftAlone, type Recovered } from '../extract/journal.ts'
import type { Chunk } from '../model/chunk.ts'
import { counted } from '../model/counted.ts'
import type { WhygraphError } from '../model/errors.ts'
import type { SummedUp } from '../labels/summarise.ts'
import { cutMessage, type Note } from '../model/note.ts'
import type { Reply, StepName } from '../model/reply.ts'
import type { PlanSummary } from '../money/plan.ts'
import { addSpending, type Spending, spendingOf } from '../money/spending.ts'
import type { LinkChanges } from '../store/derivation.ts'
import type { StoredChunk } from '../store/records.ts'
import type { Waiting } from '../store/waiting.ts'
import { ConflictTally } from './conflict-tally.ts'
import { DocumentTally } from './document-tally.ts'
import { NameTally } from './name-tally.ts'
import { Notes } from './notes.ts'
import { OutsideTally } from './outside-tally.ts'
import { RouteTally } from './route-tally.ts'
import { SupportTally } from './support-tally.ts'

interface TakenFrom {
  readonly reply: Reply
  readonly failure: string | null
  readonly isCounted?: boolean
}

/** Counts while an ingest runs, and says what happens as it happens. */
export class IngestTally {
  readonly documents: DocumentTally
  readonly support: SupportTally
  readonly names: NameTally
  readonly conflicts: ConflictTally
  readonly #outside = new OutsideTally()
  readonly routes = new RouteTally()
  readonly #chunks: Record<ChunkFate, number> = { reasoned: 0, unchanged: 0, pending: 0, failed: 0 }
  readonly #replies = { asked: 0, reused: 0 }
  /** By model: a name that the server chose, so nothing that may be the key of an object with a prototype. */
  readonly #usage = new Map<string, Spending>()
  /** By model: how many of its replies came without any reasoning, which is what whygraph is for. */
  readonly #traces = new Map<string, { replies: number; without: number }>()
  readonly #notes = new Notes()
  readonly #say: (progress: Progress) => void
  readonly #steps = new Map<StepName, number>()
  #unfinished = 0
  #proposals = 0
  #labels = 0
  #summaries: Record<SummedUp['how'], number> | null = null
  #links = 0
  /** Chunks by source. */
  readonly #leftFailed = new Map<string, number>()
  #mapped = false
  #plan: PlanSummary | null = null
  #budget: BudgetSummary | null = null
  #stopped: WhygraphError | null = null
  #interrupted: Waiting | null = null

  constructor(say: (progress: Progress) => void) {
    this.#say = say
    this.documents = new DocumentTally(this.#notes, say)
    this.support = new SupportTally(this.#notes)
    this.names = new NameTally(this.#notes, say)
    this.conflicts = new ConflictTally(this.#notes)
  }

  /** The rows of a document's tables have been read by accepted mappings. */
  mapped(path: string, changes: LinkChanges): void {
    this.#links += changes.added
    this.#mapped = true
    this.#say({
      path,
      message: `rows read: ${counted(changes.added, 'link')} new, ${changes.changed} changed`,
      trouble: false,
    })
  }

  /** So many documents are gone that somebody has to say that it is meant; a dry run only says so. */
  massGone(message: string): void {
    this.#notes.keep({ code: 'mass-disappearance', message })
  }

  chunk(fate: 'unchanged' | 'pending', count = 1): void {
    this.#chunks[fate] += count
  }

  /** Nothing is to be asked about a chunk. That its answer was cut off, in whatever run, is told by each. */
  done({ document, chunk }: { readonly document: { readonly path: string }; readonly chunk: StoredChunk }): void {
    if (chunk.failure === null) this.chunk('unchanged')
    else this.failed(document.path, chunk, chunk.failure)
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

  /** The further steps of reading a chunk. */
  steps({ asked, isLeft }: { readonly asked: readonly StepName[]; readonly isLeft: boolean }): void {
    for (const name of asked) this.#steps.set(name, (this.#steps.get(name) ?? 0) + 1)
    if (isLeft) this.#unfinished++
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
      this.#notes.keep({ code: 'replies-recovered', message })
    }
    if (forgotten > 0) this.#notes.keep({ code: 'replies-forgotten', message: describeForgotten(forgotten) })
    for (const left of describeLeftAlone(recovered))
      this.#notes.keep({ code: 'replies-left', message: `replies: ${left}` })
  }

  /** `failure`: why the chunk has failed though something came of it. `isCounted`: it is counted by another reading. */
  taken(
    path: string,
    chunk: Chunk,
    extraction: Extraction,
    changes: LinkChanges,
    { reply, failure, isCounted = false }: TakenFrom,
  ): void {
    if (failure !== null) this.failed(path, chunk, failure, isCounted)
    else if (!isCounted) this.#chunks.reasoned++
    this.#countTrace(reply)
    this.#proposals += extraction.proposals.length
    this.#labels += extraction.labels.length
    this.#links += changes.added
    this.#outside.add(extraction.outside)
    const where = `${path} chunk ${chunk.index + 1}`
    for (const note of extraction.notes.filter((one) => failure === null || cutMessage([one]) === null))
      this.#notes.remark({ ...note, where: note.where ? `${where} ${note.where}` : where }, path)
    const made = counted(extraction.proposals.length, 'proposal')
    this.#say({ path, message: `chunk ${chunk.index + 1}: ${made}`, trouble: false })
  }

  /** `isCounted`: the chunk is counted already. */
  failed(path: string, chunk: Chunk, reason: string, isCounted = false): void {
    if (!isCounted) this.#chunks.failed++
    this.#notes.keep({ code: 'chunk-failed', message: reason, where: `${path} chunk ${chunk.index + 1}` }, path)
    this.#say({ path, message: `chunk ${chunk.index + 1} failed: ${reason}`, trouble: true })
  }

  /** What failed in a source that is not this run's. */
  leftFailed({ source }: { readonly source: string }): void {
    this.#chunks.failed++
    this.#leftFailed.set(source, (this.#leftFailed.get(source) ?? 0) + 1)
  }

  /** What became of the summary of a document that a model was to be asked for. */
  summedUp({ path, how, asked, message = '', labels = 0, notes = [] }: SummedUp): void {
    this.#summaries ??= { asked: 0, known: 0, left: 0, failed: 0 }
    // What was asked for was paid for, also where nothing could be made of it.
    this.#summaries.asked += asked
    if (how !== 'asked') this.#summaries[how]++
    this.#labels += labels
    for (const note of notes) this.#notes.remark({ ...note, where: note.where ? `${path} ${note.where}` : path }, path)
    if (how !== 'failed') return
    this.#notes.remark({ code: 'summary-failed', message, where: path }, path)
    this.#say({ path, message: `no summary: ${message}`, trouble: true })
  }

  stop(error: WhygraphError): void {
    this.#stopped ??= error
  }

  interrupted(waiting: Waiting): void {
    this.#interrupted = waiting
  }

  /** Whether anything was written, so that a run that changed nothing leaves no trace of itself. */
  get wrote(): boolean {
    const replies = this.#replies.asked + this.#replies.reused + this.names.asked + (this.#summaries?.asked ?? 0)
    return this.#mapped || this.documents.changedAny || replies + this.#chunks.failed > 0
  }

  /** Whether there is nothing to tell yet. */
  get isUntouched(): boolean {
    const { documents, chunks, replies, notes } = this.summary()
    return [notes.length, ...[documents, chunks, replies].flatMap(Object.values)].every((count) => count === 0)
  }

  /** Whether the summary says anything by itself about a document. */
  remarksOn(path: string): boolean {
    return this.#notes.areOn(path)
  }

  summary(): IngestSummary {
    const stopped = this.#stopped
    return {
      version: 1,
      ...this.documents.summary(),
      chunks: { ...this.#chunks },
      replies: { ...this.#replies },
      ...(this.#steps.size === 0 ? {} : { steps: Object.fromEntries(this.#steps) }),
      ...(this.#unfinished === 0 ? {} : { unfinished: this.#unfinished }),
      proposals: this.#proposals,
      links: this.#links,
      labels: this.#labels,
      ...(this.#summaries === null ? {} : { summaries: { ...this.#summaries } }),
      ...this.support.summary(),
      ...this.names.summary(),
      ...this.conflicts.summary(),
      ...this.#outside.summary(),
      ...this.routes.summary(),
      usage: Object.fromEntries(this.#usage),
      ...(this.#budget === null ? {} : { budget: this.#budget }),
      notes: [...this.#notes.all, ...this.#withoutTrace(), ...this.#elsewhere()],
      notesLeftOut: this.#notes.leftOut,
      ...(this.#plan === null ? {} : { plan: this.#plan }),
      ...(stopped === null
        ? {}
        : {
            stopped: { code: stopped.code, message: stopped.message, ...(stopped.hint ? { hint: stopped.hint } : {}) },
          }),
      ...(this.#interrupted === null ? {} : { interrupted: this.#interrupted }),
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
}
