import type { Embedded } from '../asking/embed-names.ts'
import type { PairFate } from '../extract/identity/read-pair.ts'
import type { IngestSummary, Progress } from '../ingest-summary.ts'
import { counted } from '../model/counted.ts'
import type { NameChanges } from '../store/judged.ts'
import type { StoredLink } from '../store/records.ts'
import type { Notes } from './notes.ts'

/** What became of names: which are one thing, and what models were asked about them. */
export class NameTally {
  readonly #notes: Notes
  readonly #say: (progress: Progress) => void
  #names = { joined: 0, asked: 0, crowded: 0 }
  #pairs: Record<PairFate, number> | null = null
  #embedded: Record<keyof Embedded, number> | null = null

  constructor(notes: Notes, say: (progress: Progress) => void) {
    this.#notes = notes
    this.#say = say
  }

  /** The names of all that was read are resolved. */
  resolved({ joined, asked, crowded }: NameChanges): void {
    this.#names = { joined, asked, crowded: crowded.size }
  }

  /** What became of a pair of names that an engine was to be asked about. */
  pair(fate: PairFate, { subject, object }: Pick<StoredLink, 'subject' | 'object'>, message: string): void {
    this.#pairs ??= { one: 0, two: 0, unsettled: 0, known: 0, left: 0, failed: 0 }
    this.#pairs[fate]++
    if (fate !== 'failed') return
    const where = `${subject} = ${object}`
    this.#notes.remark({ code: 'pair-failed', message, where })
    this.#say({ path: where, message, trouble: true })
  }

  /** What came of asking an embedding model about names; whether nothing of it is to be asked again. */
  embedded({ known, asked, left, failed, refused }: Embedded): boolean {
    const sum = (this.#embedded ??= { known: 0, asked: 0, left: 0, failed: 0, refused: 0 })
    const now = { known, asked, left, failed: failed.length, refused: refused.length }
    for (const [fate, count] of Object.entries(now)) sum[fate as keyof Embedded] += count
    for (const { name, message } of refused) this.#notes.remark({ code: 'name-refused', message, where: name })
    const [first] = failed
    if (first !== undefined) {
      const message = `${counted(failed.length, 'name')}: ${first.message}; their document is resolved by the next ingest`
      this.#notes.remark({ code: 'names-failed', message })
      this.#say({ path: first.name, message, trouble: true })
    }
    return left + failed.length === 0
  }

  /** Requests that were made in this run, about pairs and about names. */
  get asked(): number {
    const { one = 0, two = 0, unsettled = 0, failed = 0 } = this.#pairs ?? {}
    return one + two + unsettled + failed + (this.#embedded?.asked ?? 0)
  }

  summary(): Pick<IngestSummary, 'names' | 'pairs' | 'embedded'> {
    return {
      names: { ...this.#names },
      ...(this.#pairs === null ? {} : { pairs: { ...this.#pairs } }),
      ...(this.#embedded === null ? {} : { embedded: { ...this.#embedded } }),
    }
  }
}
