import type { DocumentChanges, IngestSummary } from '../ingest-summary.ts'
import type { OutsideType } from '../extract/outside.ts'
import { withoutCredentials } from '../model/address.ts'
import { counted } from '../model/counted.ts'
import { crowdedLine } from './crowded-line.ts'
import { listed } from './listed.ts'
import { printable } from './printable.ts'
import { routeLines } from './route-lines.ts'
import { ruleLines } from './rule-lines.ts'
import { budgetLine, planLines, spendingLines } from './spending.ts'
import { waitingText } from './waiting-text.ts'

/** What an ingest did, or in a dry run would do. `retry`: what to do about chunks that failed. */
export function renderIngest(
  summary: IngestSummary,
  { store, retry }: { readonly store: string; readonly retry: string },
  width: number,
): string {
  const { chunks, replies, budget, plan } = summary
  return [
    `documents  ${fates(summary.documents)}`,
    ...changeLines(summary.changes),
    ...(summary.tables > 0 ? [`tables     ${summary.tables} registered: whygraph sql "SHOW TABLES"`] : []),
    `chunks     ${fates(chunks)}`,
    // A dry run asks nobody and makes no links: what it would ask stands in its plan.
    ...(plan === undefined ? [`replies    ${replies.asked} asked${more(replies.reused, 'reused')}`] : []),
    ...stepLines(summary),
    ...(plan === undefined ? [linkLine(summary)] : []),
    ...routeLines(summary.routes),
    ...(summary.labels > 0 ? [`labels     ${summary.labels} proposed: whygraph review list --type LABELLED`] : []),
    ...summaryLines(summary.summaries),
    ...nameLines(summary),
    ...ruleLines(summary.rules ?? [], plan !== undefined),
    ...conflictLines(summary),
    ...outsideLines(summary.outside ?? []),
    ...leftOutLines(summary.leftOut),
    ...Object.entries(summary.usage).flatMap(([model, spending]) => spendingLines(model, spending)),
    ...(budget !== undefined && plan === undefined
      ? [budgetLine(budget, { left: chunks.pending, asked: replies.asked })]
      : []),
    ...(plan === undefined ? [] : planLines(plan, budget, width)),
    ...noteLines(summary),
    ...stopLines(summary.stopped),
    ...interruptedLines(summary),
    ...(chunks.failed > 0 ? [`failed     ${retry}`] : []),
    ...(chunks.pending > 0 && plan === undefined ? ['pending chunks are taken up by the next ingest'] : []),
    `store      ${printable(withoutCredentials(store))}`,
  ].join('\n')
}

/** “2 new, 1 gone”, of those that there were. */
function fates(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.length === 0 ? 'none' : some.map(([name, count]) => `${count} ${name}`).join(', ')
}

function more(count: number, what: string): string {
  return count > 0 ? `, ${count} ${what}` : ''
}

/** The first paths of each kind; --json has them all. */
const MOST_PATHS = 5

function changeLines(changes: DocumentChanges | undefined): string[] {
  if (changes === undefined) return []
  const { moved, ...others } = changes
  const kinds = { ...others, moved: moved.map(({ from, to }) => `${from} → ${to}`) }
  return Object.entries(kinds).flatMap(([kind, paths]) =>
    paths.length === 0 ? [] : [`  ${kind.padEnd(9)}${paths.length}`, ...listed(paths, MOST_PATHS)],
  )
}

/** By the names that `--effort` explains. */
function stepLines({ steps, unfinished = 0 }: IngestSummary): string[] {
  const some = Object.entries(steps ?? {}).map(([name, count]) => `${count} ${name}`)
  return [
    ...(some.length > 0 ? [`steps      ${some.join(', ')}`] : []),
    ...(unfinished > 0 ? [`           ${counted(unfinished, 'chunk')} with steps left: the next ingest goes on`] : []),
  ]
}

function linkLine({ links, proposals, linksGone, linksBack }: IngestSummary): string {
  const gone = more(linksGone, 'gone with the texts that spoke for them')
  const back = more(
    linksBack,
    `back with ${linksBack === 1 ? 'a text that speaks for it' : 'texts that speak for them'}`,
  )
  return `links      ${links} new from ${counted(proposals, 'proposal')}${gone}${back}`
}

function summaryLines(summaries: IngestSummary['summaries']): string[] {
  if (summaries === undefined) return []
  const { asked, known, left, failed } = summaries
  return [`summaries  ${asked} asked${more(known, 'known')}${more(left, 'left')}${more(failed, 'failed')}`]
}

function nameLines({ names: { joined, asked, crowded }, pairs, embedded }: IngestSummary): string[] {
  const lines: string[] = []
  if (joined > 0) lines.push(`names      ${counted(joined, 'pair')} joined: one thing, one node`)
  if (asked > 0)
    lines.push(`names      ${counted(asked, 'pair')} may be one thing: whygraph review list --type SAME_AS`)
  if (crowded > 0) lines.push(crowdedLine(crowded))
  if (pairs !== undefined) lines.push(`pairs      ${pairFates(pairs)}`)
  if (embedded !== undefined) {
    const { asked: known, left, failed, refused } = embedded
    const rest = Object.entries({ left, failed, refused }).filter(([, count]) => count > 0)
    const all = [`${counted(known, 'name')} asked about`, ...rest.map(([fate, count]) => `${count} ${fate}`)]
    lines.push(`vectors    ${all.join(', ')}`)
  }
  return lines
}

/** What an engine said of names that may mean one thing; people decide. */
function pairFates(pairs: NonNullable<IngestSummary['pairs']>): string {
  const words: Record<keyof typeof pairs, string> = {
    one: 'taken for one thing',
    two: 'for two',
    unsettled: 'unsettled',
    known: 'known before',
    left: 'left for the next ingest',
    failed: 'failed, and asked about again by the next ingest',
  }
  const some = (Object.keys(words) as (keyof typeof pairs)[]).filter((fate) => pairs[fate] > 0)
  return some.map((fate) => `${pairs[fate]} ${words[fate]}`).join(', ')
}

function conflictLines({ conflicts, rules = [], plan }: IngestSummary): string[] {
  const { contradictions, supersessions, retired, withdrawn } = conflicts
  const counts = contradictions + supersessions + retired + withdrawn
  if (plan !== undefined || (counts === 0 && rules.length === 0)) return []
  const some = [
    counts === 0 ? 'none new' : '',
    contradictions > 0 ? counted(contradictions, 'contradiction') : '',
    supersessions > 0 ? counted(supersessions, 'supersession') : '',
    retired > 0 ? `${counted(retired, 'earlier link')} ended by the schema's rule` : '',
    withdrawn > 0 ? `${withdrawn} withdrawn` : '',
  ].filter(Boolean)
  const type = contradictions > 0 ? 'CONTRADICTS' : supersessions + retired > 0 ? 'SUPERSEDES' : null
  return [`conflicts  ${some.join(', ')}${type === null ? '' : `: whygraph review list --type ${type}`}`]
}

/** More are listed by `schema check`. */
const MOST_TYPES = 5

/** `outside    12 links of 3 types that the schema does not name, held: HEADS 7, RUNS 3, CHAIRS 2` */
function outsideLines(outside: readonly OutsideType[]): string[] {
  const groups = Map.groupBy(outside, ({ kind, fate }) => `${kind} ${fate}`)
  const lines = [...groups.values()].map((some) => {
    const links = counted(
      some.reduce((sum, one) => sum + one.links, 0),
      'link',
    )
    const types = counted(some.length, some[0]?.kind === 'entity' ? 'entity type' : 'type')
    const which = some[0]?.kind === 'entity' ? `${links} with an end of ${types}` : `${links} of ${types}`
    const shown = some.slice(0, MOST_TYPES).map(({ type, links }) => `${printable(type)} ${links}`)
    const rest = some.length > MOST_TYPES ? ` … ${some.length - MOST_TYPES} more: whygraph schema check` : ''
    return `outside    ${which} outside the schema, ${some[0]?.fate}: ${shown.join(', ')}${rest}`
  })
  return lines.toSorted()
}

function leftOutLines({ ignored, excluded }: IngestSummary['leftOut']): string[] {
  const some = [
    ...(ignored > 0 ? [`${ignored} by ignore files`] : []),
    ...(excluded > 0 ? [`${excluded} by the job`] : []),
  ]
  return some.length === 0 ? [] : [`left out   ${some.join(', ')}`]
}

/** What somebody has to do something about, one by one. */
const MANY_LISTED: ReadonlySet<string> = new Set(['chunk-failed', 'document-forgotten'])

function noteLines({ notes, notesLeftOut }: IngestSummary): string[] {
  const byCode = Map.groupBy(notes, (note) => note.code)
  const lines = [...byCode].flatMap(([code, some]) => {
    const most = code.startsWith('file-') || MANY_LISTED.has(code) ? 20 : 2
    const remarks = some.map((note) => [note.where, note.message].filter(Boolean).join(': '))
    return [`note       ${some.length} × ${code}`, ...listed(remarks, most)]
  })
  if (notesLeftOut > 0)
    lines.push(
      `note       ${counted(notesLeftOut, 'more remark')} on links and chunks ${notesLeftOut === 1 ? 'was' : 'were'} not kept`,
    )
  return lines
}

function interruptedLines({ interrupted, plan }: IngestSummary): string[] {
  if (interrupted === undefined) return []
  if (plan !== undefined) return ['interrupted: this is of what was looked at until then']
  const waiting = waitingText(interrupted)
  return [
    'interrupted; what was done stands, and the next ingest goes on',
    ...(waiting === '' ? [] : [`waiting    ${waiting}`]),
  ]
}

function stopLines(stopped: IngestSummary['stopped']): string[] {
  if (stopped === undefined) return []
  const hint = stopped.hint ? [`           ${printable(stopped.hint)}`] : []
  return [`stopped    ${printable(stopped.message)}`, ...hint]
}
