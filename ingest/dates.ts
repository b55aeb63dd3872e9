import { isDay } from '../src/model/interval.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const ISO = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/
const DAY_FIRST = new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+${MONTH}\\.?,?\\s+(\\d{4})(?!\\d)`, 'i')
const MONTH_FIRST = new RegExp(`\\b${MONTH}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})(?!\\d)`, 'i')

/**
 * The first date in a text as ISO (`2025-03-18`), or null. Dates of digits only, other than ISO, are left alone:
 * 03/04/2025 is March in one country and April in the next.
 */
export function findDate(text: string): string | null {
  const iso = ISO.exec(text)
  if (iso) return toIso(iso[1], iso[2], iso[3])
  const dayFirst = DAY_FIRST.exec(text)
  if (dayFirst) return toIso(dayFirst[3], monthNumber(dayFirst[2]), dayFirst[1])
  const monthFirst = MONTH_FIRST.exec(text)
  return monthFirst ? toIso(monthFirst[3], monthNumber(monthFirst[1]), monthFirst[2]) : null
}

/** What a file says about itself in a line of its own: `Date: 6 May 2025`, `This page was last changed on …`. */
export function findStatedDate(unitTexts: Iterable<string>): string | null {
  let changed: string | null = null
  for (const text of unitTexts) {
    if (text.length > 120) continue
    const field = /^(?:(?:meeting )?date(?: ?\/ ?time)?|dated)\s*:\s*(.+)$/iu.exec(text)
    const stated = field?.[1] === undefined ? null : findDate(field[1])
    if (stated !== null) return stated
    const change =
      /^(?:this (?:page|document|file) was )?last (?:changed|updated|modified|edited|revised)(?: on|:)? (.{6,40})$/iu
    changed ??= findDate(change.exec(text)?.[1] ?? '')
  }
  return changed
}

/** An ISO date in the file's name, or else in the nearest folder that has one. */
export function findDateInPath(path: string): string | null {
  for (const name of path.split('/').toReversed()) {
    const date = findDate(ISO.exec(name)?.[0] ?? '')
    if (date !== null) return date
  }
  return null
}

function monthNumber(name: string | undefined): string {
  return String(MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1)
}

function toIso(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(text) ? text : null
}
