import { courseOf, type Decision, standingDecisions } from '../model/decision.ts'
import type { DatedRule, ReadingRule } from '../model/reading-rule.ts'
import type { Database, GraphReader, GraphWriter } from './database.ts'
import { eachPage, type Walk } from './pages.ts'
import { readDecision } from './records.ts'

/** A decision that confirmed rules, and whether it stands. */
export interface ConfirmedRules extends Pick<Decision, 'linkId' | 'reviewer' | 'at'> {
  readonly decision: string
  readonly rules: readonly ReadingRule[]
  readonly stands: boolean
}

const NODE = { kind: 'Schema', id: 'reading' } as const

/** All that were ever confirmed, in the order of the decisions: one small node, which is read before each reply is taken. */
export async function readConfirmed(reader: GraphReader): Promise<ConfirmedRules[]> {
  const [node] = await reader.get(NODE.kind, [NODE.id])
  const data = node?.properties['data']
  return typeof data === 'string' ? (JSON.parse(data) as ConfirmedRules[]) : []
}

/** Rules that stand. */
export function rulesThatStand(confirmed: readonly ConfirmedRules[]): DatedRule[] {
  return confirmed
    .filter(({ stands }) => stands)
    .flatMap(({ rules, at }) => rules.map((rule): DatedRule => ({ ...rule, at })))
}

/** Notes what decisions confirm, or take back; whoever calls holds the chain of decisions. */
export async function noteRules(writer: GraphWriter, decisions: readonly Decision[]): Promise<void> {
  const mayMatter = ({ rules, verdict, needsSecond, adjudicates }: Decision): boolean =>
    rules !== undefined || verdict === 'undo' || needsSecond === true || adjudicates !== undefined
  if (!decisions.some(mayMatter)) return
  const before = await readConfirmed(writer)
  const now = await withStanding(writer, [...before, ...decisions.flatMap((one) => confirmedBy(one) ?? [])])
  if (JSON.stringify(now) !== JSON.stringify(before)) await put(writer, now)
}

/** What the decisions come to, where something else is noted: it is put right unless it is a dry run. */
export async function noteRulesAnew(
  database: Database,
  walk: Walk,
  write: (work: (writer: GraphWriter) => Promise<unknown>) => Promise<void>,
): Promise<boolean> {
  const confirming: Decision[] = []
  await eachPage(database, 'Decision', walk, async (nodes) => {
    confirming.push(...nodes.map(readDecision).filter(({ rules }) => rules !== undefined))
  })
  if (walk.signal.aborted) return false
  const inOrder = confirming.toSorted((a, b) => a.sequence - b.sequence)
  const wanted = async (reader: GraphReader): Promise<ConfirmedRules[]> =>
    withStanding(
      reader,
      inOrder.flatMap((one) => confirmedBy(one) ?? []),
    )
  const isRight = await database.read(
    async (reader) => JSON.stringify(await wanted(reader)) === JSON.stringify(await readConfirmed(reader)),
  )
  if (isRight) return false
  await write(async (writer) => {
    await writer.lock('Chain', ['decisions'])
    await put(writer, await wanted(writer))
  })
  return true
}

function confirmedBy({ id, linkId, reviewer, at, rules }: Decision): ConfirmedRules | null {
  if (rules === undefined) return null
  return { decision: id, linkId, reviewer, at, rules: JSON.parse(rules) as ReadingRule[], stands: true }
}

async function withStanding(reader: GraphReader, confirmed: readonly ConfirmedRules[]): Promise<ConfirmedRules[]> {
  const links = [...new Set(confirmed.map(({ linkId }) => linkId))]
  const decisions = links.length === 0 ? [] : (await reader.find('Decision', 'linkId', links)).map(readDecision)
  const standing = new Set(
    [...Map.groupBy(decisions, ({ linkId }) => linkId).values()].flatMap(confirmingIn).map(({ id }) => id),
  )
  return confirmed.map((one) => ({ ...one, stands: standing.has(one.decision) }))
}

/** Of the decisions about a link those that stand; one that needs a second, once somebody's accept is in force. */
function confirmingIn(decisions: readonly Decision[]): Decision[] {
  const { inForce } = courseOf(decisions)
  const hasSecond = ({ sequence }: Decision): boolean => inForce?.verdict === 'accept' && inForce.sequence >= sequence
  return standingDecisions(decisions).filter((one) => one.needsSecond !== true || hasSecond(one))
}

async function put(writer: GraphWriter, confirmed: readonly ConfirmedRules[]): Promise<void> {
  await writer.putNodes([{ ...NODE, properties: { id: NODE.id, data: JSON.stringify(confirmed) } }])
}
