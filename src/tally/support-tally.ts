import type { IngestSummary } from '../ingest-summary.ts'
import type { StoredLink } from '../store/records.ts'
import type { Notes } from './notes.ts'

/** What links lost and got back as texts that spoke for them went and came. */
export class SupportTally {
  /** Links that a person accepted and that lost their last support, and with which document. */
  readonly #lost = new Map<string, string>()
  readonly #notes: Notes
  #gone = 0
  #back = 0

  constructor(notes: Notes) {
    this.#notes = notes
  }

  /** A document was put in the place of what was known of it, or taken away. */
  changed(
    path: string,
    placed: { readonly unsupported: readonly string[]; readonly gone: number; readonly back: number },
  ): void {
    for (const id of placed.unsupported) this.#lost.set(id, path)
    this.#gone += placed.gone
    this.#back += placed.back
  }

  /** Links that had lost their last support when they were last looked at; something else may speak for them by now. */
  get lost(): readonly string[] {
    return [...this.#lost.keys()]
  }

  /** A link that a person accepted, and that no source says any more. */
  unsupported({ id, subject, type, object }: StoredLink): void {
    this.#notes.keep({
      code: 'unsupported',
      message: `${subject} ──${type}──▶ ${object} (${id.slice(0, 8)}) was accepted by a person and stays, but no source says it any more`,
      where: this.#lost.get(id) ?? '',
    })
  }

  summary(): Pick<IngestSummary, 'linksGone' | 'linksBack'> {
    return { linksGone: this.#gone, linksBack: this.#back }
  }
}
