import type { Group, TraceStatistics } from './statistics.ts'

/** Fewer traces teach nothing. */
const FEWEST = 3

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((100 * part) / whole))

/**
 * What stands out of all traces, the gravest first, and what may be done about it, one sentence each; where nothing does,
 * one that says so. The bounds are rules of thumb.
 */
export function advise({ total, contrasts }: TraceStatistics): string[] {
  if (total.studied < FEWEST) return [`There are ${total.studied} traces to study: too few to say what to do.`]
  const found = [
    unreadUnits(total),
    loops(total),
    restatements(total),
    ...contrasts.flatMap(({ trait, with: own, without }) =>
      own !== null && without !== null && own.high < without.low
        ? [
            `Links whose trace has this are accepted less often: ${trait} (${own.accepted} of ${own.decided}, others ${without.accepted} of ${without.decided}). Review them first.`,
          ]
        : [],
    ),
    withoutSteps(total),
    idleSteps(total),
    refusals(total),
  ].filter((sentence) => sentence !== null)
  return found.length > 0 ? found : ['Nothing stands out.']
}

function unreadUnits({ units, unread }: Group): string | null {
  const [first, second] = [percent(unread[0], units[0]), percent(unread[1], units[1])]
  if (second >= 20 && second >= 2 * first)
    return `${second}% of the units in the second half of chunks are never looked at (first half: ${first}%): make chunks smaller (chunkTokens).`
  const all = percent(unread[0] + unread[1], units[0] + units[1])
  if (all >= 30)
    return `${all}% of the units are never looked at, anywhere in a chunk: give the model more room to think (reasoningEffort, maxOutputTokens), or smaller chunks (chunkTokens).`
  return null
}

function loops({ looping, studied }: Group): string | null {
  if (percent(looping, studied) < 10) return null
  return `${looping} of ${studied} traces go round in circles: try another temperature (0.5 to 0.7 suits models of the R1 family), or a larger model.`
}

function restatements({ again, steps }: Group): string | null {
  const share = percent(again, steps)
  return share < 15
    ? null
    : `${share}% of the steps say again what was said: less reasoningEffort may find the same links for less.`
}

function withoutSteps({ withoutStep, links }: Group): string | null {
  const share = percent(withoutStep, links)
  return share < 25
    ? null
    : `${share}% of the links have no step in the trace that argues for them: review these with care, or have an engine look for the steps (align: engine).`
}

function idleSteps({ idle, steps }: Group): string | null {
  const share = percent(idle, steps)
  return share < 80
    ? null
    : `${share}% of the steps serve no link: most of what is thought, and paid for, leads to nothing in the graph.`
}

function refusals({ refused, links }: Group): string | null {
  const share = percent(refused, refused + links)
  return share < 20
    ? null
    : `${share}% of the links in the answers come to nothing, as they break the schema or the form: 'whygraph show REPLY' has the notes.`
}
