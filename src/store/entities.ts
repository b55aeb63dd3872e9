import { type Entity, entityId } from '../model/entity.ts'
import { endEntityId } from '../model/link.ts'
import { isEntityEnd, type Proposal } from '../model/proposal.ts'
import { displayed, lastCalled, readCalled } from './called.ts'
import type { GraphNode, GraphReader, GraphRelationship, GraphWriter, NodeKey } from './database.ts'
import type { Derivation, Names } from './derivation.ts'
import { entityOf, isNamed, readIdentities, type Identities } from './identities.ts'
import { derivedLinks, findLinksAt } from './links.ts'
import { formsIn } from './mention-line.ts'
import {
  entityNode,
  isInGraph,
  ownNames,
  readProposal,
  readRedirect,
  redirectNode,
  type EntityForms,
  type StoredEntity,
} from './records.ts'
import { updateNames } from './names.ts'
import { sameProperties } from './same-properties.ts'
import { removeNamed } from './touched.ts'

/**
 * Adds the forms of one chunk after the other to what bears them, by id at birth, and to the entities that stand for
 * others; makes those that are not there. Returns the ids at birth of what is new or got a form that it did not have.
 */
export async function nameEntities(
  writer: GraphWriter,
  derivation: Derivation,
  chunks: readonly ReadonlyMap<string, EntityForms>[],
  identities: Identities,
): Promise<ReadonlySet<string>> {
  const renamed = new Set<string>()
  const entities = new Map(identities.entities)
  const redirects = new Map(identities.redirects)
  const fresh = chunks.flatMap((forms) => [...forms.keys()]).filter((id) => !entities.has(id) && !redirects.has(id))
  const called = await readCalled(writer, fresh)
  const calledNow = (entity: StoredEntity): string | null => (entity.derived === null ? null : entity.name)
  for (const [id, { type, ownName, forms: seen }] of chunks.flatMap((forms) => [...forms])) {
    const entity = entities.get(id)
    const old = redirects.get(id) ?? (entity === undefined ? undefined : ownNames(entity))
    const own = derivation.nameEntity(old?.name ?? ownName, [
      ...(old ? [old.name, ...old.aliases] : []),
      ownName,
      ...seen,
    ])
    if (old?.name !== own.name || old.aliases.join('\n') !== own.aliases.join('\n')) renamed.add(id)
    const redirect = redirects.get(id)
    if (redirect !== undefined) redirects.set(id, { ...redirect, ...own })
    const standing = entities.get(redirect?.to ?? id)
    if (standing?.joined == null) {
      const name = standing === undefined ? lastCalled(called, [id]) : calledNow(standing)
      entities.set(id, { id, type, ...displayed(own, name), joined: null })
    } else {
      const joined = redirect === undefined ? { ...standing.joined, ...own } : standing.joined
      const together = derivation.nameTogether([standing.derived ?? standing, own])
      entities.set(standing.id, { ...standing, ...displayed(together, calledNow(standing)), joined })
    }
  }
  const changed = [
    ...changes(entities, identities.entities, entityNode),
    ...changes(redirects, identities.redirects, redirectNode),
  ]
  await writer.putNodes(changed)
  return renamed
}

function changes<T>(
  now: ReadonlyMap<string, T>,
  before: ReadonlyMap<string, T>,
  toNode: (one: T) => GraphNode,
): GraphNode[] {
  return [...now].flatMap(([id, one]) => {
    const old = before.get(id)
    if (old === one) return []
    const node = toNode(one)
    return old !== undefined && sameProperties(toNode(old), node) ? [] : [node]
  })
}

/** Entities that lost mentions go by the forms that are left, or go, unless a link of the graph still needs them. */
export async function tidyEntities(
  writer: GraphWriter,
  derivation: Derivation,
  entityIds: readonly string[],
  options: { readonly forgetting?: boolean } = {},
): Promise<void> {
  if (entityIds.length === 0) return
  const { gone, named } = await planEntities(writer, derivation, entityIds, options)
  await writer.putNodes(named)
  await removeNamed(writer, gone)
}

/**
 * What entities come to: those that nothing needs any more, and the others as their mentions name them, with the ids that
 * they stand for. One that stands for others is needed by what joined them. What nothing mentions keeps its names; in
 * `forgetting`, only those by which it was joined.
 */
export async function planEntities(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
  { forgetting = false }: { readonly forgetting?: boolean } = {},
): Promise<{ readonly gone: string[]; readonly named: GraphNode[] }> {
  const identities = await readIdentities(reader, ids)
  const standing = [...new Set(ids.map((id) => entityOf(identities, id)))]
  const mentions = await reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', standing)
  const left = Map.groupBy(mentions, (mention) => mention.from.id)
  const joined = standing.filter((id) => identities.entities.get(id)?.joined != null)
  const unneeded = standing.filter((id) => !left.has(id) && !joined.includes(id))
  const linked = await findLinked(reader, unneeded)
  const documentOf = await documentsOfOne(reader, mentions)
  const members = joined.length === 0 ? [] : (await reader.find('Redirect', 'to', joined)).map(readRedirect)
  const membersOf = Map.groupBy(members, ({ to }) => to)
  const called = await readCalled(reader, [...standing, ...members.map(({ id }) => id)])
  const joinedAs = forgetting ? await namesOfJoined(reader, [...joined, ...members.map(({ id }) => id)]) : new Map()
  const formsAt = new Map(
    [...left].map(([id, lines]) => [id, Map.groupBy(lines.flatMap(formsIn), (form) => form.id)] as const),
  )
  const nameAnew = (id: string, type: string, old: Names, standingId: string): Names => {
    const forms = formsAt.get(standingId)?.get(id) ?? []
    if (forms.length === 0) {
      const { name, aliases } = (joinedAs.get(id) as Names | undefined) ?? old
      return { name, aliases }
    }
    const own = forms.find(({ name }) => entityId(type, name, documentOf.get(id) ?? '') === id)
    return derivation.nameEntity(
      own?.name ?? old.name,
      forms.map(({ name }) => name),
    )
  }
  const named = standing.flatMap((id): GraphNode[] => {
    const entity = identities.entities.get(id)
    if (entity === undefined) return []
    const own = nameAnew(id, entity.type, ownNames(entity), id)
    const others = (membersOf.get(id) ?? []).map((one) => ({ ...one, ...nameAnew(one.id, one.type, one, id) }))
    const name = lastCalled(called, [id, ...others.map((one) => one.id)])
    if (entity.joined === null) return [entityNode({ ...entity, ...displayed(own, name) })]
    return standFor(derivation, { ...entity, ...own }, others, name)
  })
  return { gone: unneeded.filter((id) => !linked.has(id)), named }
}

/** How the links that join them name some ids. */
async function namesOfJoined(reader: GraphReader, ids: readonly string[]): Promise<Map<string, Names>> {
  const links = [...(await reader.find('Link', 'bondOne', ids)), ...(await reader.find('Link', 'bondOther', ids))]
  const linkIds = [...new Set(links.map(({ id }) => id))]
  const proposals = (await reader.find('Proposal', 'linkId', linkIds)).map((node) => readProposal(node).proposal)
  return new Map(namedBy(proposals, ids).map((thing) => [thing.id, thing]))
}

/** An entity with its own names, standing for others with theirs, all of which people may call something. */
export function standFor(
  { nameTogether }: Derivation,
  own: Entity,
  others: readonly Entity[],
  called: string | null,
): GraphNode[] {
  const { name, aliases } = own
  const joined = { others: others.length, name, aliases }
  const together = displayed(nameTogether([own, ...others]), called)
  return [entityNode({ ...own, ...together, joined }), ...others.map((other) => redirectNode({ ...other, to: own.id }))]
}

/** Of some ids for which no other stands, those that a link of the graph needs. */
async function findLinked(reader: GraphReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const links = derivedLinks(await findLinksAt(reader, ids))
  return new Set(links.filter(isInGraph).flatMap((link) => [link.subjectId, link.objectId]))
}

/** For each id that is mentioned a document that mentions it: where the id is made from one, all do that mention it. */
async function documentsOfOne(
  reader: GraphReader,
  mentions: readonly GraphRelationship[],
): Promise<ReadonlyMap<string, string>> {
  const chunkOf = new Map<string, string>()
  for (const mention of mentions)
    for (const { id } of formsIn(mention)) if (!chunkOf.has(id)) chunkOf.set(id, mention.to.id)
  const chunks = await reader.get('Chunk', [...new Set(chunkOf.values())], ['documentId'])
  const documents = new Map(chunks.map((chunk) => [chunk.id, String(chunk.properties['documentId'])]))
  return new Map([...chunkOf].map(([id, chunkId]) => [id, documents.get(chunkId) ?? '']))
}

/**
 * A link that a person accepts may have outlived its entities: they come back under their old ids. Nothing has to mention
 * them, so whoever resolves what is mentioned does not come by, and they are found by their names from here on.
 */
export async function restoreEnds(
  writer: GraphWriter,
  derivation: Derivation,
  ends: readonly NodeKey[],
  proposals: readonly Proposal[],
): Promise<void> {
  const wanted = [...new Set(ends.filter((end) => end.kind === 'Entity').map((end) => end.id))]
  if (wanted.length === 0) return
  const there = new Set((await writer.get('Entity', wanted)).filter(isNamed).map((node) => node.id))
  const missing = wanted.filter((id) => !there.has(id))
  if (missing.length === 0) return
  const called = await readCalled(writer, missing)
  const born = namedBy(proposals, missing)
  await writer.putNodes(born.map((one) => entityNode({ ...one, ...displayed(one, lastCalled(called, [one.id])) })))
  await updateNames(writer, derivation, missing)
}

/** Things as proposals name them, for want of anything better. */
export function namedBy(proposals: readonly Proposal[], ids: readonly string[]): Entity[] {
  const wanted = new Set(ids)
  const found = new Map<string, Entity>()
  for (const { subject, object, documentId } of proposals.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    for (const end of [subject, object]) {
      if (!isEntityEnd(end)) continue
      const { name, type, aliases } = end
      const id = endEntityId(end, documentId)
      if (wanted.has(id) && !found.has(id)) found.set(id, { id, type, name, aliases: [...aliases] })
    }
  return [...found.values()]
}
