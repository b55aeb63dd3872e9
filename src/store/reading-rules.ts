import { courseOf, type Decision, standingDecisions } from '../model/decision.ts'
import type { DatedRule, ReadingRule } from '../model/reading-rule.ts'
import type { RejectionRule } from '../model/rejection-rule.ts'
import type { Database, GraphReader, GraphWriter } from './database.ts'
import { eachPage, type Walk } from './pages.ts'
import { readDecision } from './records.ts'

/** A decision that confirmed rules, and whether it stands. */
export interface ConfirmedRules extends Pick<Decision, 'linkId' | 'reviewer' | 'at'> {
  readonly decision: string
  readonly rules: readonly ReadingRule[]
  readonly stands: boolean
  /** The decision by which it stands or does not, while links that it bears on are still to be derived by that. */
  readonly settling?: string
}

const NODE = { kind: 'Schema', id: 'reading' } as const

/** All that were ever confirmed, in the order of the decisions: one small node, which is read before each reply is taken. */
export async function readConfirmed(reader: GraphReader): Promise<ConfirmedRules[]> {
  const [node] = await reader.get(NODE.kind, [NODE.id])
  const data = node?.properties['data']
  return typeof data === 'string' ? (JSON.parse(data) as ConfirmedRules[]) : []
}

/** Keeps whoever takes rules back waiting until this transaction ends. */
export async function holdRules(writer: GraphWriter): Promise<void> {
  await writer.lock(NODE.kind, [NODE.id], [])
}

/** Rules by which replies are read: those that stand, and all rejections, as one that was taken back may stand again. */
export function rulesToReadBy(confirmed: readonly ConfirmedRules[]): DatedRule[] {
  return confirmed.flatMap(({ rules, at, decision, reviewer, stands }) =>
    rules.flatMap((rule): DatedRule[] => {
      if (rule.kind === 'rejection') return [{ ...rule, at, decision, reviewer, stands }]
      return stands ? [{ ...rule, at }] : []
    }),
  )
}

export function rejectionIn({ rules }: Pick<ConfirmedRules, 'rules'>): RejectionRule[] {
  return rules.filter((rule) => rule.kind === 'rejection')
}

/** A decision as it is known before its link is derived. */
type Made = Pick<Decision, 'id' | 'linkId' | 'reviewer' | 'at' | 'verdict' | 'rules' | 'needsSecond' | 'adjudicates'>

/** Whether a decision may have a rule stand, or stand no more. */
export function mayTurnRules({ rules, verdict, needsSecond, adjudicates }: Made): boolean {
  return rules !== undefined || verdict === 'undo' || needsSecond === true || adjudicates !== undefined
}

/**
 * Notes what decisions confirm, or take back, which are in the record already; whoever calls holds the chain of them.
 * Returns those that stand and did not before, or the other way round.
 */
export async function noteRules(writer: GraphWriter, decisions: readonly Made[]): Promise<ConfirmedRules[]> {
  if (!decisions.some(mayTurnRules)) return []
  // Where nobody ever confirmed any, nothing is held: that would make the node.
  if (decisions.every(({ rules }) => rules === undefined) && (await readConfirmed(writer)).length === 0) return []
  await holdRules(writer)
  const before = await readConfirmed(writer)
  const now = await withStanding(writer, [...before, ...decisions.flatMap((one) => confirmedBy(one) ?? [])])
  if (JSON.stringify(now) === JSON.stringify(before)) return []
  await put(writer, now)
  const stood = new Map(before.map(({ decision, stands }) => [decision, stands]))
  return now.filter(({ decision, stands }) => stands !== (stood.get(decision) ?? false))
}

/** Notes of rules that came or went by a decision that the links that they bear on are derived later, in steps. */
export async function leaveToSteps(writer: GraphWriter, turned: readonly ConfirmedRules[], by: string): Promise<void> {
  const ids = new Set(turned.map(({ decision }) => decision))
  const confirmed = await readConfirmed(writer)
  await put(
    writer,
    confirmed.map((one) => (ids.has(one.decision) ? { ...one, settling: by } : one)),
  )
}

/** Notes that this was done, but of rules that came or went once more meanwhile. */
export async function noteSettled(writer: GraphWriter, settled: readonly ConfirmedRules[]): Promise<void> {
  await holdRules(writer)
  const done = new Map(settled.map(({ decision, settling }) => [decision, settling]))
  const confirmed = (await readConfirmed(writer)).map(({ settling, ...one }): ConfirmedRules => {
    return settling === undefined || done.get(one.decision) === settling ? one : { ...one, settling }
  })
  await put(writer, confirmed)
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
  const wanted = async (reader: GraphReader): Promise<ConfirmedRules[]> => {
    const settling = new Map((await readConfirmed(reader)).map((one) => [one.decision, one.settling]))
    const confirmed = await withStanding(
      reader,
      inOrder.flatMap((one) => confirmedBy(one) ?? []),
    )
    return confirmed.map((one) => {
      const by = settling.get(one.decision)
      return by === undefined ? one : { ...one, settling: by }
    })
  }
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

function confirmedBy({ id, linkId, reviewer, at, rules }: Omit<Made, 'verdict'>): ConfirmedRules | null {
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

/** Of the decisions about a link those that stand; one that needs a second, once somebody's that says the same is in force. */
function confirmingIn(decisions: readonly Decision[]): Decision[] {
  const { inForce } = courseOf(decisions)
  const hasSecond = ({ sequence, verdict }: Decision): boolean =>
    inForce?.verdict === verdict && inForce.sequence >= sequence
  return standingDecisions(decisions).filter((one) => one.needsSecond !== true || hasSecond(one))
}

async function put(writer: GraphWriter, confirmed: readonly ConfirmedRules[]): Promise<void> {
  await writer.putNodes([{ ...NODE, properties: { id: NODE.id, data: JSON.stringify(confirmed) } }])
}
