import { findDateInPath } from '../dates.ts'

export const DATE_SOURCES = ['path', 'front-matter', 'file-time'] as const

/** Where a date may be looked for. `front-matter` is all that the source itself states: front matter, headers, text. */
export type DateSource = (typeof DATE_SOURCES)[number]

/** The first of these that gives a date, or none at all. */
export type DateRule = readonly DateSource[] | 'none'

interface DatesOfFile {
  /** Inside the source, with `/`. */
  readonly path: string
  /** What the reader found; it looks into the path itself where the source states nothing. */
  readonly readerDate: string | null
  /** What the source states, where that is known apart from the reader's date. */
  readonly frontMatterDate?: string | null | undefined
  /** When the file was last changed; milliseconds since 1970 or a Date. Absent where there is no file. */
  readonly modifiedAt?: Date | number | null | undefined
}

/** The date of a document as ISO (`2025-03-18`); without a rule, what the reader found. */
export function applyDateRule(rule: DateRule | undefined, dates: DatesOfFile): string | null {
  if (rule === undefined) return dates.readerDate
  if (rule === 'none') return null
  for (const source of rule) {
    const date = dateFrom(source, dates)
    if (date !== null) return date
  }
  return null
}

function dateFrom(source: DateSource, dates: DatesOfFile): string | null {
  if (source === 'path') return findDateInPath(dates.path)
  if (source === 'file-time') return isoDate(dates.modifiedAt)
  if (dates.frontMatterDate !== undefined) return dates.frontMatterDate
  // The reader does not say where its date is from. One that stands in the path counts as the path's.
  return dates.readerDate === findDateInPath(dates.path) ? null : dates.readerDate
}

/** The day in UTC, so that it is the same on every machine. */
function isoDate(time: Date | number | null | undefined): string | null {
  if (time === null || time === undefined) return null
  const date = new Date(time)
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  return /^\d{4}-\d{2}-\d{2}/.exec(iso)?.[0] ?? null
}
