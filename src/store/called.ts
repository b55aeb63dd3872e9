import { DISPLAYED_AS, linkId } from '../model/link.ts'
import type { GraphReader } from './database.ts'
import type { Names } from './derivation.ts'
import { derivedLinks } from './links.ts'
import type { StoredEntity } from './records.ts'

/** By id at birth, what people call it, and when that was said; ids that nobody renamed are absent. */
export type Called = ReadonlyMap<string, { readonly name: string; readonly at: string }>

/** Looks up by what names people have called some ids. */
export async function readCalled(reader: GraphReader, ids: readonly string[]): Promise<Called> {
  if (ids.length === 0) return new Map()
  const nodes = await reader.get('Link', [...new Set(ids)].map(ownNameLinkId))
  return new Map(
    derivedLinks(nodes).flatMap(({ subjectId, called, reviewedAt }) =>
      called === undefined ? [] : [[subjectId, { name: called, at: reviewedAt ?? '' }] as const],
    ),
  )
}

/** Id of the link that says what an entity is called: it goes from the entity to itself. */
export function ownNameLinkId(id: string): string {
  return linkId(id, DISPLAYED_AS, id)
}

/** Of several ids that are one thing: the name that was given last. Null where none was. */
export function lastCalled(called: Called, ids: readonly string[]): string | null {
  const given = ids.flatMap((id) => called.get(id) ?? [])
  return given.toSorted((a, b) => (a.at === b.at ? (a.name < b.name ? -1 : 1) : a.at < b.at ? 1 : -1))[0]?.name ?? null
}

/** What an entity goes by that people call something; what the texts call it are aliases then. */
export function displayed(derived: Names, called: string | null): Names & Pick<StoredEntity, 'derived'> {
  const { name, aliases } = derived
  if (called === null) return { name, aliases, derived: null }
  const others = [...new Set([name, ...aliases])].filter((one) => one !== called).toSorted()
  return { name: called, aliases: others, derived: { name, aliases } }
}
