import { WhygraphError } from '../model/errors.ts'

/** A command line, or a flag of one: at the desk there are keys. */
const OF_COMMANDS = /'whygraph |(?:^|\s)--[a-z]/

/** What went wrong, and what helps, as far as it helps at the desk. @throws what is a fault of ours */
export function told(error: unknown): string {
  if (!(error instanceof WhygraphError)) throw error
  const hints = (error.hint ?? '').split(/(?<=[.!?])\s+/).filter((sentence) => !OF_COMMANDS.test(sentence))
  return [error.message, hints.join(' ')].filter((text) => text !== '').join('. ')
}
