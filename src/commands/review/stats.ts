import type { Command } from 'commander'
import { FEW, reviewStats, type Acceptance, type Stats } from '../../review/stats/stats.ts'
import { printableJson } from '../../terminal/printable.ts'
import { renderTable } from '../../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'

/** `review stats`: what people made of what each model proposed. */
export function addReviewStats(review: Command, context: Context): void {
  review
    .command('stats')
    .description(
      `Example: whygraph review stats\n\nBy link type, model and what was asked (hash of model, parameters, schema and examples, and of the prompt's own words): how many links were decided and accepted, and how well confidence foretold it. Only links that chance brought ('whygraph review --order random') say how many of all are right; with fewer than ${FEW} of them, shares are of what people chose to look at, and marked as biased.`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        const stats = await reviewStats(store)
        if (flags.json) return context.print(printableJson({ version: 1, ...stats }, 2))
        if (stats.decided === 0) return context.say('nothing was decided yet')
        context.print(render(stats, context.printsToTerminal ? context.width : Infinity))
      })
    })
}

function render(stats: Stats, width: number): string {
  const rows = stats.groups.map((group) => [
    group.type,
    `${group.engine} ${group.model}`,
    askedAs(group),
    String(group.decided),
    String(group.accepted),
    shareOf(group),
    errorOf(group),
  ])
  const header = ['TYPE', 'MODEL', 'ASKED WITH', 'DECIDED', 'ACCEPTED', 'ACCEPTANCE', 'CALIBRATION ERROR']
  const parts = [renderTable(header, rows, width), ...stats.models.flatMap((model) => renderBins(model, width))]
  return [...parts, counts(stats).join('\n')].join('\n\n')
}

function askedAs({ fingerprint, wording }: Stats['models'][number] | Stats['groups'][number]): string {
  return [fingerprint, wording].flatMap((hash) => hash?.slice(0, 8) ?? []).join(' ')
}

/** `0.82 (0.64–0.92, 28 drawn)`, or of all that were decided, and what is wrong with that. */
function shareOf({ share, drawn, biased }: Acceptance): string {
  if (biased || drawn === null) return `${share.toFixed(2)} biased, ${drawn?.decided ?? 0} drawn`
  return `${drawn.share.toFixed(2)} (${drawn.low.toFixed(2)}–${drawn.high.toFixed(2)}, ${drawn.decided} drawn)`
}

function errorOf({ calibration, biased }: Acceptance): string {
  return calibration === null ? '' : `${calibration.error.toFixed(2)}${biased ? ' biased' : ''}`
}

function renderBins(model: Stats['models'][number], width: number): string[] {
  const { calibration, biased, engine } = model
  if (calibration === null) return []
  const rows = calibration.bins.map(({ from, to, count, confidence, accepted }) => [
    `${from.toFixed(1)}–${to.toFixed(1)}`,
    confidence.toFixed(2),
    accepted.toFixed(2),
    String(count),
  ])
  const whose = `${engine} ${model.model}, ${biased ? 'biased: all that were decided' : 'those that were drawn'}`
  const title = `Confidence and acceptance of all types: ${askedAs(model)} ${whose}`
  return [`${title}\n${renderTable(['CONFIDENCE', 'MEAN', 'ACCEPTED', 'LINKS'], rows, width)}`]
}

function counts({ decided, unasserted, drawn, drawnUndecided, forgotten, pace, verdicts }: Stats): string[] {
  const remarks = ['skip', 'flag'].flatMap((kind) => (verdicts[kind] === undefined ? [] : `${verdicts[kind]} ${kind}s`))
  return [
    `${decided} links decided${unasserted === 0 ? '' : `, ${unasserted} of them asserted by no engine`}${remarks.map((text) => `, ${text}`).join('')}`,
    ...(forgotten === 0 ? [] : [`${forgotten} more of which nothing is left but the decision`]),
    drawn === 0
      ? "No link was drawn by chance: 'whygraph review --order random' brings some, and only they tell how many of all are right."
      : `${drawn} links drawn by chance, ${drawnUndecided} of them not decided`,
    pace === null
      ? 'How long a decision takes the record does not tell: no two were made one after the other at the desk.'
      : `${pace.seconds.toFixed(1)} seconds a decision (median of ${pace.count} made at the desk)`,
  ]
}
