import { printable } from '../../src/terminal/printable.ts'
import { countRight, keyOfJoin, type Verdict, verdictOf } from './joins-judged.ts'
import { type Half, type HalfResult, HALVES, type Judged, measureAcross, measureWithin, readRows } from './redocred.ts'
import { atLeast, atMost, type Measure, renderClusterings, type Results, untargeted } from './results.ts'
import { percent, unite } from './scores.ts'

const TEXT_AROUND = 70
const FEW = atMost(2.7)

type Halves = Readonly<Record<Half, HalfResult>>
type Of = (halves: readonly HalfResult[]) => number

const sumOf = (halves: readonly HalfResult[], one: (half: HalfResult) => number): number =>
  halves.reduce((sum, half) => sum + one(half), 0)
const shareOf =
  (part: (half: HalfResult) => number, whole: (half: HalfResult) => number): Of =>
  (halves) =>
    sumOf(halves, part) / sumOf(halves, whole)
const judgedAs = (verdict: 'join' | 'propose') => ({
  right: ({ judged }: HalfResult): number => counted(judged, verdict).right,
  all: ({ judged }: HalfResult): number => counted(judged, verdict).all,
})
const [joins, proposals] = [judgedAs('join'), judgedAs('propose')]
const shareFound = shareOf(
  ({ found }) => found,
  ({ pairs }) => pairs,
)
const proposalsForATrueOne = shareOf(proposals.all, proposals.right)

/** Says what is measured on Re-DocRED, within its documents and across them; with `showWrong` also each join that its annotators lack. */
export async function reportRedocred(
  path: string,
  verdicts: ReadonlyMap<string, Verdict>,
  showWrong: boolean,
  say: (line: string) => void,
  results: Results,
): Promise<void> {
  const rows = readRows(path)
  /** Of all documents, and beside that of each half by itself: the rules were written looking at one. */
  const tell = (where: string, what: string, measure: Measure, result: Halves, of: Of): void => {
    const each = Object.fromEntries(HALVES.map((half) => [half, of([result[half]])]))
    results.tell(where, what, measure, of(Object.values(result)), each)
  }
  const report = (where: string, result: Halves, wantedRight: Measure): void => {
    for (const line of HALVES.flatMap((half) => linesOf(half, result[half]))) say(line)
    const parts = { seen: result.seen.clusterings, 'held-out': result['held-out'].clusterings }
    say(renderClusterings({ all: unite(Object.values(parts)), ...parts }))
    const joined = HALVES.flatMap((half) => result[half].judged)
    const { right, all, two, undecidable, unread } = countRight(joined, verdicts)
    const share = percent(right / all)
    say(`  automatic joins right when each that the annotators lack is read: ${right} of ${all} (${share});`)
    say(`    of the others ${two} were read as two, ${undecidable} as undecidable, ${unread} by nobody`)
    const rightAsRead = shareOf(({ judged }) => countRight(judged, verdicts).right, joins.all)
    tell(where, 'automatic joins right, as read', wantedRight, result, rightAsRead)
    if (showWrong) for (const line of wrongLines(result, verdicts)) say(line)
  }

  say(`\nWithin documents: ${rows.length} documents of Re-DocRED, every name a thing of its own`)
  const within = measureWithin(rows)
  report('within', within, atLeast(0.98))
  tell('within', 'automatic joins that the annotators have too', atLeast(0.78), within, shareOf(joins.right, joins.all))
  tell('within', 'pairs found by joins and proposals', atLeast(0.65), within, shareFound)
  tell('within', 'proposals for a true one', FEW, within, proposalsForATrueOne)
  say('\nAcross documents: each further name, alone, against the main names of all documents')
  const across = await measureAcross(rows)
  report('across', across, untargeted(atLeast(0.98)))
  tell('across', 'names found by joins and proposals', atLeast(0.6), across, shareFound)
  tell('across', 'proposals for a true one', untargeted(FEW), across, proposalsForATrueOne)
  const made = new Set([within, across].flatMap(lackingIn).map(keyOfJoin))
  for (const key of verdicts.keys()) if (!made.has(key)) say(`  read once, and not joined any more: ${key}`)
}

function linesOf(half: Half, { judged, pairs, found, things, foundThings }: HalfResult): string[] {
  const [joined, proposed] = [counted(judged, 'join'), counted(judged, 'propose')]
  return [
    `  ${half}: ${joined.right} of ${joined.all} joins right by the annotators, ${proposed.right} of ${proposed.all} proposals;`,
    `    found ${found} of ${pairs} (${percent(found / pairs)}); times and numbers aside ${percent(foundThings / things)}`,
    `    by rule: ${byRule(judged)}`,
  ]
}

function byRule(judged: readonly Judged[]): string {
  const rules = Map.groupBy(
    judged.filter(({ judgement }) => judgement.verdict !== null),
    ({ judgement }) => `${judgement.verdict} ${judgement.rule}`,
  )
  const rows = [...rules].map(([rule, all]) => `${rule} ${all.filter(({ right }) => right).length}/${all.length}`)
  return rows.toSorted().join(', ')
}

function counted(judged: readonly Judged[], verdict: string): { right: number; all: number } {
  const chosen = judged.filter(({ judgement }) => judgement.verdict === verdict)
  return { right: chosen.filter(({ right }) => right).length, all: chosen.length }
}

/** Joins that the annotators do not have. */
function lackingIn(result: Halves): Judged[] {
  const judged = HALVES.flatMap((half) => result[half].judged)
  return judged.filter(({ judgement, right }) => judgement.verdict === 'join' && !right)
}

/** Each with the key that its verdict has in `joins-judged.json`, and with its text, so that a reader can check it. */
function wrongLines(result: Halves, verdicts: ReadonlyMap<string, Verdict>): string[] {
  const wrong = lackingIn(result)
  const lines = wrong.flatMap((one) => {
    const { text, judgement } = one
    const verdict = verdictOf(one, verdicts) ?? 'unread'
    const head = `${keyOfJoin(one)} ${verdict}, ${judgement.rule}: ${judgement.forms.join(' = ')}`
    return [head, ...judgement.forms.toSorted((x, y) => y.length - x.length).flatMap((name) => around(name, text))]
  })
  return [`\n${wrong.length} automatic joins that the annotators do not have:`, ...lines.map(printable)]
}

/** Where the name is first and last said; nothing where it is of another document. */
function around(name: string, text: string): string[] {
  const places = new Set([text.indexOf(name), text.lastIndexOf(name)].filter((at) => at >= 0))
  return [...places].map((at) => `    … ${text.slice(Math.max(0, at - TEXT_AROUND), at + name.length + TEXT_AROUND)}`)
}
