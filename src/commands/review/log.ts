import type { Command } from 'commander'
import { counted } from '../../model/counted.ts'
import { verifyChain } from '../../review/verify-chain.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { positive } from './positive.ts'

interface LogFlags extends CommonFlags {
  readonly limit: number
  readonly verify?: boolean
}

/** `review log`: who decided what, and whether the chain of decisions is whole. */
export function addReviewLog(review: Command, context: Context): void {
  review
    .command('log')
    .description('Example: whygraph review log --verify\n\nThe decisions, newest first.')
    .option('--limit <number>', 'at most so many', positive, 50)
    .option('--verify', 'check the hash chain of all decisions')
    .action(async (_: unknown, command: Command) => {
      const flags: LogFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        if (flags.verify) {
          const decisions = await store.decisions({ order: 'sequence' })
          const problems = verifyChain(decisions, await store.chainHead())
          context.exitCode = problems.length > 0 ? 1 : 0
          if (flags.json) return context.print(printableJson({ version: 1, decisions: decisions.length, problems }, 2))
          return context.print(
            [`${counted(decisions.length, 'decision')}, ${counted(problems.length, 'problem')}`, ...problems].join(
              '\n',
            ),
          )
        }
        const decisions = await store.decisions({ order: 'sequence', descending: true, limit: flags.limit })
        if (flags.json) return context.print(printableJson({ version: 1, decisions }, 2))
        if (decisions.length === 0) return context.say('no decisions yet')
        const links = new Map(
          (await Promise.all([...new Set(decisions.map((one) => one.linkId))].map((id) => store.link(id)))).map(
            (link) => [link?.id, link],
          ),
        )
        const lines = decisions.map((one) => {
          const link = links.get(one.linkId)
          const about = link ? renderArrow(link) : `${one.linkId} (forgotten)`
          const said = [one.reason, one.note].filter((text) => text !== null).join(': ')
          return printable(
            `${one.sequence}  ${one.at.slice(0, 19)}  ${one.reviewer}  ${one.verdict}  ${about}${said === '' ? '' : `  (${said})`}`,
          )
        })
        context.print(lines.join('\n'))
      })
    })
}
