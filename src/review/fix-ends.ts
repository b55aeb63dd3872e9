import { entityId, normaliseName } from '../model/entity.ts'
import { NotFoundError, RefusedError, UsageError } from '../model/errors.ts'
import { endFor } from '../model/link.ts'
import type { ProposedEntity } from '../model/proposal.ts'
import { ENTITY_TYPE, RESERVED_LABELS } from '../model/schema.ts'
import { ownNames, readEntity, type StoredEntity } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Named } from './naming-texts.ts'
import { findThing } from './same-entities.ts'

/** An end of a link: something of the graph, or a thing of a type that nobody has named yet. */
export interface End {
  readonly name: string
  readonly type: string
  /** Id of an entity, or of one that another stands for; null: new, and born by its name in the document that is quoted. */
  readonly id: string | null
}

/** What a person says of an end: a name or an id, and a type where it is to be of that. */
export interface EndAsked {
  readonly named: string
  readonly type?: string
  /** Its name, where an id was given. */
  readonly shown?: string
}

const MOST_ALIKE = 50
/** Of so many that are alike, those of a type are sought. */
const MOST_SOUGHT = 3200
const MOST_LISTED = 5

/**
 * Which entity a person means by a name (or an alias) that it has, or by its id.
 * @throws NotFoundError with those of like names where there is none and no type is given to make it of; UsageError where several are meant
 */
export async function findEnd(store: Store, { named, type }: EndAsked): Promise<End> {
  const alike = await entitiesLike(store, named, type)
  const wanted = normaliseName(named)
  const goingBy = alike.filter(({ name, aliases }) => [name, ...aliases].some((one) => normaliseName(one) === wanted))
  const own = goingBy.filter(({ name }) => normaliseName(name) === wanted)
  const [only, ...others] = own.length > 0 ? own : goingBy
  if (only !== undefined && others.length === 0) return endOf(only)
  if (only !== undefined)
    throw new UsageError('ambiguous-name', `several are called “${named}”: ${listed([only, ...others])}`, {
      hint: 'Give the id of the one that is meant.',
    })
  const byId = await thingById(store, named)
  if (byId !== null) return { id: byId.id, type: byId.type, name: byId.name }
  if (type !== undefined) return { name: named.trim(), type: checkedType(type), id: null }
  const hint = alike.length === 0 ? '' : `Alike are: ${listed(alike.slice(0, MOST_LISTED))}. `
  throw new NotFoundError('unknown-name', `nothing in the graph is called “${named}”`, {
    hint: `${hint}Give its id, or the type of a new one with --subject-type or --object-type.`,
  })
}

/** Entities of which a word of a name stands in the given one, or that have it as it is, of any type or of one; the best first. */
export async function entitiesLike(store: Store, name: string, type?: string): Promise<StoredEntity[]> {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? []
  return store.database.read(async (reader) => {
    const exact = await reader.find('Entity', 'name', [name.trim()])
    for (let limit = MOST_ALIKE; ; limit *= 8) {
      const [hits = []] = words.length === 0 ? [] : await reader.search('Entity', [{ words, limit }])
      const found = await reader.get(
        'Entity',
        hits.map(({ id }) => id),
      )
      const all = [...new Map([...exact, ...found].map((node) => [node.id, readEntity(node)])).values()]
      const fitting = all.filter((entity) => type === undefined || entity.type === type)
      // Those of other types may stand before them.
      if (fitting.length >= MOST_ALIKE || hits.length < limit || limit >= MOST_SOUGHT) return fitting
    }
  })
}

/** The one whose id begins so; null where there is none, or it can be no id. @throws UsageError where several begin so */
export async function thingById(store: Store, id: string): Promise<Named | null> {
  if (!/^\w{4,}$/.test(id.trim())) return null
  try {
    return await findThing(store, id)
  } catch (error) {
    if (error instanceof NotFoundError) return null
    throw error
  }
}

function endOf(entity: StoredEntity): End {
  return { id: entity.id, type: entity.type, name: ownNames(entity).name }
}

/** An end as a proposal about a document names it. */
export function proposedEnd({ id, name, type }: End, documentId: string): ProposedEntity {
  return endFor({ id: id ?? entityId(type, name, documentId), name, type }, documentId)
}

function checkedType(type: string): string {
  if (ENTITY_TYPE.test(type) && !RESERVED_LABELS.has(type)) return type
  throw new RefusedError('bad-type', `'${type}' cannot be the type of an entity`, {
    hint: 'A type is written like Person or ActionItem, and is none of the names that whygraph uses for its own record.',
  })
}

function listed(entities: readonly StoredEntity[]): string {
  return entities.map(({ name, type, id }) => `${name} (${type}, ${id.slice(0, 8)})`).join(', ')
}
