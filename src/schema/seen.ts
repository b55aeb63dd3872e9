import { normaliseName } from '../model/entity.ts'
import type { Example, Heard } from './gather.ts'

/** What was seen of one name of a link type. */
export interface SeenLinks {
  readonly name: string
  /** Each link of a chunk once, whoever says it. */
  readonly links: readonly SeenLink[]
  /** Replies that use the name. */
  readonly replies: ReadonlySet<string>
}

export interface SeenLink {
  readonly document: string
  readonly chunk: string
  readonly from: string
  readonly to: string
  /** Normalised names of its ends. */
  readonly subject: string
  readonly object: string
  readonly example: Example | null
}

/** What was seen of one name of an entity type. */
export interface SeenEntities {
  readonly name: string
  /** By normalised name: as it was first named, and where. */
  readonly entities: ReadonlyMap<string, { readonly name: string; readonly place: string }>
  readonly documents: ReadonlySet<string>
  readonly replies: ReadonlySet<string>
}

/** By name, the most frequent first. */
export function seenLinks(heard: readonly Heard[]): SeenLinks[] {
  const seen = new Map<string, { links: Map<string, SeenLink>; replies: Set<string> }>()
  for (const { document, chunk, reply, links } of heard)
    for (const { subject, type, object, example } of links) {
      const own = seen.get(type) ?? { links: new Map<string, SeenLink>(), replies: new Set<string>() }
      seen.set(type, own)
      own.replies.add(reply)
      const ends = { subject: normaliseName(subject.name), object: normaliseName(object.name) }
      const key = JSON.stringify([chunk, ends])
      if (!own.links.has(key))
        own.links.set(key, { document, chunk, from: subject.type, to: object.type, ...ends, example })
    }
  return [...seen]
    .map(([name, { links, replies }]) => ({ name, links: [...links.values()], replies }))
    .toSorted((a, b) => b.links.length - a.links.length || (a.name < b.name ? -1 : 1))
}

export function seenEntities(heard: readonly Heard[]): SeenEntities[] {
  type Own = { entities: Map<string, { name: string; place: string }>; documents: Set<string>; replies: Set<string> }
  const seen = new Map<string, Own>()
  for (const { document, reply, entities } of heard)
    for (const { name, type, place } of entities) {
      const own: Own = seen.get(type) ?? { entities: new Map(), documents: new Set(), replies: new Set() }
      seen.set(type, own)
      own.documents.add(document)
      own.replies.add(reply)
      const key = normaliseName(name)
      if (!own.entities.has(key)) own.entities.set(key, { name, place })
    }
  return [...seen]
    .map(([name, own]) => ({ name, ...own }))
    .toSorted((a, b) => b.entities.size - a.entities.size || (a.name < b.name ? -1 : 1))
}
