import { endsOf } from '../model/link.ts'
import type { NamedThing } from '../model/name-index.ts'
import type { GraphReader, GraphRelationship, RelationshipKey } from './database.ts'
import { isNamed, readIdentities } from './identities.ts'
import { formsIn } from './mention-line.ts'
import { ownNames, readEntity, readRedirect, type Redirect, type StoredEntity, type StoredProposal } from './records.ts'

/** An entity as it was born, with the names that are its own. */
export interface Birth extends NamedThing {
  /** The entity of the graph that stands for it; its own id, where no other does. */
  readonly partOf: string
}

/** Those of the ids that something is known of. */
export async function readBirths(reader: GraphReader, ids: readonly string[]): Promise<ReadonlyMap<string, Birth>> {
  const { entities, redirects } = await readIdentities(reader, ids)
  const all = ids.flatMap((id) => {
    const [redirect, entity] = [redirects.get(id), entities.get(id)]
    return redirect !== undefined ? [redirected(redirect)] : entity !== undefined ? [standing(entity)] : []
  })
  return new Map(all.map((birth) => [birth.id, birth]))
}

/** All for which entities of the graph stand, by their ids. */
export async function birthsIn(
  reader: GraphReader,
  entityIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Birth[]>> {
  const entities = (await reader.get('Entity', entityIds)).filter(isNamed).map(readEntity)
  const joined = entities.filter((entity) => entity.joined !== null).map(({ id }) => id)
  const others = joined.length === 0 ? [] : (await reader.find('Redirect', 'to', joined)).map(readRedirect)
  const members = Map.groupBy(others, ({ to }) => to)
  return new Map(
    entities.map((entity) => [entity.id, [standing(entity), ...(members.get(entity.id) ?? []).map(redirected)]]),
  )
}

function standing(entity: StoredEntity): Birth {
  const { id, type } = entity
  const own = ownNames(entity)
  return { id, type, names: [own.name, ...own.aliases], partOf: id }
}

function redirected({ id, type, name, aliases, to }: Redirect): Birth {
  return { id, type, names: [name, ...aliases], partOf: to }
}

/** Mentions that are looked at in one go; at first few, since mostly the first one is enough. */
const AT_FIRST = 5
const AT_ONCE = 50

/** The mentions of what was born as this, by the ids of the chunks, page by page, whoever stands for it now. */
export async function* mentionsOf(reader: GraphReader, { id, partOf }: Birth): AsyncGenerator<GraphRelationship> {
  const from = { kind: 'Entity', id: partOf } as const
  let after: RelationshipKey = { type: 'FROM_CHUNK', id: null, from, to: { kind: 'Chunk', id: '' } }
  for (let most = AT_FIRST; ; most = AT_ONCE) {
    const page = await reader.relationshipsAfter('Entity', after, most)
    const mentions = page.filter((line) => line.from.id === partOf && line.type === 'FROM_CHUNK')
    yield* mentions.filter((line) => formsIn(line).some((form) => form.id === id))
    const last = mentions.at(-1)
    if (last === undefined || mentions.length < most) return
    after = last
  }
}

/** Those of the ids at birth that some chunk names, but for chunks that are `going`. */
export async function namedAmong(
  reader: GraphReader,
  ids: readonly string[],
  going: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  for (const birth of (await readBirths(reader, [...new Set(ids)])).values())
    for await (const { to } of mentionsOf(reader, birth)) {
      if (going.has(to.id)) continue
      named.add(birth.id)
      break
    }
  return named
}

/**
 * Of proposals of our rules about names that do not count, those that should: their chunk is there, and some chunk names
 * each of their ends.
 */
export async function groundedAgain(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
): Promise<readonly StoredProposal[]> {
  const silent = proposals.filter(({ proposal, live }) => !live && proposal.judgedFor !== undefined)
  if (silent.length === 0) return []
  const chunkIds = [...new Set(silent.map(({ proposal }) => proposal.chunkId))]
  const chunks = new Set((await reader.get('Chunk', chunkIds, ['id'])).map(({ id }) => id))
  const standing = silent.filter(({ proposal }) => chunks.has(proposal.chunkId))
  const endsIn = ({ proposal }: StoredProposal): string[] => {
    const { subjectId, objectId } = endsOf(proposal)
    return [subjectId, objectId]
  }
  const named = await namedAmong(reader, standing.flatMap(endsIn))
  return standing.filter((stored) => endsIn(stored).every((id) => named.has(id)))
}
