import type { AnswerEntity, AnswerLink } from '../model/answer.ts'
import { normaliseName } from '../model/entity.ts'
import { SAME_AS } from '../model/link.ts'
import type { Note } from '../model/note.ts'
import { ENTITY_TYPE, LINK_TYPE, RESERVED_LABELS, RESERVED_LINK_TYPES, type Schema } from '../model/schema.ts'

/** A link whose types are fit for the graph. `held`: it breaks the schema, so a person has to look at it. */
export interface Conformed {
  readonly subject: AnswerEntity
  readonly type: string
  readonly object: AnswerEntity
  readonly held: boolean
  readonly notes: readonly Note[]
}

/**
 * Brings a link's types to those of the schema: by name, alias or spelling. What the schema does not allow is kept
 * and held with the reason, never dropped. Returns null with a note where no usable type can be made of it.
 */
export function conformLink(
  link: AnswerLink,
  entities: ReadonlyMap<string, AnswerEntity>,
  schema: Schema,
): Conformed | { readonly refused: Note } {
  const where = `links[${link.index}]`
  const notes: Note[] = []
  const subject = entities.get(link.subject)
  const object = entities.get(link.object)
  if (subject === undefined || object === undefined)
    return { refused: { code: 'unknown-type', message: 'an end has no usable entity type', where } }
  const spelled = spellLinkType(link.type)
  if (!LINK_TYPE.test(spelled))
    return { refused: { code: 'unknown-type', message: `“${link.type}” cannot be written as a link type`, where } }

  let held = false
  const hold = (code: string, message: string): void => {
    held = true
    notes.push({ code, message, where })
  }
  const known = schema.linkTypes.find((type) => type.name === spelled || type.aliases.includes(spelled))
  let type = known?.name ?? spelled
  if (known === undefined && !schema.open) hold('type-outside-schema', `${type} is no link type of the schema`)
  // That two names are one thing a model may say, as a proposal like any; of things of two types it means something else.
  const isOurs = RESERVED_LINK_TYPES.has(type) && !(type === SAME_AS && subject.type === object.type)
  if (isOurs) type = `${type}_LINK`
  if (type !== link.type) notes.push({ code: 'type-mapped', message: `${link.type} was taken as ${type}`, where })

  for (const end of [subject, object])
    if (
      schema.entityTypes.length > 0 &&
      !schema.open &&
      !schema.entityTypes.some((allowed) => allowed.name === end.type)
    )
      hold('type-outside-schema', `${end.type} is no entity type of the schema`)
  const fits = (from: AnswerEntity, to: AnswerEntity): boolean =>
    (known?.from?.includes(from.type) ?? true) && (known?.to?.includes(to.type) ?? true)
  if (!fits(subject, object) && !(known?.symmetric && fits(object, subject)))
    hold('ends-not-allowed', `${type} does not go from ${subject.type} to ${object.type}`)

  // A link without direction has one identity, whichever end the model named first.
  const swap = known?.symmetric === true && normaliseName(object.name) < normaliseName(subject.name)
  return { subject: swap ? object : subject, type, object: swap ? subject : object, held, notes }
}

/** The entity with a type that can be a label: the schema's own spelling where it has one. Null where none can be made. */
export function conformEntity(entity: AnswerEntity, schema: Schema): AnswerEntity | null {
  const wanted = entity.type.toLowerCase().replace(/[^a-z0-9]/g, '')
  const known = schema.entityTypes.find((type) =>
    [type.name, ...type.aliases].some((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '') === wanted),
  )
  let type = known?.name ?? pascalCase(entity.type)
  if (RESERVED_LABELS.has(type)) type = `${type}Entity`
  return ENTITY_TYPE.test(type) ? { ...entity, type } : null
}

function spellLinkType(type: string): string {
  return type
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase()
}

function pascalCase(type: string): string {
  return type
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
