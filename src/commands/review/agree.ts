import type { Command } from 'commander'
import { reviewAgreement, type Agreement } from '../../review/agree.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { renderTable } from '../../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'

/** Of the links about which people differ, so many are listed; all of them with --json. */
const LISTED = 10

/** `review agree`: how far several people decide the same. */
export function addReviewAgree(review: Command, context: Context): void {
  review
    .command('agree')
    .description(
      "Example: whygraph review agree\n\nOf links that two or more people decided about, by each one's first verdict: how often they agree, beyond chance (Cohen's kappa of each two, Krippendorff's alpha of all), and about which links they differ. It takes them for independent: whoever has seen the other's verdict is not.",
    )
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        const agreement = await reviewAgreement(store)
        if (flags.json) return context.print(printableJson({ version: 1, ...agreement }, 2))
        if (agreement.links === 0) return context.say('there is no link that two people decided about')
        context.print(render(agreement, context.printsToTerminal ? context.width : Infinity))
      })
    })
}

function render({ links, reviewers, raw, alpha, pairs, differing }: Agreement, width: number): string {
  const rows = pairs.map((pair) => [
    pair.reviewers.join(', '),
    String(pair.links),
    figure(pair.raw),
    figure(pair.kappa),
  ])
  const listed = differing.slice(0, LISTED).map(({ link, verdicts }) => {
    const said = Object.entries(verdicts).map(([reviewer, verdict]) => printable(`${reviewer} ${verdict}`))
    return `${link.id.slice(0, 8)}  ${renderArrow(link)}: ${said.join(', ')}`
  })
  const more = differing.length > LISTED ? [`… and ${differing.length - LISTED} more: --json lists them`] : []
  return [
    `${links} links decided by two or more of ${reviewers} people: raw agreement ${figure(raw)}, Krippendorff's alpha ${figure(alpha)}`,
    renderTable(['PEOPLE', 'LINKS', 'AGREEMENT', "COHEN'S KAPPA"], rows, width),
    ...(listed.length === 0 ? [] : [['They differ about', ...listed, ...more].join('\n')]),
  ].join('\n\n')
}

/** Where all say the same, nothing can be told of agreement beyond chance. */
function figure(value: number | null): string {
  return value === null ? 'not defined' : value.toFixed(2)
}
