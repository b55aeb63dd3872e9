import { ChainCheck } from '../../model/chain.ts'
import type { Decision } from '../../model/decision.ts'
import { WhygraphError } from '../../model/errors.ts'
import type { Database, GraphReader, NodeKind } from '../database.ts'
import type { RuledDerivation } from '../compare-marked.ts'
import { eachPage, type Walk } from '../pages.ts'
import { deriveAnew, type DerivedPart } from '../rebuild.ts'
import { findLeftovers } from '../leftovers.ts'
import { readDecision } from '../records.ts'
import { CheckTally, type CheckResult } from './checks.ts'
import { findLostDecisions } from './lost-decisions.ts'
import { INSPECTIONS, type Finding, type Inspect } from './record.ts'

/**
 * Checks the invariants of a whole store, page by page, and writes nothing: that the record is whole and unaltered, and
 * that all that is derived is what a rebuild would derive. What seems wrong is looked at twice, so that others may write
 * meanwhile. The signal stops it; what was found until then is told.
 */
export async function checkStore(
  database: Database,
  derivation: RuledDerivation,
  chainHead: () => Promise<{ sequence: number; hash: string }>,
  options: Walk,
): Promise<CheckResult[]> {
  const tally = new CheckTally()
  const { signal } = options
  const files = await database.checkFiles(signal)
  if (files !== null) tally.looked('files', 1)
  for (const message of files ?? []) tally.wrong('files', 'file', message)

  for (const { kind, checks, inspect } of INSPECTIONS)
    await eachPage(database, kind, options, async (nodes) => {
      const look = (ids: readonly string[]): Promise<Finding[]> => inspectEach(database, kind, inspect, ids)
      const suspects = await look(nodes.map((node) => node.id))
      const sure = suspects.length === 0 ? [] : await look([...new Set(suspects.map(({ id }) => id))])
      for (const check of ['unreadable', ...checks] as const) tally.looked(check, nodes.length)
      if (kind === 'Reply' || kind === 'Proposal') tally.looked('leftovers', nodes.length)
      for (const { check, id, message } of sure) {
        tally.wrong(check, id, message)
        if (kind === 'Link' || kind === 'Document' || check === 'lost') tally.lost(id)
      }
    })
  if (!signal.aborted) await checkLeftovers(database, tally)
  await checkDecisions(database, chainHead, tally, options)
  // What is derived from records of which some cannot be read, nobody can tell.
  if (tally.isUnreadable) return tally.results()

  const done = new Map<string, number>()
  await deriveAnew(database, derivation, {
    dryRun: true,
    begin: async () => {},
    signal,
    found: (part, whats) => {
      for (const what of whats) tally.wrong(part, what, OTHERWISE[part])
    },
    progress: (what, number) => {
      options.progress(what, number)
      done.set(what, Math.max(done.get(what) ?? 0, number))
    },
  })
  for (const [part, what] of LOOKED_AT) tally.looked(part, done.get(what) ?? 0)
  return tally.results()
}

/** What a check of something derived looks at, as progress names it. */
const LOOKED_AT: readonly (readonly [DerivedPart, string])[] = [
  ['copies', 'proposal'],
  ['links', 'link'],
  ['conflicts', 'link'],
  ['standing', 'proposal'],
  ['mentions', 'chunk'],
  ['entities', 'entity'],
  ['relationships', 'relationship'],
  ['names', 'entity'],
]

/** One that cannot be read is told by itself, and those that are read beside it too. */
async function inspectEach(
  database: Database,
  kind: NodeKind,
  inspect: Inspect,
  ids: readonly string[],
): Promise<Finding[]> {
  try {
    return await database.read(async (reader) => inspect(reader, await reader.get(kind, ids)))
  } catch (error) {
    if (error instanceof WhygraphError) throw error
    const [id = ''] = ids
    if (ids.length > 1) {
      const halves = [ids.slice(0, ids.length >> 1), ids.slice(ids.length >> 1)]
      return (await Promise.all(halves.map((half) => inspectEach(database, kind, inspect, half)))).flat()
    }
    const message = `${kind.toLowerCase()} cannot be read, or what it belongs to: ${error instanceof Error ? error.message : ''}`
    return [{ check: 'unreadable', id, message }]
  }
}

const OTHERWISE: Readonly<Record<DerivedPart, string>> = {
  copies: 'shows something else to queries than it says',
  links: 'is not what its proposals and decisions come to',
  conflicts: 'contradicts others than the record says',
  standing: 'counts though its reply does not, or the other way round',
  mentions: 'mentions other entities than its replies name, or by other names',
  entities: 'has other names than its mentions, or is needed by nothing',
  relationships: 'is missing, lacks an end, or is not what the record says',
  names: 'is not found by the names that it goes by, or by others, or is not there any more',
}

async function checkLeftovers(database: Database, tally: CheckTally): Promise<void> {
  const { said, nameless } = await database.read(findLeftovers)
  for (const id of said) tally.wrong('leftovers', id, 'is about a document that is not there')
  for (const id of nameless)
    tally.wrong('leftovers', id, 'is about a chunk that is not there, of nobody knows which document')
}

async function checkDecisions(
  database: Database,
  chainHead: () => Promise<{ sequence: number; hash: string }>,
  tally: CheckTally,
  options: Walk,
): Promise<void> {
  const chain = new ChainCheck()
  // What is decided while the others are read, behind the end as it was, is for the next time.
  const end = await chainHead()
  const late: Decision[] = []
  await eachPage(database, 'Decision', options, async (nodes) => {
    const decisions = nodes.map(readDecision)
    for (const decision of decisions) {
      if (decision.sequence <= end.sequence) chain.add(decision)
      else late.push(decision)
    }
    tally.looked('decisions', nodes.length)
    const lost = await database.read((reader) => withoutLink(reader, decisions))
    for (const { id, linkId } of lost) tally.wrong('decisions', id, `is about link ${linkId}, which is not there`)
  })
  // Of a part of the chain nothing can be said.
  if (options.signal.aborted) return
  for (const { linkId, place } of await findLostDecisions(database, options)) {
    const what =
      place === null ? 'was decided about, and no decision is there' : `rests on decision ${place}, which is not there`
    tally.wrong('decisions', linkId, what)
    tally.lost(linkId)
  }
  for (const { id, message } of chain.end(end)) tally.wrong('decisions', id ?? 'chain', message)
  const { sequence } = await chainHead()
  for (const decision of late)
    if (decision.sequence > sequence)
      tally.wrong('decisions', decision.id, `is number ${decision.sequence}, but the chain ends at ${sequence}`)
}

async function withoutLink(reader: GraphReader, decisions: readonly Decision[]): Promise<Decision[]> {
  const ids = [...new Set(decisions.map((decision) => decision.linkId))]
  const proposed = await reader.find('Proposal', 'linkId', ids)
  // A link of which there are proposals is made again by a rebuild.
  const there = new Set([
    ...(await reader.get('Link', ids, ['id'])).map((node) => node.id),
    ...proposed.map((node) => String(node.properties['linkId'])),
  ])
  return decisions.filter(({ linkId }) => !there.has(linkId))
}
