import type { ConflictCounts, IngestSummary } from '../ingest-summary.ts'
import { SUPERSEDES } from '../model/conflict.ts'
import type { RuleChange } from '../model/rule-change.ts'
import type { ConflictChange } from '../store/compare-links.ts'
import { isInGraph, type StoredLink } from '../store/records.ts'
import type { Notes } from './notes.ts'

/** What cannot hold beside what else is said, since this run or not any more. */
export class ConflictTally {
  readonly #notes: Notes
  readonly #counts = { contradictions: 0, supersessions: 0, retired: 0, withdrawn: 0 }
  #rules: readonly RuleChange[] = []

  constructor(notes: Notes) {
    this.#notes = notes
  }

  /** The schema says something else of links that are there than before. */
  ruled(changes: readonly RuleChange[]): void {
    this.#rules = changes
  }

  /** A link between links is another than before. What a rule does without a person's word is told one by one. */
  changed({ before, now }: ConflictChange): void {
    const [was, is] = [before, now].map((link) => (link !== null && isInGraph(link) ? link : null))
    if (is != null && was == null) this.#counts[is.type === SUPERSEDES ? 'supersessions' : 'contradictions']++
    if (was != null && is == null) this.#counts.withdrawn++
    const [ended, ends] = [endedByRule(before), endedByRule(now)]
    if (ends !== null && ended === null) {
      this.#counts.retired++
      const message = `${ends.object} does not hold from ${dayOf(ends)} on, as ${ends.subject} supersedes it by the schema's rule; to undo: whygraph review reject ${ends.id.slice(0, 8)}`
      this.#notes.remark({ code: 'superseded', message, where: placesOf(ends) })
    }
    if (ended !== null && ends === null && now?.status !== 'accepted') {
      const message = `${ended.object} is not ended by ${ended.subject} any more: the schema's rule does not say so now`
      this.#notes.remark({ code: 'not-superseded', message, where: placesOf(ended) })
    }
  }

  /** One thing has more values of a type than can be compared. */
  crowded(slot: string): void {
    const [type = '', end = ''] = slot.split(' ')
    const message = `${type} has more values than can be compared: is it single-valued? whygraph show ${end.slice(0, 8)}`
    this.#notes.remark({ code: 'not-compared', message })
  }

  summary(): Pick<IngestSummary, 'conflicts' | 'rules'> {
    const conflicts: ConflictCounts = { ...this.#counts }
    return this.#rules.length === 0 ? { conflicts } : { conflicts, rules: this.#rules }
  }
}

/** A link that ends an earlier one without a person's word. */
function endedByRule(link: StoredLink | null): StoredLink | null {
  return link?.retires === true && link.status === 'proposed' ? link : null
}

function dayOf({ valid }: StoredLink): string {
  return valid?.from ?? ''
}

function placesOf({ items }: StoredLink): string {
  return [...new Set(items.map(({ place }) => place))].join('; ')
}
