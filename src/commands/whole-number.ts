import { InvalidArgumentError } from 'commander'

/** The number that an option gives, 0 too. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
