import { fitsEnds, inversesOf, type LinkType, type Schema } from '../../model/schema.ts'
import { ENTITY_WORDS, LINK_WORDS } from '../../model/type-words.ts'
import type { Kind } from './rule.ts'

/** Other words for the rules' kinds, best first, as schemas may call them. The last resort is `Concept`. */
const KIND_SYNONYMS: Readonly<Record<Kind, readonly string[]>> = ENTITY_WORDS
const TO_CONCEPT: ReadonlySet<Kind> = new Set(['Role', 'Policy', 'Contract'])

/** How a rule's link is called under a schema; `swapped` where the schema has it the other way round. */
export interface Named {
  readonly type: string
  readonly subject: string
  readonly object: string
  readonly swapped: boolean
}

export interface Vocabulary {
  /** Null where the schema has no place for such a link between such things. */
  name(type: string, subject: Kind, object: Kind): Named | null
}

export function readVocabulary(schema: Schema): Vocabulary {
  const kinds = new Map<Kind, string | null>()
  const kindOf = (kind: Kind): string | null => {
    let found = kinds.get(kind)
    if (found === undefined) {
      found = findKind(schema, kind)
      kinds.set(kind, found)
    }
    return found
  }
  return {
    name(type, subject, object) {
      const from = kindOf(subject)
      const to = kindOf(object)
      if (from === null || to === null) return null
      const naming = LINK_WORDS[type] ?? { same: [], inverse: [] }
      const straight = findLink(schema, [type, ...naming.same])
      if (straight !== null)
        return fitsEnds(straight, { from, to })
          ? { type: straight.name, subject: from, object: to, swapped: false }
          : null
      const inverse = findInverse(schema, [type, ...naming.same]) ?? findLink(schema, naming.inverse)
      if (inverse !== null)
        return fitsEnds(inverse, { from: to, to: from })
          ? { type: inverse.name, subject: to, object: from, swapped: true }
          : null
      return schema.open ? { type, subject: from, object: to, swapped: false } : null
    },
  }
}

function findKind(schema: Schema, kind: Kind): string | null {
  if (schema.entityTypes.length === 0) return kind
  const names = schema.entityTypes.map((type) => type.name)
  if (names.includes(kind)) return kind
  for (const synonym of KIND_SYNONYMS[kind]) {
    const found = schema.entityTypes.find((type) => type.name === synonym || type.aliases.includes(synonym))
    if (found !== undefined) return found.name
  }
  const aliased = schema.entityTypes.find((type) => type.aliases.includes(kind))
  if (aliased !== undefined) return aliased.name
  return TO_CONCEPT.has(kind) && names.includes('Concept') ? 'Concept' : null
}

/** By its own name first, then by the aliases that the schema gives, in the order of the candidates. */
function findLink(schema: Schema, candidates: readonly string[]): LinkType | null {
  for (const candidate of candidates) {
    const found =
      schema.linkTypes.find((type) => type.name === candidate) ??
      schema.linkTypes.find((type) => type.aliases.includes(candidate))
    if (found !== undefined) return found
  }
  return null
}

/** The type that the schema has the other way round, and says so. */
function findInverse({ linkTypes }: Schema, candidates: readonly string[]): LinkType | null {
  for (const candidate of candidates) {
    const found = linkTypes.find((type) => inversesOf(type).includes(candidate))
    if (found !== undefined) return found
  }
  return null
}
