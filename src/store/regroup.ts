import type { Entity } from '../model/entity.ts'
import type { Proposal } from '../model/proposal.ts'
import { displayed, lastCalled, readCalled, type Called } from './called.ts'
import type { GraphNode, GraphReader, GraphRelationship, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { namedBy, standFor } from './entities.ts'
import { entityOf, holdIdentities, readIdentities, type Identities } from './identities.ts'
import { formsIn, mentionLine, type NamedForm } from './mention-line.ts'
import { moveNames } from './names.ts'
import type { PlannedBond } from './plan-links.ts'
import { entityNode, ownNames, readLink, readProposal, readRedirect, redirectNode } from './records.ts'
import { sameProperties } from './same-properties.ts'
import { markTouched } from './touched.ts'

type Own = Entity

/** Some ids at birth that hang together, and who is to stand for whom among them. */
interface Region {
  readonly identities: Identities
  /** By id the entity that is to stand for it: itself, where no other does. */
  readonly standing: ReadonlyMap<string, string>
  /** What the ids go by, each for itself; those that nothing names are left out. */
  readonly own: ReadonlyMap<string, Own>
  /** What people call them. */
  readonly called: Called
}

/**
 * Has those ids stand for each other that the bonds join, around the links whose bonds are given. Mentions and names move
 * along, and marks tell of names of which a look-up finds something else by it; links are for the caller. Returns the ids
 * for which another entity stands now.
 */
export async function regroup(
  writer: GraphWriter,
  derivation: Derivation,
  bonds: readonly PlannedBond[],
): Promise<string[]> {
  const region = await readRegion(writer, derivation, bonds, (ids) => holdIdentities(writer, ids))
  const moved = movedIn(region)
  const nodes = wantedNodes(region, derivation)
  const before = standingNodes(region.identities)
  const changed = [...nodes.values()].filter((node) => {
    const old = before.get(keyOf(node))
    return old === undefined || !sameProperties(old, node)
  })
  const gone = [...before.values()].filter((node) => !nodes.has(keyOf(node)))
  const goneOf = (kind: GraphNode['kind']): string[] => gone.filter((node) => node.kind === kind).map(({ id }) => id)
  const renamed = changed.filter(({ kind }) => kind === 'Entity').map(({ id }) => id)
  await writer.putNodes(changed)
  await moveMentions(writer, region, moved)
  const touched = await moveNames(writer, derivation, renamed, goneOf('Entity'))
  await writer.removeNodes('Entity', goneOf('Entity'))
  await writer.removeNodes('Redirect', goneOf('Redirect'))
  if (touched.length > 0) await markTouched(writer, touched)
  return moved
}

/** Of some ids, those around which others stand for each other than the bonds in the record say. Writes nothing. */
export async function findMisplaced(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
): Promise<string[]> {
  const bonds = ids.map((id): PlannedBond => ({ id: '', one: id, other: id, bond: null }))
  const region = await readRegion(reader, derivation, bonds, (some) => readIdentities(reader, some))
  const nodes = wantedNodes(region, derivation)
  const before = standingNodes(region.identities)
  // Names come from mentions, and are looked at by themselves.
  const shape = ({ properties }: GraphNode): string => `${properties['to'] ?? ''} ${properties['joined'] ?? ''}`
  const wrong = [...before.values(), ...nodes.values()].filter((node) => {
    const [is, wanted] = [before.get(keyOf(node)), nodes.get(keyOf(node))]
    return is === undefined || wanted === undefined || shape(is) !== shape(wanted)
  })
  return [...new Set(wrong.map(({ id }) => id))].toSorted()
}

/** Follows bonds that join, and who stood for whom until now, from the ends of some links on. */
async function readRegion(
  reader: GraphReader,
  derivation: Derivation,
  pending: readonly PlannedBond[],
  look: (ids: readonly string[]) => Promise<Identities>,
): Promise<Region> {
  const isPending = new Set(pending.map(({ id }) => id))
  const ids = new Set(pending.flatMap(({ one, other }) => [one, other]))
  for (;;) {
    const size = ids.size
    const identities = await look([...ids])
    const entities = [...new Set([...ids].map((id) => entityOf(identities, id)))]
    const members = await reader.find('Redirect', 'to', entities)
    for (const id of [...entities, ...members.map((node) => node.id)]) ids.add(id)
    const all = [...ids]
    const nodes = [...(await reader.find('Link', 'bondOne', all)), ...(await reader.find('Link', 'bondOther', all))]
    const stored = [...new Map(nodes.map((node) => [node.id, readLink(node)])).values()]
    const bonds = [
      ...stored
        .filter(({ id }) => !isPending.has(id))
        .map(({ id, subjectId: one, objectId: other, bond }): PlannedBond => ({ id, one, other, bond })),
      ...pending,
    ].flatMap(({ bond, ...rest }) => (bond === null ? [] : [{ ...rest, bond }]))
    for (const { one, other, bond } of bonds) if (bond.kind !== 'rejected') for (const id of [one, other]) ids.add(id)
    if (ids.size > size) continue
    const redirects = new Map(members.map((node) => [node.id, readRedirect(node)]))
    const whole = { ...identities, redirects: new Map([...identities.redirects, ...redirects]) }
    const standing = new Map(all.map((id) => [id, id]))
    const names = namesOf(whole)
    for (const group of derivation.unite(bonds, (id) => names.get(id)))
      for (const id of group) standing.set(id, group[0] ?? id)
    const own = await readOwn(reader, whole, standing, bonds)
    return { identities: whole, standing, own, called: await readCalled(reader, all) }
  }
}

/** The name that each was born with, as far as it is known. */
function namesOf({ entities, redirects }: Identities) {
  const own = [
    ...[...entities.values()].map((entity) => ({ id: entity.id, type: entity.type, name: ownNames(entity).name })),
    ...redirects.values(),
  ]
  return new Map(own.map(({ id, type, name }) => [id, { type, names: [name] }]))
}

/** What each id goes by for itself. One that nothing mentions any more is named by what joins it. */
async function readOwn(
  reader: GraphReader,
  { entities, redirects }: Identities,
  standing: ReadonlyMap<string, string>,
  bonds: readonly Pick<PlannedBond, 'id' | 'one' | 'other'>[],
): Promise<ReadonlyMap<string, Own>> {
  const own = new Map<string, Own>()
  const add = ({ id, type }: Own, { name, aliases }: Pick<Own, 'name' | 'aliases'>): void => {
    own.set(id, { id, type, name, aliases })
  }
  for (const entity of entities.values()) add(entity, ownNames(entity))
  for (const redirect of redirects.values()) add(redirect, redirect)
  const counts = Map.groupBy(standing.values(), (id) => id)
  const missing = [...standing].filter(([id, to]) => !own.has(id) && (counts.get(to)?.length ?? 0) > 1)
  if (missing.length === 0) return own
  const unnamed = missing.map(([id]) => id)
  const links = bonds.filter(({ one, other }) => unnamed.includes(one) || unnamed.includes(other)).map(({ id }) => id)
  const proposals = (await reader.find('Proposal', 'linkId', links)).map(
    (node): Proposal => readProposal(node).proposal,
  )
  for (const thing of namedBy(proposals, unnamed)) add(thing, thing)
  return own
}

function movedIn({ identities, standing }: Region): string[] {
  return [...standing].filter(([id, to]) => entityOf(identities, id) !== to).map(([id]) => id)
}

function wantedNodes({ standing, own, called }: Region, derivation: Derivation): Map<string, GraphNode> {
  const groups = Map.groupBy(standing.keys(), (id) => standing.get(id) ?? id)
  const nodes = [...groups].flatMap(([id, members]) => {
    const self = own.get(id)
    if (self === undefined) return []
    const others = members.filter((member) => member !== id).flatMap((member) => own.get(member) ?? [])
    const name = lastCalled(called, members)
    if (others.length > 0) return standFor(derivation, self, others, name)
    return [entityNode({ ...self, ...displayed(self, name) })]
  })
  return new Map(nodes.map((node) => [keyOf(node), node]))
}

function standingNodes({ entities, redirects }: Identities): Map<string, GraphNode> {
  const nodes = [...[...entities.values()].map(entityNode), ...[...redirects.values()].map(redirectNode)]
  return new Map(nodes.map((node) => [keyOf(node), node]))
}

function keyOf({ kind, id }: GraphNode): string {
  return `${kind} ${id}`
}

/** Each form is drawn to the entity that stands for whose it is. */
async function moveMentions(
  writer: GraphWriter,
  { identities, standing }: Region,
  moved: readonly string[],
): Promise<void> {
  if (moved.length === 0) return
  const left = [...new Set(moved.map((id) => entityOf(identities, id)))]
  const from = await writer.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', left)
  const chunkIds = [...new Set(from.map(({ to }) => to.id))]
  const concerned = new Set([...left, ...moved.map((id) => standing.get(id) ?? id)])
  const lines = (await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', chunkIds)).filter((line) =>
    concerned.has(line.from.id),
  )
  const wanted = new Map<string, GraphRelationship>()
  for (const [chunkId, ofChunk] of Map.groupBy(lines, ({ to }) => to.id)) {
    const forms = Map.groupBy(ofChunk.flatMap(formsIn), ({ id }: NamedForm) => standing.get(id) ?? id)
    for (const [id, own] of forms) wanted.set(`${id} ${chunkId}`, mentionLine(id, chunkId, own))
  }
  await writer.putRelationships([...wanted.values()])
  await writer.removeRelationships(lines.filter(({ from: end, to }) => !wanted.has(`${end.id} ${to.id}`)))
}
