import { createRequire } from 'node:module'
import type * as English from 'chrono-node/en'
import { dayBefore, shiftDay } from './interval.ts'

/**
 * The only file that knows chrono-node, which reads dates as people write them. Loading it takes 15 MB, so it waits for
 * the first words that need it.
 */
let loaded: typeof English | null = null
function english(): typeof English {
  return (loaded ??= createRequire(import.meta.url)('chrono-node/en') as typeof English)
}

/** From a first to a last day, both ISO dates. */
interface Days {
  readonly first: string
  readonly last: string
}

export interface Period extends Days {
  /** Two times were named, not one. */
  readonly isRange: boolean
}

export interface Bearings {
  /** The day on which it was said, an ISO date; null where nobody knows, and nothing relative can be read. */
  readonly said: string | null
  /** Where a weekday, and before that day a date without a year, is looked for; else the nearest is meant. */
  readonly side: 'past' | 'ahead' | 'near'
}

type Components = ReturnType<typeof English.parse>[number]['start']

const YEAR = String.raw`(?:1\d{3}|20\d{2}|21\d{2})`
const YEARS = new RegExp(`^(?:from )?(${YEAR})(?:\\s?(?:-|–|to|through|until)\\s?(${YEAR}))?$`)
const QUARTER = new RegExp(`^(?:q([1-4])|(first|second|third|fourth) quarter)(?: of)?,? (${YEAR})$`)
/** ISO 8601. */
const MONTH = new RegExp(`^(${YEAR})-(0[1-9]|1[0-2])$`)
const QUARTERS = ['first', 'second', 'third', 'fourth']
const WEEK = /^(this|last|next) week$/
const EDGE = /^(beginning|start|end) of (?:the )?/
const HALF_SAID = /^(?:early|mid|late|middle of|mid-)\s?/
/** Neither tells which is the day. */
const DIGITS_ONLY = /\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/
const BARE_WEEKDAY = /^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day$/
/** In front of a date it says nothing new. */
const WEEKDAY_OF_DATE = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?=the |\d|[a-z]+ \d)/
/** What may stand beside a date and changes nothing. */
const EMPTY_WORDS = /^(?:(?:the|of|on|in|at|a|and|between|from|,)\s*)*$/

/** The days that some words name; null where they name none, or more than a time. */
export function readPeriod(words: string, bearings: Bearings): Period | null {
  const text = words.replace(/^the /, '')
  const edge = EDGE.exec(text)
  if (edge !== null) {
    const whole = readPeriod(text.slice(edge[0].length), bearings)
    const day = edge[1] === 'end' ? whole?.last : whole?.first
    return day === undefined ? null : { first: day, last: day, isRange: false }
  }
  const plain = text.replace(HALF_SAID, '').replace(WEEKDAY_OF_DATE, '')
  return (
    readYears(plain) ??
    readMonth(plain) ??
    readQuarter(plain) ??
    readWeek(plain, bearings) ??
    readDates(plain, bearings)
  )
}

function readYears(text: string): Period | null {
  const [, first, last = first] = YEARS.exec(text) ?? []
  if (first === undefined || last === undefined || last < first) return null
  return { first: `${first}-01-01`, last: `${last}-12-31`, isRange: last !== first }
}

function readMonth(text: string): Period | null {
  const [, year, month] = MONTH.exec(text) ?? []
  return year === undefined ? null : { ...monthOf(Number(year), Number(month)), isRange: false }
}

function readQuarter(text: string): Period | null {
  const [, digit, word = '', year] = QUARTER.exec(text) ?? []
  if (year === undefined) return null
  const quarter = digit === undefined ? QUARTERS.indexOf(word) + 1 : Number(digit)
  return {
    first: monthOf(Number(year), quarter * 3 - 2).first,
    last: monthOf(Number(year), quarter * 3).last,
    isRange: false,
  }
}

/** From Monday to Sunday (ISO 8601). */
function readWeek(text: string, { said }: Bearings): Period | null {
  const [, which] = WEEK.exec(text) ?? []
  if (which === undefined || said === null) return null
  const weekday = (new Date(`${said}T00:00:00Z`).getUTCDay() + 6) % 7
  const weeks = which === 'this' ? 0 : which === 'next' ? 1 : -1
  const first = shiftDay(said, weeks * 7 - weekday)
  return { first, last: shiftDay(first, 6), isRange: false }
}

function readDates(text: string, { said, side }: Bearings): Period | null {
  if (side === 'near' && BARE_WEEKDAY.test(text)) return null
  if (DIGITS_ONLY.test(text.replaceAll(/\d{4}-\d{2}-\d{2}/g, ''))) return null
  // Without a day to start from, only what names its year is more than a guess.
  if (said === null && !/\b\d{4}\b/.test(text)) return null
  const instant = new Date(`${said ?? '2000-01-01'}T12:00:00Z`)
  const [result, ...others] = english().parse(text, { instant, timezone: 0 })
  if (result === undefined || others.length > 0) return null
  const around = `${text.slice(0, result.index)} ${text.slice(result.index + result.text.length)}`.trim()
  if (!EMPTY_WORDS.test(around)) return null
  if (said === null && !result.start.isCertain('year')) return null
  const first = daysOf(result.start, said, side)
  const last = result.end == null ? first : daysOf(result.end, said, 'near')
  if (first === null || last === null || last.last < first.first) return null
  return { first: first.first, last: last.last, isRange: result.end != null }
}

/** A day, a month or a year, as far as the words go. */
function daysOf(components: Components, said: string | null, side: Bearings['side']): Days | null {
  const [year, month, day] = (['year', 'month', 'day'] as const).map((unit) => components.get(unit))
  if (year == null || month == null || day == null) return null
  if (components.isCertain('weekday') && !components.isCertain('day')) {
    const nearest = iso(year, month, day)
    const isWrong = said !== null && (side === 'past' ? nearest > said : side === 'ahead' && nearest < said)
    return oneDay(isWrong ? shiftDay(nearest, side === 'past' ? -7 : 7) : nearest)
  }
  const found = ofYear(components, year, month, day)
  const isAhead = found !== null && said !== null && found.first > said && !components.isCertain('year')
  return side === 'past' && isAhead ? ofYear(components, year - 1, month, day) : found
}

function ofYear(components: Components, year: number, month: number, day: number): Days | null {
  if (components.isCertain('day')) return oneDay(iso(year, month, day))
  if (components.isCertain('month')) return monthOf(year, month)
  return components.isCertain('year') ? { first: iso(year, 1, 1), last: iso(year, 12, 31) } : null
}

function oneDay(day: string): Days {
  return { first: day, last: day }
}

/** @param month from 1 */
function monthOf(year: number, month: number): Days {
  return { first: iso(year, month, 1), last: dayBefore(month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1)) }
}

function iso(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
}
