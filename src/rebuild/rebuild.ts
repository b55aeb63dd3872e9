import { monotonicFactory } from 'ulid'
import { NOTHING_RECOVERED, type Journal } from '../extract/journal.ts'
import { summariseAnew } from '../labels/summarise-anew.ts'
import { counted } from '../model/counted.ts'
import { RefusedError } from '../model/errors.ts'
import { rulesOf } from '../model/link-rules.ts'
import type { RuleChange } from '../model/rule-change.ts'
import type { Schema } from '../model/schema.ts'
import type { PriceList } from '../money/price.ts'
import { recoverReplies } from '../asking/recover-replies.ts'
import { readRepliesAgain } from './rebuild-replies.ts'
import type { RepliesAgain } from './replies-again.ts'
import { resolveAnew } from '../resolving/resolve-anew.ts'
import { readChain, verifyChain } from '../review/verify-chain.ts'
import {
  findLostChunks,
  findLostProposals,
  findLostRules,
  findLostSchemas,
  findRedated,
} from '../store/check/find-lost.ts'
import { findLostDecisions } from '../store/check/lost-decisions.ts'
import { addChanges, NO_CHANGES, type LinkChanges } from '../store/derivation.ts'
import type { NameChanges } from '../store/judged.ts'
import { countLeftovers } from '../store/leftovers.ts'
import type { Walk } from '../store/pages.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../tables/tables.ts'
import { forgetLeftovers } from '../taking-in/forget.ts'

const ulid = monotonicFactory()

export interface RebuildOptions {
  /** Parse, ground and align all stored replies again; else start from proposals and decisions. */
  readonly fromReplies: boolean
  /** Says what would change and writes nothing. */
  readonly dryRun: boolean
  /** Also where decisions, chunks or proposals that links rest on are not there, or were altered: they are derived of what is there then. */
  readonly force?: boolean
  /** For replies whose own schema the store does not hold. */
  readonly schema: Schema
  /** Whether whoever runs this chose it for them; else they wait until their own is there again. */
  readonly isSchemaGiven?: boolean
  /** By which all replies are read, whatever they were asked with; absent: each by its own. */
  readonly readBy?: Schema
  /** By whose rules links are compared from now on; absent: by those that the store has in use. */
  readonly ruledBy?: Schema
  readonly journal: Journal
  /** For replies that a run which was broken off had received. */
  readonly prices: PriceList
  /** Freed of what is out of the store, where what forgotten documents left behind is taken out of it. */
  readonly tables: Tables
  readonly progress: (what: string, done: number) => void
}

/** What a rebuild did, or in a dry run would do: the JSON of `rebuild --json`. */
export interface RebuildSummary {
  readonly version: 1
  readonly dryRun: boolean
  /** Stopped before its end; what was done until then stands. */
  readonly interrupted: boolean
  /** Null where proposals and decisions only were looked at. */
  readonly replies: RepliesAgain | null
  /** Rules by which links are compared that are others than before, of types of which there are links. */
  readonly rules: readonly RuleChange[]
  readonly links: LinkChanges
  /** What was said of documents that are not there any more; it is removed. */
  readonly leftovers: number
  /** Chunks and proposals of which queries saw something else than they say, and proposals of another day than their document. */
  readonly copies: number
  /** Links that are not in the graph, held or rejected ones, of which something else is known now. */
  readonly outside: number
  /** Entities that got another name or other aliases, or went. */
  readonly entities: number
  /** Chunks that mention other entities, or by other names. */
  readonly mentions: number
  /** Proposals that count now, or do not any more. */
  readonly standing: number
  /** Links of which other things are said now about what they contradict. */
  readonly conflicts: number
  /** Relationships that were missing or said something else than the record. */
  readonly relationships: number
  /** Entities that the index of names did not have, or by other names. It is no part of the graph, so they are not among the changed. */
  readonly names: number
  /** Documents that have another summary, made by rule of those of their chunks, or of which a reply says something else as it is read now. */
  readonly summaries: number
  /** What became of pairs of names that may be one thing, which are judged anew; null in a dry run, in which they are not. */
  readonly pairs: (Omit<NameChanges, 'crowded'> & { readonly crowded: number }) | null
  /** Replies, links, entities, chunks and relationships that are not what they were. */
  readonly changed: number
}

/**
 * Makes the graph anew from the record, without a model: from proposals and decisions, or from the stored replies. Ids,
 * decisions and revisions stay. The same code changes and writes nothing. Safe to stop anywhere and to run again,
 * beside an ingest and reviewers too.
 * @throws RefusedError where decisions, chunks or proposals that links rest on are missing, or decisions or the dates of documents were altered, or schemas that it needs are not there, unless forced
 */
export async function rebuild(store: Store, options: RebuildOptions, signal: AbortSignal): Promise<RebuildSummary> {
  const { fromReplies, dryRun, schema, readBy, ruledBy, journal, prices, tables, progress } = options
  const run = { id: ulid(), command: 'rebuild', engine: null, model: null, startedAt: new Date().toISOString() }
  let hasBegun = false
  const begin = async (): Promise<void> => {
    if (hasBegun) return
    hasBegun = true
    await store.putRun({ ...run, finishedAt: null, summary: null })
  }
  const walk = { dryRun, begin, progress, signal }
  if (options.force !== true) {
    // Whoever says by which schema is to be read means it.
    const needsSchemas = fromReplies && readBy === undefined && options.isSchemaGiven !== true
    await assertNothingLost(store, { fromReplies, needsSchemas, ruledBy }, walk)
  }
  let replies: RepliesAgain | null = null
  if (fromReplies) {
    const recovered = dryRun ? NOTHING_RECOVERED : await recoverReplies(journal, store, prices)
    const by = { schema, ...(readBy === undefined ? {} : { readBy }) }
    replies = await readRepliesAgain(store, by, { recovered, waiting: dryRun ? journal.waiting() : 0 }, walk)
  }
  const leftovers = countLeftovers(await store.leftovers())
  if (leftovers > 0 && !dryRun) {
    await begin()
    await forgetLeftovers({ store, tables }, run.startedAt)
  }
  const rules = ruledBy === undefined ? [] : await store.useSchemas([ruledBy], { dryRun })
  const derived = await store.deriveAnew(walk)
  const { copies, outside, entities, mentions, standing, conflicts, relationships, names } = derived
  const summaries = await summariseAnew(store, { ...walk, fromReplies, readBy })
  const judged = dryRun ? null : await resolveAnew(store, walk)
  const pairs = judged === null ? null : { ...judged, crowded: judged.crowded.size }
  if (pairs !== null && pairs.links > 0) await begin()
  if (!dryRun) await store.compareLinks({ signal })
  const summary: RebuildSummary = {
    version: 1,
    dryRun,
    interrupted: signal.aborted,
    replies,
    rules,
    links: addChanges(replies?.links ?? NO_CHANGES, derived.links),
    leftovers,
    copies,
    outside,
    entities,
    mentions,
    standing,
    conflicts,
    relationships,
    names,
    summaries,
    pairs,
    changed:
      (replies?.changed ?? 0) +
      leftovers +
      copies +
      derived.links.added +
      derived.links.changed +
      derived.links.removed +
      outside +
      (pairs?.links ?? 0) +
      entities +
      mentions +
      standing +
      conflicts +
      relationships +
      summaries,
  }
  if (hasBegun) await store.putRun({ ...run, finishedAt: new Date().toISOString(), summary: JSON.stringify(summary) })
  return summary
}

/** Of what links rest on, nor altered: else the loss would be final, and nobody would see any more that anything was lost. */
async function assertNothingLost(
  store: Store,
  {
    fromReplies,
    needsSchemas,
    ruledBy,
  }: { readonly fromReplies: boolean; readonly needsSchemas: boolean; readonly ruledBy: Schema | undefined },
  walk: Walk,
): Promise<void> {
  const { database } = store
  const refuse = (code: string, what: string, hint: string): never => {
    throw new RefusedError(code, `${what}; a rebuild would do without. Nothing was changed.`, { hint })
  }
  const given = ruledBy === undefined ? {} : rulesOf([ruledBy], {})
  const losses = [
    ['chunks-missing', 'chunks are missing', findLostChunks, REREAD],
    ['dates-altered', 'the date of a document was altered, or of what it says', findRedated, REDATE],
    ...(needsSchemas
      ? ([['schemas-missing', 'schemas that chunks were read by are missing', findLostSchemas, READ_BY]] as const)
      : []),
    ['rules-missing', 'the rules that links were compared by are missing', findLostRules(given), RULED_BY],
    ...(fromReplies
      ? []
      : ([['proposals-missing', 'proposals are missing', findLostProposals, READ_REPLIES]] as const)),
  ] as const
  for (const [code, what, find, hint] of losses) {
    const [first] = await find(database, walk)
    if (first !== undefined) refuse(code, `${what} (${first.id}: ${first.message})`, hint)
  }
  const lost = await findLostDecisions(database, walk)
  const [first] = lost
  if (first === undefined) {
    const { decisions, head } = await readChain(store)
    const [problem] = verifyChain(decisions, head)
    if (problem !== undefined) refuse('decisions-altered', `the chain of decisions is not whole: ${problem}`, RESTORE)
    return
  }
  const links = new Set(lost.map(({ linkId }) => linkId)).size
  const example = `${first.place === null ? 'one' : `number ${first.place}`} about link ${first.linkId}`
  refuse('decisions-missing', `decisions that ${counted(links, 'link')} came of are missing (${example})`, RESTORE)
}

const FORCE = '--force makes the graph of what is left.'
const RESTORE = `Restore a backup ('whygraph restore FILE'); 'whygraph doctor --deep' says what else is missing. Where there is no backup, ${FORCE}`
const REREAD = `Have 'whygraph ingest' read the file again, or restore a backup; 'whygraph doctor --deep' says what is missing. ${FORCE}`
const REDATE = `Have 'whygraph ingest' read the file again, which dates it as its source does, or restore a backup. ${FORCE}`
const KEEP_AGAIN = `Have 'whygraph ingest' of the same sources keep them again, which asks nothing, or restore a backup. ${FORCE}`
const READ_BY = `${KEEP_AGAIN} --schema FILE has such replies read by that.`
const RULED_BY = `${KEEP_AGAIN} --schema FILE has links compared by the rules of that.`
const READ_REPLIES = `'whygraph rebuild --from replies' makes them anew where the reply and its chunk are whole; else restore a backup. ${FORCE}`
