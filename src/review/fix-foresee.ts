import type { Entity } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import { withheldFrom } from '../model/withheld.ts'
import type { GraphReader } from '../store/database.ts'
import { decideTogether } from '../store/decide-together.ts'
import { readLinkById } from '../store/links.ts'
import { readIdentities } from '../store/identities.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Revision } from './fix.ts'

/** What becomes of a link; null where there was none, or is none any more. */
export interface LinkChange {
  readonly before: StoredLink | null
  readonly after: StoredLink | null
  /** What somebody else decided is not to be known before this is decided, and would be by what becomes of it: not told. */
  readonly withheld?: true
}

/** What carrying out a revision does to the graph, its record aside. */
export interface Change {
  readonly links: readonly LinkChange[]
  /** Entities that come into being, and such as nothing speaks of any more. */
  readonly born: readonly Entity[]
  readonly gone: readonly Entity[]
}

/** The same as a reviewer may see it who has not decided yet. */
export function asForeseenBy(
  store: Store,
  reviewer: string | null,
  changes: readonly LinkChange[],
): Promise<LinkChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      const { before } = change
      if (before?.awaits === undefined) return change
      const hidden = withheldFrom(reviewer, await store.decisionsAbout(before.id))
      return hidden.size === 0 ? change : { before, after: null, withheld: true }
    }),
  )
}

/** Carries it out, looks at what came of it, and gives it back. */
export function foresee(store: Store, revision: Revision, now: Date): Promise<Change> {
  const { proposals, drafts } = revision
  return store.tryOut(async (writer, derivation) => {
    const before = await look(writer, revision)
    await decideTogether(writer, derivation, proposals, drafts, now.toISOString())
    const after = await look(writer, revision)
    return {
      links: before.links.map((link, i) => ({ before: link, after: after.links[i] ?? null })),
      born: missingIn(before.entities, after.entities),
      gone: missingIn(after.entities, before.entities),
    }
  })
}

async function look(reader: GraphReader, { drafts, proposals, original }: Revision) {
  const links = await Promise.all(drafts.map(({ linkId }) => readLinkById(reader, linkId)))
  const ends = [...proposals.map(endsOf), ...(original === null ? [] : [original])]
  const ids = [...new Set(ends.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))]
  const { entities } = await readIdentities(reader, ids)
  return { links, entities: [...entities.values()] }
}

function missingIn(some: readonly Entity[], others: readonly Entity[]): Entity[] {
  const ids = new Set(some.map(({ id }) => id))
  return others.filter(({ id }) => !ids.has(id))
}
