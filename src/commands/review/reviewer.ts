import { execFileSync } from 'node:child_process'
import { type Command, InvalidArgumentError } from 'commander'
import { UsageError } from '../../model/errors.ts'
import type { DecideOptions } from '../../review/decide.ts'
import type { CommonFlags, Context } from '../context.ts'

/** What every command that decides takes. */
export interface DecidingFlags extends CommonFlags {
  readonly reviewer?: string
  readonly reason?: string
  readonly note?: string
  readonly expectRev?: number
  readonly requestId?: string
}

/** `revision: false` for what may be said of a link at whatever revision. */
export function deciding(command: Command, { revision: isAsked = true } = {}): Command {
  const common = command
    .option('--reviewer <name>', "who decides; default WHYGRAPH_REVIEWER, else git's user")
    .option('--reason <text>', 'why, in a word or two')
    .option('--note <text>', 'anything else')
    .option('--request-id <id>', 'makes a retry of the same request harmless')
  if (!isAsked) return common
  return common.option('--expect-rev <number>', 'refuse if the link is not at this revision any more', revision)
}

export function decideOptions(flags: DecidingFlags, configured: string | undefined, context: Context): DecideOptions {
  const { reason, note, expectRev, requestId } = flags
  return {
    reviewer: reviewerOf(configured, context),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(expectRev === undefined ? {} : { expectedRev: expectRev }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** Who reviews: as set, else as git knows them. @throws UsageError where nobody is named */
export function reviewerOf(configured: string | undefined, context: Context): string {
  return configured ?? gitUser(context)
}

/** Who looks, so that they see what they decided themselves; null where nobody is named. */
export function viewerOf(configured: string | undefined, context: Context): string | null {
  try {
    return reviewerOf(configured, context)
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}

function gitUser(context: Context): string {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      cwd: context.cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if (name.trim() !== '') return name.trim()
  } catch {
    // No git, or no name in it: asked for below.
  }
  throw new UsageError('no-reviewer', 'nobody is named as the reviewer', {
    hint: 'Set WHYGRAPH_REVIEWER, or give --reviewer NAME.',
  })
}

function revision(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
