import type { Entity } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import { withheldFrom } from '../model/withheld.ts'
import type { GraphReader } from '../store/database.ts'
import { findConflictLinks } from '../store/conflict-effects.ts'
import { matchById, readLinkById } from '../store/links.ts'
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
  return store.trial(async (on) => {
    const lookNow = () => on.database.read((reader) => look(reader, revision))
    const before = await lookNow()
    await on.decideTogether(proposals, drafts, now.toISOString())
    const after = await lookNow()
    const links = before.links.map((link, i) => ({ before: link, after: after.links[i] ?? null }))
    return {
      links: [...links, ...changesOf(before.conflicts, after.conflicts)],
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
  const standing = links.flatMap((link) => (link === null ? [] : [link.id, ...(link.into === null ? [] : [link.into])]))
  return { links, entities: [...entities.values()], conflicts: await conflictsAt(reader, standing) }
}

/** What is said of some links and others that cannot hold beside them. */
export async function conflictsAt(reader: GraphReader, linkIds: readonly string[]): Promise<StoredLink[]> {
  return (await findConflictLinks(reader, [...new Set(linkIds)])).filter(({ status }) => status !== 'gone')
}

/** Those that come, go, or stand otherwise. */
export function changesOf(before: readonly StoredLink[], after: readonly StoredLink[]): LinkChange[] {
  return matchById(before, after)
    .map(({ before: then, now }) => ({ before: then, after: now }))
    .filter((change) => change.before?.status !== change.after?.status)
}

function missingIn(some: readonly Entity[], others: readonly Entity[]): Entity[] {
  const ids = new Set(some.map(({ id }) => id))
  return others.filter(({ id }) => !ids.has(id))
}
