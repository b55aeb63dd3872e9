/** What `doctor --deep` looks at, in the order of its table: in words, and what to do where it is not so. */
export const CHECKS = {
  files: { says: 'the files of the database are whole', remedy: 'restore' },
  unreadable: { says: 'records can be read', remedy: 'restore' },
  documents: { says: 'what is part of a document has its document', remedy: 'restore' },
  chunks: { says: 'chunks have the words that they are known by', remedy: 'restore' },
  lost: { says: 'documents have all their chunks', remedy: 'reading' },
  leftovers: { says: 'what is said is about a document that is there', remedy: 'rebuild' },
  replies: { says: 'replies say what they said when they came', remedy: 'restore' },
  schemas: { says: 'the schemas are there by which replies were read, and links compared', remedy: 'schemas' },
  proposals: { says: 'proposals are there, and of a reply that is there', remedy: 'replies' },
  quotes: { says: "quotes stand in their chunk's text", remedy: 'replies' },
  places: { says: 'places name the document and where a quote stands', remedy: 'replies' },
  steps: { says: "steps stand in their reply's trace", remedy: 'replies' },
  decisions: { says: 'decisions are chained, and about a link that is there', remedy: 'restore' },
  copies: { says: 'what stands for queries is what the record says', remedy: 'rebuild' },
  dates: { says: 'documents are of the day that they were read with, and so is what they say', remedy: 'dates' },
  standing: { says: 'proposals count as their replies do', remedy: 'rebuild' },
  links: { says: 'links are what proposals and decisions come to', remedy: 'rebuild' },
  conflicts: { says: 'links that cannot hold beside each other are said to', remedy: 'rebuild' },
  mentions: { says: 'chunks mention what their replies name', remedy: 'rebuild' },
  entities: { says: 'entities go by the names of their mentions', remedy: 'rebuild' },
  relationships: { says: 'relationships say what the record says', remedy: 'rebuild' },
  names: { says: 'entities are found by the names that they go by', remedy: 'rebuild' },
} as const

export type CheckName = keyof typeof CHECKS

/** The record itself is damaged, or something that is made of it. */
const REMEDIES = {
  rebuild: "'whygraph rebuild' makes it anew from the record, as an update of whygraph may ask for",
  replies:
    "'whygraph rebuild --from replies' makes it anew where the reply and its chunk are whole; else restore a backup",
  reading:
    "it is of the record: restore a backup, or read the file again, which 'whygraph ingest' does where a document lacks chunks",
  dates:
    "'whygraph ingest' of a document whose date was altered, or where an older whygraph put it may have been, dates it as its source does and asks nothing, or restore a backup; what else is misdated 'whygraph rebuild' dates by its document",
  schemas:
    "'whygraph ingest' of the same sources keeps them again and asks nothing, or restore a backup; until then 'rebuild' refuses where it needs them, and 'review fix' goes by --schema or the built-in one",
  restore: 'it is of the record and cannot be made again: restore a backup',
} as const

/** A rebuild would derive what is left without what is lost, and nobody would see any more that it was there. */
const AFTER_LOSSES =
  "something of the record is missing or altered (see above), and 'whygraph rebuild' would make links of what is left: first do what is said there"

/** One thing that is not as it should be. */
export interface Offender {
  /** Id of a node, a relationship by its ends, or a place in the files. */
  readonly what: string
  readonly message: string
}

export interface CheckResult {
  readonly check: CheckName
  readonly says: string
  /** How many things were looked at; null where nobody can tell. */
  readonly checked: number | null
  readonly wrong: number
  /** The first that were found. */
  readonly offenders: readonly Offender[]
  /** What to do; null where nothing is wrong. */
  readonly remedy: string | null
}

const MOST_OFFENDERS = 10

/** Counts what is looked at and what is wrong; keeps the first offenders of each check. */
export class CheckTally {
  readonly #checked = new Map<CheckName, number>()
  readonly #wrong = new Map<CheckName, number>()
  readonly #lossy = new Set<string>()
  readonly #offenders = new Map<CheckName, Offender[]>()

  looked(check: CheckName, count: number): void {
    this.#checked.set(check, (this.#checked.get(check) ?? 0) + count)
  }

  wrong(check: CheckName, what: string, message: string): void {
    this.#wrong.set(check, (this.#wrong.get(check) ?? 0) + 1)
    const offenders = this.#offenders.get(check) ?? []
    if (offenders.length < MOST_OFFENDERS) this.#offenders.set(check, [...offenders, { what, message }])
  }

  /** What says that it rests on something of the record which is not there, or not as it was. */
  lost(id: string): void {
    this.#lossy.add(id)
  }

  get isUnreadable(): boolean {
    return this.#wrong.has('unreadable')
  }

  results(): CheckResult[] {
    return (Object.keys(CHECKS) as CheckName[]).map((check) => {
      const wrong = this.#wrong.get(check) ?? 0
      const { says, remedy } = CHECKS[check]
      return {
        check,
        says,
        checked: this.#checked.get(check) ?? null,
        wrong,
        offenders: this.#offenders.get(check) ?? [],
        remedy: wrong === 0 ? null : remedy === 'rebuild' && this.#lossy.size > 0 ? AFTER_LOSSES : REMEDIES[remedy],
      }
    })
  }
}
