/** Days on which something holds, both included, as ISO dates (`2025-03-18`). Null where it has no known end on that side. */
export interface Interval {
  readonly from: string | null
  readonly to: string | null
}

/** Whether a day falls into an interval; an end that is not known is open. */
export function isValidOn({ from, to }: Interval, day: string): boolean {
  return (from === null || from <= day) && (to === null || day <= to)
}

/** An ISO date of the calendar (`2025-02-30` is none). */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const MILLISECONDS_A_DAY = 86_400_000

export function dayAfter(day: string): string {
  return shiftDay(day, 1)
}

export function dayBefore(day: string): string {
  return shiftDay(day, -1)
}

/** So many days after an ISO date, or before it. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MILLISECONDS_A_DAY).toISOString().slice(0, 10)
}

/** Whether there may be a day that falls into both. */
export function overlap(one: Interval, other: Interval): boolean {
  const endsBefore = (a: Interval, b: Interval): boolean => a.to !== null && b.from !== null && a.to < b.from
  return !endsBefore(one, other) && !endsBefore(other, one)
}
