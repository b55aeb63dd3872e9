import { InvalidArgumentError, type Command } from 'commander'
import { counted } from '../../model/counted.ts'
import type { Decision } from '../../model/decision.ts'
import { findRecord } from '../../review/find-record.ts'
import { seenDecisions } from '../../review/seen-decisions.ts'
import { readChain, verifyChain } from '../../review/verify-chain.ts'
import type { Store } from '../../store/store.ts'
import { verdictInWords } from '../../terminal/link-card.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { positive } from './positive.ts'
import { viewerOf } from './reviewer.ts'

interface LogFlags extends CommonFlags {
  readonly limit: number
  readonly about?: string
  readonly verify?: boolean
  readonly expect?: string
}

/** `review log`: who decided what, and whether the chain of decisions is whole. */
export function addReviewLog(review: Command, context: Context): void {
  review
    .command('log')
    .description('Example: whygraph review log --verify\n\nThe decisions, newest first.')
    .option('--limit <number>', 'at most so many', positive, 50)
    .option('--about <id>', 'only those about this link')
    .option('--reviewer <name>', "who looks; default WHYGRAPH_REVIEWER, else git's user")
    .option('--verify', 'check the hash chain of all decisions, and print the hash of the last one')
    .option('--expect <hash>', 'the same, and that the decision whose hash --verify printed once is there still', hash)
    .action(async (_: unknown, command: Command) => {
      const flags: LogFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      await withStore(context, settings, async (store) => {
        if (flags.verify === true || flags.expect !== undefined) return verify(store, flags, context)
        const viewer = viewerOf(settings.values.reviewer, context)
        const decisions = await seenDecisions(store, viewer, await newest(store, flags))
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
          const said = [one.reason, one.called ?? null, one.note].filter((text) => text !== null).join(': ')
          return printable(
            `${one.sequence}  ${one.at.slice(0, 19)}  ${one.reviewer}  ${verdictInWords(one)}  ${about}${said === '' ? '' : `  (${said})`}`,
          )
        })
        context.print(lines.join('\n'))
      })
    })
}

async function verify(store: Store, { json, expect }: LogFlags, context: Context): Promise<void> {
  const { decisions, head } = await readChain(store)
  const problems = verifyChain(decisions, head, expect)
  context.exitCode = problems.length > 0 ? 1 : 0
  if (json) return context.print(printableJson({ version: 1, decisions: decisions.length, head, problems }, 2))
  const count = `${counted(decisions.length, 'decision')}, ${counted(problems.length, 'problem')}`
  const last = decisions.length === 0 ? [] : [`the last one's hash: ${head.hash}`]
  context.print([count, ...last, ...problems].join('\n'))
}

function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('It is all 64 characters that --verify prints.')
  return text.toLowerCase()
}

async function newest(store: Store, { about, limit }: LogFlags): Promise<readonly Decision[]> {
  if (about === undefined) return store.decisions({ order: 'sequence', descending: true, limit })
  const { id } = await findRecord(store, about, ['Link'])
  return (await store.decisionsAbout(id)).toReversed().slice(0, limit)
}
