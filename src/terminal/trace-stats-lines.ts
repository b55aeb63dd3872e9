import type { Contrast, Group, LengthClass, TraceStatistics, Worst } from '../traces/study/statistics.ts'
import { printable } from './printable.ts'
import { renderTable } from './table.ts'
import { wrap } from './wrap.ts'

const TRACES = ['REPLIES', 'LENGTH', 'IDLE', 'AGAIN', 'LOOPS', 'HEDGES', 'TURNS', 'UNREAD']
const OUTCOMES = ['LINKS', 'REFUSED', 'NO STEP', 'ACCEPTED']
const LEGEND =
  'LENGTH: characters of a trace, on average. IDLE, AGAIN, HEDGES, TURNS: shares of steps that serve no link, say again what was said, doubt, take back. LOOPS: traces that go round. UNREAD: units never looked at. NO STEP: links that no step argues for.'

/** What traces are like, as a person reads it: a table, outcomes by length and by trait, the worst replies, what to do. */
export function traceStatsLines(stats: TraceStatistics, advice: readonly string[], by: string, width: number): string {
  const { groups, total, lengths, contrasts, worst } = stats
  const all = groups.length > 1 ? [...groups, total] : groups
  const what = by.toUpperCase()
  const parts = [
    `${renderTable([what, ...TRACES], all.map(traceRow), width)}\n${wrap(LEGEND, Math.min(width, 100), '')}`,
    ...notStudied(total),
    renderTable([what, ...OUTCOMES], all.map(outcomeRow), width),
    renderTable(['CHARACTERS', 'REPLIES', 'LINKS EACH', 'REFUSED EACH', 'ACCEPTED'], lengths.map(lengthRow), width),
    ...(total.decided === 0
      ? ['Nobody has decided about any of their links yet: whether such traces are right, decisions tell.']
      : [renderTable(['LINKS WHOSE TRACE', 'ACCEPTED', 'THE OTHERS'], contrasts.map(contrastRow), width)]),
    ...(worst.length === 0 ? [] : [['worst replies', ...worst.map((one) => `  ${worstLine(one)}`)].join('\n')]),
    advice.map((sentence) => wrap(sentence, Math.min(width, 100), '')).join('\n'),
  ]
  return parts.join('\n\n')
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)}%`
}

function traceRow(group: Group): string[] {
  const { studied, steps, readable, units, unread } = group
  return [
    group.group,
    String(group.replies),
    studied === 0 ? '–' : String(Math.round(group.characters / studied)),
    share(group.idle, steps),
    share(group.again, steps),
    String(group.looping),
    share(group.hedges, readable),
    share(group.turns, readable),
    share(unread[0] + unread[1], units[0] + units[1]),
  ]
}

function outcomeRow({ group, links, refused, withoutStep, decided, accepted }: Group): string[] {
  const outcome = decided === 0 ? '–' : `${accepted} of ${decided}`
  return [group, String(links), String(refused), share(withoutStep, links), outcome]
}

function notStudied({ replies, studied, cut, readable, steps }: Group): string[] {
  const without = replies - studied - cut
  const lines = [
    ...(without > 0 ? [`${without} without a trace: counted as replies only`] : []),
    ...(cut > 0 ? [`${cut} whose trace is not kept whole: counted as replies only`] : []),
    ...(readable < steps ? [`${steps - readable} steps in a language whose words of doubt are not known`] : []),
  ]
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function lengthRow({ from, replies, links, refused, decided, accepted }: LengthClass): string[] {
  const each = (count: number): string => (count / replies).toFixed(1)
  return [
    `from ${from}`,
    String(replies),
    each(links),
    each(refused),
    decided === 0 ? '–' : `${accepted} of ${decided}`,
  ]
}

const TRAIT_WORDS = {
  loops: 'loops',
  hedges: 'hedges in their steps',
  turns: 'turns in their steps',
  'no step': 'has no step for them',
}

function contrastRow({ trait, with: own, without }: Contrast): string[] {
  const said = (side: Contrast['with']): string =>
    side === null
      ? 'none decided'
      : `${side.share.toFixed(2)} (${side.low.toFixed(2)}–${side.high.toFixed(2)}), ${side.accepted} of ${side.decided}`
  return [TRAIT_WORDS[trait], said(own), said(without)]
}

function worstLine({ id, group, characters, links, idle, again, steps, loops, unread }: Worst): string {
  const parts = [
    `${share(idle, steps)} of ${steps} steps serve no link`,
    ...(again > 0 ? [`${again} say again what was said`] : []),
    ...(loops > 0 ? [`${loops === 1 ? 'a loop' : `${loops} loops`}`] : []),
    ...(unread.length > 0 ? [`never looked at ${rangesOf(unread)}`] : []),
  ]
  return `whygraph show ${id.slice(0, 8)}  ${printable(group)}: ${characters} characters, ${links} links; ${parts.join(', ')}`
}

/** `S3, S9–S12`, at most five of them. */
function rangesOf(units: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const s of units) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === s - 1) last[1] = s
    else ranges.push([s, s])
  }
  const shown = ranges.slice(0, 5).map(([from, to]) => (from === to ? `S${from}` : `S${from}–S${to}`))
  return `${shown.join(', ')}${ranges.length > 5 ? ' …' : ''}`
}
