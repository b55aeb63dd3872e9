import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import type { Derivation, LinkOutcome } from './derivation.ts'
import { restoreEnds, tidyEntities } from './entities.ts'
import { planLabels, putLabels, tidyLabels } from './labels.ts'
import { findLinksAt } from './links.ts'
import { holdRules } from './reading-rules.ts'
import { planLinks, type PlannedBond, type PlanOptions } from './plan-links.ts'
import { regroup } from './regroup.ts'

/**
 * Derives links anew from all their proposals and decisions, inside the transaction that changed either. The links'
 * nodes must have been locked before their proposals or decisions were read or written. Of `entities` it is known that
 * they are there. Where a `SAME_AS` link does something else to its ends than before, whoever it joins or parts is moved
 * with all mentions and links. Returns what became of the links that are different now.
 */
export async function deriveLinks(
  writer: GraphWriter,
  derivation: Derivation,
  linkIds: readonly string[],
  options: PlanOptions & { readonly entities?: ReadonlySet<string> } = {},
): Promise<ReadonlyMap<string, LinkOutcome>> {
  const ids = [...new Set(linkIds)]
  if (ids.length === 0) return new Map()
  const hold = (some: readonly string[]): Promise<GraphNode[]> => writer.lock('Link', some)
  const holds = { hold, holdRules: () => holdRules(writer) }
  let plan = await planLinks(writer, derivation, ids, { ...holds, ...options })
  const moved = plan.bonds.length === 0 ? [] : await regroup(writer, derivation, plan.bonds)
  if (moved.length > 0) {
    const there = await linksAt(writer, moved)
    await hold(there)
    // Who stands for whom is not what it was.
    const { identities: _, ...others } = options
    plan = await planLinks(writer, derivation, [...new Set([...ids, ...there])], { ...holds, ...others })
  }
  const labels = planLabels(plan.nodes, plan.stale)
  await putLabels(writer, labels)
  // Sent together: none of them touches what another does.
  await Promise.all([
    writer.removeRelationships(plan.stale),
    writer.removeNodes('Link', plan.unused),
    writer.putNodes(plan.nodes),
  ])
  derivation.marked?.(plan.marked)
  const ends = plan.relationships.flatMap(({ from, to }) => [from, to])
  await restoreEnds(
    writer,
    derivation,
    ends.filter((end) => options.entities?.has(end.id) !== true),
    plan.proposals.map((stored) => stored.proposal),
  )
  await writer.putRelationships(plan.relationships)
  await tidyLabels(writer, labels.left)
  await tidyEntities(writer, derivation, moved)
  if (plan.contested.length === 0) return plan.outcomes
  // What became of a link between links is told by those.
  await hold(plan.contested)
  const others = await deriveLinks(writer, derivation, plan.contested, {
    effects: 'anew',
    marks: options.marks ?? true,
  })
  return new Map([...others, ...plan.outcomes])
}

/** Has ids stand for each other as `SAME_AS` links say, around some of these as they will be, and derives all links there anew. */
export async function joinAnew(
  writer: GraphWriter,
  derivation: Derivation,
  bonds: readonly PlannedBond[],
): Promise<void> {
  if (bonds.length === 0) return
  const moved = await regroup(writer, derivation, bonds)
  const links = await linksAt(writer, [...new Set([...bonds.flatMap(({ one, other }) => [one, other]), ...moved])])
  await writer.lock('Link', links, [])
  await deriveLinks(writer, derivation, links, { anew: true })
  await tidyEntities(writer, derivation, moved)
}

/** Links that start from or end at some ids, whatever stands for these. */
async function linksAt(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  return [...new Set((await findLinksAt(reader, ids)).map(({ id }) => id))]
}
