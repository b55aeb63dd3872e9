import type { Command } from 'commander'
import { LABELLED } from '../model/label.ts'
import { MAPPING_TYPE } from '../model/link.ts'
import { spendingByModel, spendingByRoute, type RouteSpending, type Spending } from '../money/spending.ts'
import { readChunk } from '../store/records.ts'
import { readReplyGroups } from '../store/reply-groups.ts'
import type { Store } from '../store/store.ts'
import { findWaiting, type Waiting } from '../store/waiting.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { routeSpendingLine, spendingLines } from '../terminal/spending.ts'
import { waitingText } from '../terminal/waiting-text.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'
import { retryHint } from './retry-hint.ts'

/** What is in a store: the JSON of `status --json`. */
export interface Status {
  readonly version: 1
  readonly store: { readonly kind: string; readonly location: string }
  readonly documents: Readonly<Record<string, number>>
  /** Documents that are not in their source any more; they are not counted above. */
  readonly gone: number
  readonly chunks: Readonly<Record<string, number>>
  /** What was read and is still to be worked out. */
  readonly waiting: Waiting
  readonly entities: Readonly<Record<string, number>>
  /** By status, then by type. */
  readonly links: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Links that a person accepted and that no source says any more. */
  readonly unsupported: number
  readonly decisions: number
  /** Replies of further steps of reading, by name. */
  readonly steps: Readonly<Record<string, number>>
  /** What was spent, by model. */
  readonly usage: readonly ({ readonly model: string } & Spending)[]
  /** The same by named engine and rule, where rules chose the engine. */
  readonly routes: readonly RouteSpending[]
  readonly failed: readonly { readonly chunk: string; readonly document: string; readonly reason: string }[]
}

export function addStatus(program: Command, context: Context): void {
  program
    .command('status')
    .summary('what is done, pending, failed, spent')
    .description('Example: whygraph status')
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      await withStore(context, settings, async (store) => {
        const status = await readStatus(store)
        context.print(flags.json ? printableJson(status, 2) : renderStatus(status, retryHint(settings.values.engine)))
      })
    })
}

async function readStatus(store: Store): Promise<Status> {
  const { kind, location } = await store.database.info()
  return store.database.read(async (reader) => {
    const tally = async (node: 'Chunk' | 'Entity', property: string): Promise<Record<string, number>> =>
      Object.fromEntries((await reader.tally(node, [property])).map(({ values, count }) => [String(values[0]), count]))
    const linkTallies = await reader.tally('Link', ['status', 'type', 'mapsFrom', 'unsupported'])
    const byStatus = Map.groupBy(linkTallies, ({ values }) => String(values[0] ?? null))
    const documentTallies = await reader.tally('Document', ['kind', 'gone'])
    const isGone = ({ values }: { readonly values: readonly unknown[] }): boolean => (values[1] ?? null) !== null
    const there = documentTallies.filter((one) => !isGone(one))
    byStatus.delete('null') // of links that were forgotten only the decisions are left
    const links = [...byStatus].map(([status, tallies]) => {
      // Of mappings, the type in the graph: what they say of rows is counted there.
      const typeOf = (values: readonly unknown[]): string => (values[2] === null ? String(values[1]) : MAPPING_TYPE)
      const counts = tallies.map(({ values, count }) => ({ [typeOf(values)]: count }))
      return [status, mergeCounts(...counts)] as const
    })
    const groups = await readReplyGroups(reader)
    const usage = spendingByModel(groups)
    const failed = (await reader.find('Chunk', 'state', ['failed'], { limit: 100 })).map(readChunk)
    const documents = await reader.get('Document', [...new Set(failed.map((chunk) => chunk.documentId))])
    const paths = new Map(documents.map((node) => [node.id, String(node.properties['path'])]))
    return {
      version: 1,
      store: { kind, location },
      documents: mergeCounts(...there.map(({ values, count }) => ({ [String(values[0])]: count }))),
      gone: sumOf(documentTallies.filter(isGone)),
      chunks: await tally('Chunk', 'state'),
      waiting: await findWaiting(reader),
      entities: await tally('Entity', 'type'),
      links: Object.fromEntries(links),
      unsupported: sumOf(linkTallies.filter(({ values }) => values[0] === 'accepted' && values[3] === true)),
      decisions: (await reader.tally('Decision', ['verdict'])).reduce((sum, { count }) => sum + count, 0),
      // One that stands beside two chunks, or was said of the same words before, was asked for once.
      steps: mergeCounts(
        ...groups.map(({ step, replies, cost }) =>
          step === undefined || cost?.basis === 'free' ? {} : { [step]: replies },
        ),
      ),
      usage: [...usage].map(([model, spending]) => ({ model, ...spending })),
      routes: spendingByRoute(groups),
      failed: failed.map((chunk) => ({
        chunk: chunk.id,
        document: paths.get(chunk.documentId) ?? '',
        reason: chunk.failure ?? '',
      })),
    }
  })
}

function renderStatus(status: Status, retry: string): string {
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, one) => sum + one, 0)
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
      .map(([name, count]) => `${count} ${printable(name)}`)
      .join(', ')
  const line = (name: string, counts: Readonly<Record<string, number>>): string =>
    `${name.padEnd(10)} ${total(counts)}${total(counts) > 0 ? `: ${listed(counts)}` : ''}`
  const waiting = waitingText(status.waiting)
  const lines = [
    `store      ${status.store.kind} ${printable(status.store.location)}`,
    line('documents', status.documents),
    ...(status.gone > 0 ? [`  gone from their sources          ${status.gone}`] : []),
    line('chunks', status.chunks),
    ...(waiting === '' ? [] : [`  waiting  ${waiting}: an ingest that runs takes them up, or the next`]),
    line('entities', status.entities),
  ]
  const links = Object.fromEntries(Object.entries(status.links).map(([name, counts]) => [name, withoutLabels(counts)]))
  const graph = mergeCounts(links['proposed'], links['accepted'])
  lines.push(line('links', graph))
  for (const [name, label] of STATUSES) {
    const counts = links[name] ?? {}
    if (total(counts) > 0) lines.push(`  ${label.padEnd(30)} ${total(counts)}`)
  }
  if (status.unsupported > 0)
    lines.push(`  accepted, said by no source now  ${status.unsupported}: whygraph review list --status unsupported`)
  const labels = Object.entries(status.links).map(([name, counts]) => [name, counts[LABELLED] ?? 0] as const)
  if (labels.some(([, count]) => count > 0))
    lines.push(line('labels', Object.fromEntries(labels.filter(([, count]) => count > 0))))
  lines.push(`decisions  ${status.decisions}`)
  if (total(status.steps) > 0) lines.push(line('steps', status.steps))
  for (const { model, ...spending } of status.usage) lines.push(...spendingLines(model, spending))
  for (const { engine, rule, ...spending } of status.routes) lines.push(routeSpendingLine(engine, rule, spending))
  for (const { document, chunk, reason } of status.failed)
    lines.push(`failed     ${printable(document)} chunk ${chunk.slice(0, 8)}: ${printable(reason)}`)
  const more = (status.chunks['failed'] ?? 0) - status.failed.length
  if (more > 0) lines.push(`             … ${more} more`)
  if (status.failed.length > 0) lines.push(`           ${retry}`)
  return lines.join('\n')
}

/** What documents are about is told on a line of its own. */
function withoutLabels(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([type]) => type !== LABELLED))
}

const STATUSES = [
  ['proposed', 'proposed, not yet reviewed'],
  ['accepted', 'accepted by a person'],
  ['held', 'held back: denied or hedged'],
  ['rejected', 'rejected by a person'],
  ['gone', 'gone with their sources'],
  ['merged', 'merged: others stand for them'],
] as const

function sumOf(tallies: readonly { readonly count: number }[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0)
}

function mergeCounts(...all: readonly (Readonly<Record<string, number>> | undefined)[]): Record<string, number> {
  // Names come from documents and models: one may be `constructor`.
  const sums = new Map<string, number>()
  for (const counts of all)
    for (const [name, count] of Object.entries(counts ?? {})) sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries(sums)
}
