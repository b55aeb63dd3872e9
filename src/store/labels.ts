import { LABELLED, labelId, type Label } from '../model/label.ts'
import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import { derivedLinks } from './links.ts'
import { isInGraph, type StoredProposal } from './records.ts'

/** Links of one label that are looked at first, and then a page at a time: nearly always one of the first is in the graph. */
const AT_ONCE = 20

/** What deriving links does to the labels that these lead to. */
export interface LabelPlan {
  /** Those that links of the graph lead to. */
  readonly wanted: readonly Label[]
  /** Those that links of the graph led to. */
  readonly left: readonly string[]
}

/** Of what is proposed, the links that say what documents are about; they are counted by themselves. */
export function labellingLinks(proposals: readonly StoredProposal[]): ReadonlySet<string> {
  return new Set(proposals.filter(({ proposal }) => proposal.type === LABELLED).map(({ linkId }) => linkId))
}

/** From the nodes of links that are to be put, and the relationships that are to go. */
export function planLabels(links: readonly GraphNode[], stale: readonly { readonly to: GraphNode | Key }[]): LabelPlan {
  const wanted = new Map<string, Label>()
  for (const { id, name } of derivedLinks(links).filter(isLabelling).map(labelOf)) wanted.set(id, { id, name })
  const left = stale.flatMap(({ to }) => (to.kind === 'Label' && !wanted.has(to.id) ? to.id : []))
  return { wanted: [...wanted.values()], left: [...new Set(left)] }
}

type Key = Pick<GraphNode, 'kind' | 'id'>

function isLabelling(link: ReturnType<typeof derivedLinks>[number]): boolean {
  return link.type === LABELLED && isInGraph(link)
}

function labelOf({ objectId, object }: { readonly objectId: string; readonly object: string }): Label {
  return { id: objectId, name: object }
}

/** Has others wait who write links of the same labels, and makes those that are wanted. */
export async function putLabels(writer: GraphWriter, { wanted, left }: LabelPlan): Promise<void> {
  await writer.lock('Label', [...wanted.map(({ id }) => id), ...left].toSorted(), [])
  await writer.putNodes(wanted.map(labelNode))
}

/** Labels go with the last link of the graph that leads to them. They have been locked. */
export async function tidyLabels(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await writer.removeNodes('Label', await unneeded(writer, ids))
}

/** Labels that lost links: the same, locked here. */
export async function releaseLabels(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const sorted = [...new Set(ids)].toSorted()
  await writer.lock('Label', sorted, [])
  await tidyLabels(writer, sorted)
}

/** Of some labels those that no link of the graph leads to, and those that bear another name than their id is made of. */
export async function wrongLabels(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const nodes = await reader.get('Label', ids)
  const misnamed = nodes.filter(({ id, properties }) => labelId(String(properties['name'] ?? '')) !== id)
  const there = nodes.map(({ id }) => id)
  return [...new Set([...misnamed.map(({ id }) => id), ...(await unneeded(reader, there))])].toSorted()
}

/** Puts such labels in order. */
export async function labelAnew(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  await writer.lock('Label', ids, [])
  const gone = new Set(await unneeded(writer, ids))
  await writer.removeNodes('Label', [...gone])
  const named: Label[] = []
  for (const id of ids.filter((one) => !gone.has(one))) {
    const link = await firstInGraph(writer, id)
    if (link !== undefined) named.push(labelOf(link))
  }
  await writer.putNodes(named.map(labelNode))
}

function labelNode({ id, name }: Label): GraphNode {
  return { kind: 'Label', id, properties: { id, name } }
}

async function unneeded(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const some = derivedLinks(await reader.findEach('Link', 'objectId', ids, AT_ONCE))
  const needed = new Set(some.filter(isLabelling).map(({ objectId }) => objectId))
  const gone: string[] = []
  for (const id of ids.filter((one) => !needed.has(one)))
    if ((await firstInGraph(reader, id)) === undefined) gone.push(id)
  return gone
}

async function firstInGraph(reader: GraphReader, id: string) {
  for (let skip = 0; ; skip += AT_ONCE) {
    const nodes = await reader.find('Link', 'objectId', [id], { limit: AT_ONCE, skip })
    const found = derivedLinks(nodes).find(isLabelling)
    if (found !== undefined || nodes.length < AT_ONCE) return found
  }
}
