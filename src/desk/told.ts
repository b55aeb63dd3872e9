import { WhygraphError } from '../model/errors.ts'

/** What went wrong, and what helps. @throws what is a fault of ours */
export function told(error: unknown): string {
  if (!(error instanceof WhygraphError)) throw error
  return [error.message, error.hint ?? ''].filter((text) => text !== '').join('. ')
}
