import { JOINED_KINDS, keyOf, planChunkChain, planJoins, type JoinPlan } from './check/joins.ts'
import { SAME_AS } from '../model/link.ts'
import { copyAnew, COPYING_KINDS, findWrongCopies } from './check/copies.ts'
import { dateAnew, findMisdated } from './check/dates.ts'
import { findFormer, leaveFormer } from './check/former-links.ts'
import { chunksWithOtherMentions, mentionAnew } from './check/other-mentions.ts'
import { findWrongStanding, standAnew } from './check/standing.ts'
import { findStrays } from './check/strays.ts'
import { linksUnsettled } from './settle-rulings.ts'
import type { Database, GraphNode, GraphReader, GraphRelationship, GraphWriter, NodeKind } from './database.ts'
import { addChanges, countOutcomes, NO_CHANGES, type Derivation, type LinkChanges } from './derivation.ts'
import { deriveLinks, joinAnew } from './derive.ts'
import { planEntities, tidyEntities } from './entities.ts'
import { comparedWrongly, isWaitingToBeCompared, linksToCompare } from './check/comparing.ts'
import type { ConflictChange } from './compare-links.ts'
import { compareMarked, compareSome, type RuledDerivation } from './compare-marked.ts'
import { labelAnew, wrongLabels } from './labels.ts'
import { otherNameKeys, updateNames } from './names.ts'
import { eachPage, eachRelationshipPage, eachStrayKeyPage, type Walk } from './pages.ts'
import { planLinks, type LinkPlan } from './plan-links.ts'
import { findMisplaced } from './regroup.ts'
import { noteRulesAnew } from './reading-rules.ts'
import { sameProperties } from './same-properties.ts'

/** What is derived from the record, by the names under which offenders are told. */
export type DerivedPart =
  | 'copies'
  | 'mentions'
  | 'links'
  | 'conflicts'
  | 'entities'
  | 'standing'
  | 'relationships'
  | 'names'

export interface RebuildOptions extends Walk {
  /** Says what would change and writes nothing. */
  readonly dryRun: boolean
  /** Called before the first write. */
  readonly begin: () => Promise<void>
  /** Told what is not as it is derived: a node by its id, a relationship by its ends. */
  readonly found?: (part: DerivedPart, what: readonly string[]) => void
}

/** What deriving the graph anew changed, or would change. */
export interface DerivedAnew {
  readonly links: LinkChanges
  /** Chunks and proposals of which queries saw something else than they say, and proposals of another day than their document. */
  readonly copies: number
  /** Links that are not in the graph, held or rejected ones, of which something else is known now. */
  readonly outside: number
  /** Entities and labels that got another name or other aliases, or that nothing needed any more. */
  readonly entities: number
  /** Chunks that mention other entities, or by other names. */
  readonly mentions: number
  /** Proposals that count now, or do not any more. */
  readonly standing: number
  /** Links of which other things are said now about what they contradict. */
  readonly conflicts: number
  /** Relationships that were missing beside a property of the record, or said something else; links without a record. */
  readonly relationships: number
  /** Entities that the index of names did not have, or had by other names than theirs. It is no part of the graph. */
  readonly names: number
}

/**
 * Derives mentions, links, names and relationships anew from replies, proposals and decisions, page by page: what a
 * page reads is all that is held in memory. Each page is looked at first, and written, under the same locks as anything
 * else that writes, only where something is different; so it may be stopped and run again, beside an ingest and
 * reviewers too.
 */
export async function deriveAnew(
  database: Database,
  derivation: RuledDerivation,
  options: RebuildOptions,
): Promise<DerivedAnew> {
  const { dryRun, begin, found = () => {} } = options
  const sum = {
    links: NO_CHANGES,
    copies: 0,
    outside: 0,
    entities: 0,
    mentions: 0,
    standing: 0,
    conflicts: 0,
    relationships: 0,
    names: 0,
  }
  const write = async (work: (writer: GraphWriter) => Promise<unknown>): Promise<void> => {
    if (dryRun) return
    await begin()
    await database.write(work)
  }
  const addLinks = (changes: LinkChanges): void => {
    sum.links = addChanges(sum.links, changes)
  }
  /** What lacks an end stays in a dry run, and is no further fault where its link or its end is looked at. */
  const lacking = new Set<string>()
  const tell = (lines: readonly GraphRelationship[], isLacking = false): void => {
    const keys = lines.map(({ id, ...line }) => ({ key: keyOf(line), own: `${id} ${keyOf(line)}` }))
    const fresh = keys.filter(({ own }) => !lacking.has(own))
    if (isLacking) for (const { own } of fresh) lacking.add(own)
    sum.relationships += fresh.length
    if (fresh.length > 0)
      found(
        'relationships',
        fresh.map(({ key }) => key),
      )
  }

  // No part of the graph, so a run that does nothing else leaves no trace of itself. Before anything looks a name up.
  await eachStrayKeyPage(database, options, async (strays) => {
    sum.names += strays.length
    found('names', [...new Set(strays.map(({ bearer }) => `index of names, ${bearer}`))])
    if (!dryRun) await database.write((writer) => writer.removeStrayKeys(strays))
  })
  await eachRelationshipPage(database, 'endlessAfter', options, async (endless) => {
    tell(endless, true)
    if (endless.length > 0) await write((writer) => writer.removeRelationships(endless))
  })

  for (const kind of COPYING_KINDS)
    await eachPage(database, kind, options, async (nodes) => {
      const ids = nodes.map((node) => node.id)
      const wrong = await twice(ids, async (some) =>
        (await database.read((reader) => findWrongCopies(reader, kind, some))).map(({ id }) => id),
      )
      if (wrong.length === 0) return
      sum.copies += wrong.length
      found('copies', wrong)
      await write((writer) => copyAnew(writer, kind, wrong))
    })
  await eachPage(database, 'Proposal', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const wrong = await twice(ids, (some) => database.read((reader) => findMisdated(reader, some)))
    if (wrong.length === 0) return
    sum.copies += wrong.length
    await write((writer) => dateAnew(writer, wrong))
  })

  await eachPage(database, 'Proposal', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const wrong = await twice(ids, async (some) =>
      (await database.read((reader) => findWrongStanding(reader, some))).map(({ proposal }) => proposal.id),
    )
    sum.standing += wrong.length
    if (wrong.length > 0) found('standing', wrong)
    if (wrong.length > 0) await write((writer) => standAnew(writer, wrong))
  })

  const putRight = async (plan: (reader: GraphReader) => Promise<JoinPlan>, held: Held): Promise<void> => {
    const isRight = ({ missing, wrong }: JoinPlan): boolean => missing.length + wrong.length === 0
    if (isRight(await database.read(plan))) return
    const sure = await database.read(plan)
    if (isRight(sure)) return
    tell([...sure.missing, ...sure.wrong])
    await write(async (writer) => {
      await writer.lock(held.kind, held.ids, [])
      const { missing, wrong } = await plan(writer)
      await writer.removeRelationships(wrong)
      await writer.putRelationships(missing)
    })
  }
  const joinRight = (kind: NodeKind): Promise<void> =>
    eachPage(database, kind, options, async (nodes) => {
      const ids = nodes.map((node) => node.id)
      await putRight(async (reader) => planJoins(reader, kind, await reader.get(kind, ids)), { kind, ids })
    })
  if (await noteRulesAnew(database, options, write)) {
    sum.standing++
    found('standing', ['rules that people confirmed'])
  }
  // What a decision is about beside its own link is found by these.
  await joinRight('Decision')

  await eachPage(database, 'Proposal', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const former = await twice(ids, async (some) =>
      (await database.read((reader) => findFormer(reader, some))).map(({ proposal }) => proposal.id),
    )
    if (former.length === 0) return
    found('links', former)
    addLinks({ ...NO_CHANGES, changed: former.length })
    await write((writer) => leaveFormer(writer, derivation, former))
  })

  const deriveIds = async (ids: readonly string[]): Promise<void> => {
    const look = () => database.read((reader) => planLinks(reader, derivation, ids, { anew: true }))
    let plan = await look()
    // Beside an ingest a page may be read in the midst of a change: what is found is looked at once more.
    if (differs(plan)) plan = await look()
    if (!differs(plan)) return
    if (dryRun) {
      const waiting = new Set(await database.read(linksUnsettled))
      const others = ids.filter((id) => !waiting.has(id))
      // What is about to be derived is not wrong.
      if (others.length < ids.length) return deriveIds(others)
    }
    found('links', [...new Set([...plan.nodes.map(({ id }) => id), ...plan.stale.flatMap(({ id }) => id ?? [])])])
    sum.outside += plan.nodes.filter(({ id }) => !plan.outcomes.has(id)).length
    if (dryRun) return addLinks(countOutcomes(plan.outcomes))
    await database.prepare([...new Set(plan.relationships.map(({ type }) => type))])
    let changes = NO_CHANGES
    await write(async (writer) => {
      await writer.lock('Link', ids, [])
      changes = countOutcomes(await deriveLinks(writer, derivation, ids, { anew: true }))
      await joinToRecord(
        writer,
        plan.nodes.map((node) => node.id),
      )
    })
    addLinks(changes)
  }
  const joinIds = async (ids: readonly string[]): Promise<void> => {
    const misplaced = await twice(ids, (some) => database.read((reader) => findMisplaced(reader, derivation, some)))
    if (misplaced.length === 0) return
    sum.entities += misplaced.length
    found('entities', misplaced)
    const around = misplaced.map((id) => ({ id: '', one: id, other: id, bond: null }))
    await write((writer) => joinAnew(writer, derivation, around))
  }
  // First what leads nowhere, so that links find their ends.
  await eachPage(database, 'Redirect', options, (nodes) => joinIds(nodes.map(({ id }) => id)))
  await eachPage(database, 'Entity', options, (nodes) =>
    joinIds(nodes.filter(({ properties }) => properties['joined'] != null).map(({ id }) => id)),
  )
  await eachPage(database, 'Link', options, async (links) => {
    const ids = links.filter(({ properties }) => properties['type'] === SAME_AS).map(({ id }) => id)
    if (ids.length > 0) await deriveIds(ids)
    await joinIds(
      links
        .filter(isJoining)
        .flatMap(({ properties }) => [properties['subjectId'], properties['objectId']].map(String)),
    )
  })

  await eachPage(database, 'Chunk', options, async (chunks) => {
    const ids = chunks.map((chunk) => chunk.id)
    const others = await twice(ids, (some) => database.read((reader) => chunksWithOtherMentions(reader, some)))
    sum.mentions += others.length
    if (others.length > 0) found('mentions', others)
    for (const id of others) await write((writer) => mentionAnew(writer, derivation, id))
  })

  await eachRelationshipPage(database, 'linksAfter', options, async (drawn) => {
    const suspects = await database.read((reader) => findStrays(reader, drawn))
    const strays = suspects.length === 0 ? [] : await database.read((reader) => findStrays(reader, suspects))
    tell(strays)
    if (strays.length === 0) return
    await write(async (writer) => {
      await writer.lock('Link', [...new Set(strays.flatMap(({ id }) => id ?? []))], [])
      await writer.removeRelationships(await findStrays(writer, strays))
    })
  })

  // Those that are there may be about others that are not.
  await eachPage(database, 'Proposal', options, async (nodes) => {
    const ids = [...new Set(nodes.map((node) => String(node.properties['linkId'])))]
    const known = new Set((await database.read((reader) => reader.get('Link', ids))).map((node) => node.id))
    const missing = ids.filter((id) => !known.has(id))
    if (missing.length > 0) await deriveIds(missing)
  })
  // Nothing comes of a dry run: what was told is told once.
  const isTold = (link: GraphNode): boolean => dryRun && link.properties['type'] === SAME_AS
  await eachPage(database, 'Link', options, (links) =>
    deriveIds(links.filter((link) => !isTold(link)).map(({ id }) => id)),
  )

  if (!dryRun && !options.signal.aborted) {
    const contested = new Set<string>()
    const changed = ({ before, now }: ConflictChange): void => {
      for (const link of [before, now]) if (link !== null) contested.add(link.subjectId).add(link.objectId)
    }
    await compareMarked(database, derivation, { changed, signal: options.signal })
    if (contested.size > 0) await begin()
    sum.conflicts += contested.size
  }
  // What waits to be compared is not wrong: whoever writes next does it.
  const waits = dryRun && (await database.read(isWaitingToBeCompared))
  if (!waits)
    await eachPage(database, 'Link', options, async (nodes) => {
      const ids = await database.read((reader) => linksToCompare(reader, nodes))
      const wrong = await twice(ids, (some) => database.read((reader) => comparedWrongly(reader, derivation, some)))
      sum.conflicts += wrong.length
      if (wrong.length === 0) return
      found('conflicts', wrong)
      if (dryRun) return
      await begin()
      await compareSome(database, derivation, ids)
    })

  await eachPage(database, 'Entity', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const touched = await twice(ids, (some) => database.read((reader) => entitiesToTidy(reader, derivation, some)))
    sum.entities += touched.length
    if (touched.length > 0) {
      found('entities', touched)
      await write(async (writer) => {
        await writer.lock('Entity', touched, [])
        await tidyEntities(writer, derivation, touched)
      })
    }
    const unfound = await twice(ids, (some) => database.read((reader) => otherNameKeys(reader, derivation, some)))
    sum.names += unfound.length
    if (unfound.length === 0) return
    found('names', unfound)
    // No part of the graph, so a run that does nothing else leaves no trace of itself.
    if (!dryRun) await database.write((writer) => updateNames(writer, derivation, unfound))
  })

  await eachPage(database, 'Label', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const wrong = await twice(ids, (some) => database.read((reader) => wrongLabels(reader, some)))
    sum.entities += wrong.length
    if (wrong.length === 0) return
    found('entities', wrong)
    await write((writer) => labelAnew(writer, wrong))
  })

  for (const kind of JOINED_KINDS) if (kind !== 'Decision') await joinRight(kind)
  await eachPage(database, 'Document', options, async (documents) => {
    for (const { kind, id } of documents) await putRight((reader) => planChunkChain(reader, id), { kind, ids: [id] })
  })
  return sum
}

interface Held {
  readonly kind: NodeKind
  readonly ids: readonly string[]
}

/** What is found is looked at once more, as others may have been in the midst of changing it. */
async function twice(
  ids: readonly string[],
  look: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const suspects = await look(ids)
  return suspects.length === 0 ? [] : look(suspects)
}

/** Of the record of a link: whether it joins its ends. */
function isJoining({ properties }: GraphNode): boolean {
  return properties['bond'] === 'accepted' || properties['bond'] === 'automatic'
}

function differs(plan: LinkPlan): boolean {
  return plan.nodes.length + plan.relationships.length + plan.stale.length > 0
}

async function entitiesToTidy(reader: GraphReader, derivation: Derivation, ids: readonly string[]): Promise<string[]> {
  const there = await reader.get('Entity', ids)
  const redirects = await reader.find('Redirect', 'to', ids)
  const before = new Map([...there, ...redirects].map((node) => [node.id, node]))
  const { gone, named } = await planEntities(
    reader,
    derivation,
    there.map(({ id }) => id),
  )
  const others = named.filter((node) => !sameProperties(before.get(node.id) ?? node, node)).map((node) => node.id)
  return [...gone, ...others].toSorted()
}

/** Joins links whose nodes were put to what was said and decided about them. */
async function joinToRecord(writer: GraphWriter, linkIds: readonly string[]): Promise<void> {
  for (const kind of ['Proposal', 'Decision'] as const) {
    const { missing } = await planJoins(writer, kind, await writer.find(kind, 'linkId', linkIds))
    await writer.putRelationships(missing)
  }
}
