import type { AnswerEntity, AnswerLink } from '../model/answer.ts'
import { normaliseName } from '../model/entity.ts'
import { SAME_AS } from '../model/link.ts'
import type { Note } from '../model/note.ts'
import {
  ENTITY_TYPE,
  findEntityType,
  findLinkType,
  fitsEnds,
  holdsOutside,
  LINK_TYPE,
  RESERVED_LABELS,
  RESERVED_LINK_TYPES,
  type Schema,
} from '../model/schema.ts'

/** A link whose types are fit for the graph. `held`: it breaks the schema, so a person has to look at it. */
export interface Conformed {
  readonly subject: AnswerEntity
  readonly type: string
  readonly object: AnswerEntity
  readonly held: boolean
  /** The model told it from its other end. */
  readonly turned: boolean
  readonly notes: readonly Note[]
}

/**
 * Brings a link's types to those of the schema: by name, alias or spelling, and by its inverse, for which the link is
 * turned round. What the schema does not allow is kept and held with the reason, never dropped. Returns null with a note where no usable type can be made of it.
 */
export function conformLink(
  link: AnswerLink,
  entities: ReadonlyMap<string, AnswerEntity>,
  schema: Schema,
): Conformed | { readonly refused: Note } {
  const where = `links[${link.index}]`
  const notes: Note[] = []
  const [named, other] = [entities.get(link.subject), entities.get(link.object)]
  if (named === undefined || other === undefined)
    return { refused: { code: 'unknown-type', message: 'an end has no usable entity type', where } }
  const spelled = spellLinkType(link.type)
  if (!LINK_TYPE.test(spelled))
    return { refused: { code: 'unknown-type', message: `“${link.type}” cannot be written as a link type`, where } }

  let held = false
  const hold = (code: string, message: string): void => {
    held = true
    notes.push({ code, message, where })
  }
  const { type: known, turned } = findLinkType(schema, spelled) ?? { type: undefined, turned: false }
  const [subject, object] = turned ? [other, named] : [named, other]
  const holds = holdsOutside(schema)
  let type = known?.name ?? spelled
  if (known === undefined && holds.linkTypes) hold('type-outside-schema', `${type} is no link type of the schema`)
  // That two names are one thing a model may say, as a proposal like any; of things of two types it means something else.
  const isOurs = RESERVED_LINK_TYPES.has(type) && !(type === SAME_AS && subject.type === object.type)
  if (isOurs) type = `${type}_LINK`
  if (type !== link.type) {
    const message = `${link.type} was taken as ${type}${turned ? ', the other way round' : ''}`
    notes.push({ code: 'type-mapped', message, where })
  }

  for (const end of [subject, object])
    if (holds.entityTypes && !schema.entityTypes.some((allowed) => allowed.name === end.type))
      hold('type-outside-schema', `${end.type} is no entity type of the schema`)
  if (known !== undefined && !fitsEnds(known, { from: subject.type, to: object.type }))
    hold('ends-not-allowed', `${type} does not go from ${subject.type} to ${object.type}`)

  // A link without direction has one identity, whichever end the model named first.
  const swap = known?.symmetric === true && normaliseName(object.name) < normaliseName(subject.name)
  return { subject: swap ? object : subject, type, object: swap ? subject : object, held, turned, notes }
}

/** The entity with a type that can be a label: the schema's own spelling where it has one. Null where none can be made. */
export function conformEntity(entity: AnswerEntity, schema: Schema): AnswerEntity | null {
  const known = findEntityType(schema, entity.type)
  let type = known?.name ?? spellEntityType(entity.type)
  if (RESERVED_LABELS.has(type)) type = `${type}Entity`
  return ENTITY_TYPE.test(type) ? { ...entity, type } : null
}

/** A link type as it would be written in a schema, whatever the spelling of the model. */
export function spellLinkType(type: string): string {
  return type
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase()
}

/** The same of an entity type: `action item` is `ActionItem`. */
export function spellEntityType(type: string): string {
  return type
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
