import { InvalidArgumentError } from 'commander'
import { isDay } from '../model/interval.ts'

/** Reads an option that is a day of the calendar. */
export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It is written as 2025-06-30.')
  return text
}
