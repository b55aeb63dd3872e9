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
