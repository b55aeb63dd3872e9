import { CONFLICT_TYPES } from '../model/conflict.ts'
import { typesOtherwise } from '../model/link-rules.ts'
import { compareLinks, type ConflictChange } from './compare-links.ts'
import { findConflictLinks } from './conflict-effects.ts'
import type { Database, GraphReader, NodeKind, Page } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { UNCOMPARED } from './records.ts'
import { doneRechecking, readRules } from './rules-in-use.ts'
import { settleRulings } from './settle-rulings.ts'

/** Links that are compared in one transaction, with their rivals. */
const AT_ONCE = 50

export interface CompareOptions {
  /** Told of each link between links of which something else is said now. */
  readonly changed?: (change: ConflictChange) => void
  /** Told once of each type and thing that has more values than can be compared. */
  readonly crowded?: (slot: string) => void
  readonly signal: AbortSignal
}

/** A derivation whose rules are those that the store has in use. */
export type RuledDerivation = Derivation & { rules: NonNullable<Derivation['rules']> }

/**
 * Compares all links that changed since they were last compared, and those of types of which the rules changed, or by which a
 * rejected pattern came or went; whatever
 * is cut off is done by the next. Who writes meanwhile marks what changes.
 */
export async function compareMarked(
  database: Database,
  derivation: RuledDerivation,
  options: CompareOptions,
): Promise<void> {
  const { signal } = options
  const inUse = await database.read(readRules)
  // Another process may have brought other rules while this one put links by those that it knew.
  const missed = typesOtherwise(derivation.rules, inUse.rules)
  derivation.rules = inUse.rules
  const types = [...new Set([...inUse.recheck, ...missed])]
  for (const type of types) await eachOf(database, 'type', type, signal, (ids) => markAgain(database, derivation, ids))
  if (types.length > 0 && !signal.aborted) await doneRechecking(database, types, inUse.rules)
  await settleRulings(database, derivation, signal)

  const crowded = new Set<string>()
  while (!signal.aborted) {
    const ids = await database.read((reader) => findIds(reader, 'Link', UNCOMPARED, 'yes', { limit: AT_ONCE }))
    if (ids.length === 0) return
    for (const slot of await compareSome(database, derivation, ids, options)) {
      if (crowded.has(slot)) continue
      crowded.add(slot)
      options.crowded?.(slot)
      await withdrawCrowded(database, derivation, slot, options)
    }
  }
}

/** Compares some links and returns the slots that are too full. */
export async function compareSome(
  database: Database,
  derivation: Derivation,
  ids: readonly string[],
  { changed }: Pick<CompareOptions, 'changed'> = {},
): Promise<readonly string[]> {
  await database.prepare(CONFLICT_TYPES)
  const { crowded, changes } = await database.write((writer) => compareLinks(writer, derivation, ids))
  for (const change of changes) changed?.(change)
  return crowded
}

/** Compares all of these, however many. */
export async function compareThese(database: Database, derivation: Derivation, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) await compareSome(database, derivation, ids.slice(at, at + AT_ONCE))
}

/** What the links of a full slot were said to contradict before it was full. */
async function withdrawCrowded(
  database: Database,
  derivation: Derivation,
  slot: string,
  options: CompareOptions,
): Promise<void> {
  for (const side of ['rivalsFrom', 'rivalsTo'])
    await eachOf(database, side, slot, options.signal, async (ids) => {
      const conflicts = await database.read((reader) => findConflictLinks(reader, ids))
      const ends = new Set(conflicts.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))
      const contested = ids.filter((id) => ends.has(id))
      if (contested.length > 0) await compareSome(database, derivation, contested, options)
    })
}

/** Puts what links are found by, as the rules are now, and marks them. */
async function markAgain(database: Database, derivation: Derivation, ids: readonly string[]): Promise<void> {
  await database.write(async (writer) => {
    await writer.lock('Link', ids, [])
    await deriveLinks(writer, derivation, ids)
    await writer.patchNodes(
      'Link',
      ids.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
    )
  })
}

/** The ids of all links that have a value, some at a time. */
async function eachOf(
  database: Database,
  property: string,
  value: string,
  signal: AbortSignal,
  work: (ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let skip = 0; !signal.aborted; skip += AT_ONCE) {
    const page = { limit: AT_ONCE, skip }
    const ids = await database.read((reader) => findIds(reader, 'Link', property, value, page))
    if (ids.length > 0) await work(ids)
    if (ids.length < AT_ONCE) return
  }
}

async function findIds(reader: GraphReader, kind: NodeKind, property: string, value: string, page: Page) {
  return (await reader.find(kind, property, [value], page)).map(({ id }) => id)
}
