import { LABELLED } from '../model/label.ts'
import type { RankedOrder } from './order.ts'
import type { Waiting } from './pending.ts'

/** Some links that are shown one after the other: about an entity where it is named, else about something in words. */
export interface Plan {
  readonly entityId?: string
  readonly title?: string
  readonly ids: readonly string[]
}

export const BLOCK = 10

/**
 * Seconds that a reviewer takes for a fact, and for each entity that is met for the first time: what people took who
 * corrected proposed facts (`../shared/review.md`).
 */
const FACT_SECONDS = 25
const ENTITY_SECONDS = 45

/** All that waits, in an order; what documents are about comes after all else, but where types are asked for. */
export function rank(order: RankedOrder, all: Iterable<Waiting>): readonly Plan[] {
  const waiting = [...all]
  if (order === 'type') return rankLinks(order, waiting)
  const { labels = [], links = [] } = Object.groupBy(waiting, ({ type }) => (type === LABELLED ? 'labels' : 'links'))
  const isAsked = order !== 'disagree' && order !== 'contradict'
  return [...rankLinks(order, links), ...(isAsked ? inBlocks('labels', labels.toSorted(surestFirst)) : [])]
}

function rankLinks(order: RankedOrder, waiting: readonly Waiting[]): readonly Plan[] {
  switch (order) {
    case 'entity':
      return aboutEntities(waiting)
    case 'uncertain':
      return inBlocks(
        order,
        waiting.toSorted((a, b) => a.confidence - b.confidence || byId(a, b)),
      )
    case 'random':
      return inBlocks(order, waiting.toSorted(byId))
    case 'impact': {
      const reach = reachOf(waiting)
      return inBlocks(
        order,
        waiting.toSorted((a, b) => reach(b) - reach(a) || byId(a, b)),
      )
    }
    case 'disagree':
      return inBlocks(order, waiting.filter(({ disputed }) => disputed).toSorted(surestFirst))
    case 'type':
      return [...Map.groupBy(waiting, ({ type }) => type)]
        .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
        .flatMap(([type, links]) => inBlocks(type, links.toSorted(surestFirst)))
    case 'contradict':
      return besideEachOther(waiting)
  }
}

/** Each entity's most uncertain links, up to ten: a link stands in the blocks of both its ends. */
function aboutEntities(waiting: readonly Waiting[]): Plan[] {
  const byEntity = linksByEnd(waiting)
  return [...byEntity]
    .map(([entityId, links]) => {
      const block = links.length <= BLOCK ? links : links.toSorted(leastSureFirst).slice(0, BLOCK)
      return { entityId, links: block, worth: worthOf(block, links.length) }
    })
    .toSorted((a, b) => b.worth - a.worth || (a.entityId < b.entityId ? -1 : 1))
    .map(({ entityId, links }) => ({ entityId, ids: links.toSorted(surestFirst).map(({ id }) => id) }))
}

/**
 * What is learnt in a second about an entity: the sum over a block of the entropy of each link (a yes or no of its
 * confidence, in bits) times the logarithm of the entity's degree, by the seconds that the block is expected to take. The
 * degree counts the links that wait, and one more, so that a lone link is worth something.
 */
export function worthOf(block: readonly Waiting[], degree: number): number {
  const entities = new Set(block.flatMap(({ from, to }) => [from, to])).size
  const learnt = block.reduce((sum, { confidence }) => sum + entropyOf(confidence), 0) * Math.log(1 + degree)
  return learnt / (FACT_SECONDS * block.length + ENTITY_SECONDS * entities)
}

/** How many others wait at the ends of a link: the sum of the logarithms of both degrees. */
function reachOf(waiting: readonly Waiting[]): (link: Waiting) => number {
  const byEntity = linksByEnd(waiting)
  const reach = new Map([...byEntity].map(([id, links]) => [id, Math.log(links.length)]))
  return ({ from, to }) => (reach.get(from) ?? 0) + (reach.get(to) ?? 0)
}

function linksByEnd(waiting: readonly Waiting[]): Map<string, Waiting[]> {
  const byEnd = new Map<string, Waiting[]>()
  for (const link of waiting)
    for (const end of link.from === link.to ? [link.from] : [link.from, link.to]) {
      const links = byEnd.get(end)
      if (links === undefined) byEnd.set(end, [link])
      else links.push(link)
    }
  return byEnd
}

/** Each link that contradicts others with these, and with what says so of them. */
function besideEachOther(waiting: readonly Waiting[]): Plan[] {
  const waits = new Set(waiting.map(({ id }) => id))
  const told = linksByEnd(waiting)
  const shown = new Set<string>()
  return waiting
    .filter(({ conflictsWith }) => conflictsWith.length > 0)
    .toSorted(surestFirst)
    .flatMap(({ id, conflictsWith }) => {
      const rivals = [id, ...conflictsWith.filter((other) => other !== id && waits.has(other))]
      const between = rivals.flatMap((rival) => told.get(rival) ?? []).map((link) => link.id)
      const ids = [...new Set([...rivals, ...between])].filter((one) => !shown.has(one))
      for (const one of ids) shown.add(one)
      return ids.length === 0 ? [] : [{ title: 'they contradict each other', ids }]
    })
}

function inBlocks(title: string, links: readonly Waiting[]): Plan[] {
  return Array.from({ length: Math.ceil(links.length / BLOCK) }, (_, index) => ({
    title,
    ids: links.slice(index * BLOCK, (index + 1) * BLOCK).map(({ id }) => id),
  }))
}

function byId(a: Waiting, b: Waiting): number {
  return a.id < b.id ? -1 : 1
}

function surestFirst(a: Waiting, b: Waiting): number {
  return b.confidence - a.confidence || byId(a, b)
}

function leastSureFirst(a: Waiting, b: Waiting): number {
  return entropyOf(b.confidence) - entropyOf(a.confidence) || byId(a, b)
}

/** Of a yes or no, in bits. */
function entropyOf(confidence: number): number {
  return [confidence, 1 - confidence].reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0)
}
