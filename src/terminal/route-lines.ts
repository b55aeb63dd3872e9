import type { RouteSummary } from '../ingest-summary.ts'
import { counted } from '../model/counted.ts'
import type { RouteTaken } from '../model/reply.ts'
import { printable } from './printable.ts'

/** Which engines rules chose, for how many chunks, and who was kept from one whose share is used up. */
export function routeLines(routes: RouteSummary | undefined): string[] {
  if (routes === undefined) return []
  const { decisions, kept, sentOn = [] } = routes
  const lines = decisions.map(({ engines, rule, chunks }) => {
    return `routes     ${counted(chunks, 'chunk')} to ${printable(engines.join(' and '))} (${printable(rule)})`
  })
  for (const [engine, chunks] of Object.entries(kept))
    lines.push(
      `           ${counted(chunks, 'chunk')} kept from ${printable(engine)}: its maxShare of the chunks is used up`,
    )
  for (const { engine, most, room } of sentOn) {
    const within =
      room === undefined ? '' : `; its maxShare allows ${counted(room, 'chunk')} in all, with those that rules name`
    lines.push(
      `           up to ${counted(most, 'chunk')} may be sent on to ${printable(engine)} by first replies yet to come${within}`,
    )
  }
  return lines
}

/** `large (names >= 8: names 9)`, with what came before it. */
export function describeRoute({ engine, rule, because, after, keptFrom }: RouteTaken): string {
  const measured = because.length === 0 ? '' : `: ${because.join(', ')}`
  const from = after === undefined || after.length === 0 ? '' : `, sent on from ${after.map(shorten).join(', ')}`
  const kept = keptFrom === undefined ? '' : `, kept from ${keptFrom} by its maxShare`
  return printable(`${engine} (${rule}${measured}${from}${kept})`)
}

function shorten(id: string): string {
  return `reply ${id.slice(0, 8)}`
}
