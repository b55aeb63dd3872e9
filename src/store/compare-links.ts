import { CONFLICT_ENGINE, CONTRADICTS, MERGED_CONFLICT_MODEL } from '../model/conflict.ts'
import { endsOf } from '../model/link.ts'
import { slotsOf, type LinkRules, type Rivals } from '../model/link-rules.ts'
import { besideDecided } from './beside-decided.ts'
import { findConflictLinks, findConflictsNow } from './conflict-effects.ts'
import type { GraphReader, GraphWriter } from './database.ts'
import { NO_RULES, type Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { gatherLinks } from './gather-links.ts'
import { matchById, readLinks } from './links.ts'
import { standTogether } from './plan-links.ts'
import { sameProperties } from './same-properties.ts'
import {
  drawnEnds,
  proposalNode,
  readDecision,
  readProposal,
  UNCOMPARED,
  type StoredLink,
  type StoredProposal,
} from './records.ts'
import { proposes, retireProposals } from './replies.ts'

/** A type of which one thing has more values than this is not single-valued, whatever the schema says. */
const MOST_RIVALS = 100

/** What is to be written so that proposals say what some links contradict. */
export interface ComparePlan {
  /** Those that were to be compared and are there. */
  readonly compared: readonly string[]
  readonly put: readonly StoredProposal[]
  /** Ids of proposals that do not come out any more; retired where somebody decided about their link. */
  readonly removed: readonly string[]
  readonly retired: readonly StoredProposal[]
  /** What those are held against already, on which they may bear otherwise now although nothing new is said of them. */
  readonly bearsOn: readonly string[]
  /** Links between links of which a proposal changes. */
  readonly conflicts: readonly string[]
  /** What has more values than can be compared, as slots of `link-rules.ts`. */
  readonly crowded: readonly string[]
}

type Side = keyof Rivals
const SIDES: readonly Side[] = ['rivalsFrom', 'rivalsTo']

/**
 * Holds links against their rivals, those that share what only one may have, and against what denies them. A function of
 * what there is of all of them, so that it does not matter which came last. Writes nothing.
 */
export async function planComparing(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
): Promise<ComparePlan> {
  const { rules = NO_RULES } = derivation
  const asked = (await readLinks(reader, ids)).filter(({ betweenLinks }) => betweenLinks !== true)
  const { whole, rivals, crowded } = await findRivals(reader, rules, asked)
  const links = new Map([...rivals, ...asked].map((link) => [link.id, link]))
  const own = new Set(ids)

  const conflicts = await findConflictsNow(reader, [...links.values()])
  const born = await findConflictLinks(reader, [...new Set([...links.keys(), ...ids])])
  const known = [...born, ...conflicts.map(({ now: link }) => link)].filter(({ subjectId, objectId }) => {
    if (own.has(subjectId) || own.has(objectId)) return true
    const ends = [links.get(subjectId), links.get(objectId)]
    // What others of the same slot say to each other may have changed with what stands between them.
    return subjectId !== objectId && ends.every((end) => end !== undefined && isWithin(end, rules, whole))
  })
  const rejected = conflicts.filter((one) => one.now.status === 'rejected')
  const now = new Set(asked.map(({ id, into }) => into ?? id))
  const bearsOn = conflicts
    .map(({ now: { subjectId, objectId } }) => [subjectId, objectId])
    .filter((ends) => ends.some((id) => now.has(id)))
    .flat()
  // What was said of a link that another stands for now is said of that one.
  const refused = new Set(
    rejected
      .filter((one) => one.said.type === CONTRADICTS || pairOf(one.said) !== pairOf(one.now))
      .map((one) => pairOf(one.now)),
  )
  const compared = await baseOf(reader, derivation, [...links.values()])
  const found = derivation.proposeConflicts(compared, {
    rules,
    isWhole: (side, slot) => whole[side].has(slot),
    isAsked: (id) => own.has(id),
    isRefused: (one, other) => refused.has(pairOf({ subjectId: one, objectId: other })),
  })
  const wanted = new Map(
    besideDecided(found, conflicts).map((proposal) => {
      return [proposal.id, { proposal, linkId: endsOf(proposal).id, live: true }] as const
    }),
  )
  return {
    ...(await difference(reader, known, wanted)),
    compared: asked.map(({ id }) => id),
    bearsOn: [...new Set(bearsOn)],
    crowded,
  }
}

/** A link between links, as the record had it and as it has it now; null: not at all. */
export interface ConflictChange {
  readonly before: StoredLink | null
  readonly now: StoredLink | null
}

/** Puts what the plan says, inside one transaction, and derives the links between links and those at their ends. */
export async function compareLinks(
  writer: GraphWriter,
  derivation: Derivation,
  ids: readonly string[],
): Promise<{ readonly crowded: readonly string[]; readonly changes: readonly ConflictChange[] }> {
  const { plan, held } = await planHolding(writer, derivation, ids)
  const before = await readLinks(writer, held)
  await writer.removeNodes('Proposal', plan.removed)
  await retireProposals(writer, plan.retired)
  await writer.putNodes(plan.put.map(proposalNode))
  await deriveLinks(writer, derivation, held, { marks: false })
  await writer.putRelationships(plan.put.map(proposes))
  const affected = [...new Set([...plan.compared, ...plan.bearsOn])]
  await deriveLinks(writer, derivation, affected, { effects: 'anew', marks: false })
  await writer.patchNodes(
    'Link',
    ids.map((id) => ({ id, properties: { [UNCOMPARED]: null } })),
  )
  return { crowded: plan.crowded, changes: matchById(before, await readLinks(writer, held)) }
}

/**
 * Plans anew until all is held that the plan changes or rests on: whoever decides about one of two links meanwhile would
 * find nothing said of them yet, and what is said then would have come too late for that decision. Returns also the links
 * between links that any of these plans would have changed.
 */
async function planHolding(
  writer: GraphWriter,
  derivation: Derivation,
  ids: readonly string[],
): Promise<{ readonly plan: ComparePlan; readonly held: readonly string[] }> {
  const locked = new Set<string>()
  const held = new Set<string>()
  const hold = async (some: readonly string[]): Promise<void> => {
    await writer.lock('Link', some, [])
    for (const id of some) locked.add(id)
  }
  await hold([...ids].toSorted())
  for (;;) {
    const plan = await planComparing(writer, derivation, ids)
    for (const id of plan.conflicts) held.add(id)
    const ends = plan.put.flatMap(({ proposal }) => [proposal.subject.link ?? [], proposal.object.link ?? []].flat())
    const missing = [...plan.conflicts, ...plan.bearsOn, ...ends].filter((id) => !locked.has(id))
    if (missing.length === 0) return { plan, held: [...held] }
    await hold([...new Set(missing)].toSorted())
  }
}

interface RivalsFound {
  readonly rivals: readonly StoredLink[]
  /** Slots of which all links were found. */
  readonly whole: Readonly<Record<Side, ReadonlySet<string>>>
  readonly crowded: readonly string[]
}

async function findRivals(reader: GraphReader, rules: LinkRules, links: readonly StoredLink[]): Promise<RivalsFound> {
  const whole = { rivalsFrom: new Set<string>(), rivalsTo: new Set<string>() }
  const slots = links.map((link) => slotsOf(drawnEnds(link), rules))
  const wanted = [...new Set(slots.flatMap((own) => [...own.rivalsFrom, ...own.rivalsTo]))]
  const isEither = (slot: string): boolean => rules[slot.slice(0, slot.indexOf(' '))]?.single === 'either'
  const crowded: string[] = []
  const rivals: StoredLink[] = []
  for (const side of SIDES) {
    const values = wanted.filter((slot) => isEither(slot) || slots.some((own) => own[side].includes(slot)))
    const nodes = values.length === 0 ? [] : await reader.findEach('Link', side, values, MOST_RIVALS + 1)
    const bySlot = Map.groupBy(nodes, ({ properties }) => String(properties[side]))
    for (const slot of values) {
      const found = bySlot.get(slot) ?? []
      if (found.length > MOST_RIVALS) crowded.push(slot)
      else whole[side].add(slot)
    }
    rivals.push(
      ...(await readLinks(
        reader,
        nodes.map(({ id }) => id),
      )),
    )
  }
  for (const slot of crowded) for (const side of SIDES) if (isEither(slot)) whole[side].delete(slot)
  return { rivals, whole, crowded: [...new Set(crowded)] }
}

/** Whether all that a link could contradict was looked up. */
function isWithin(link: StoredLink, rules: LinkRules, whole: RivalsFound['whole']): boolean {
  const slots = slotsOf(drawnEnds(link), rules)
  return SIDES.some((side) => slots[side].some((slot) => whole[side].has(slot)))
}

/** Links as proposals and decisions make them, before others come in, between the entities that stand for their ends. */
async function baseOf(reader: GraphReader, derivation: Derivation, links: readonly StoredLink[]) {
  const ids = new Set(links.map(({ id }) => id))
  const gathered = await gatherLinks(reader, [...ids], {})
  return standTogether(derivation, gathered.links)
    .filter(({ link }) => ids.has(link.id))
    .map(({ link, counting }) => ({ link: { ...link, ...drawnEnds(link) }, live: counting }))
}

async function difference(
  reader: GraphReader,
  known: readonly StoredLink[],
  wanted: ReadonlyMap<string, StoredProposal>,
): Promise<Omit<ComparePlan, 'compared' | 'bearsOn' | 'crowded'>> {
  const about = [...new Set([...known.map(({ id }) => id), ...[...wanted.values()].map(({ linkId }) => linkId)])]
  const nodes = await reader.find('Proposal', 'linkId', about)
  const before = new Map(nodes.map((node) => [node.id, node]))
  const put = [...wanted.values()].filter((stored) => {
    const old = before.get(stored.proposal.id)
    return old === undefined || !sameProperties(old, proposalNode(stored))
  })
  const left = nodes.map(readProposal).filter(({ proposal: { id, engine } }) => {
    return engine === CONFLICT_ENGINE && !wanted.has(id)
  })
  const decided = new Set(
    (await reader.find('Decision', 'linkId', about)).map(readDecision).map(({ linkId }) => linkId),
  )
  // What is said of those that stand for its ends is no word about a link itself.
  const stays = ({ linkId, proposal }: StoredProposal): boolean =>
    decided.has(linkId) && proposal.model !== MERGED_CONFLICT_MODEL
  const [retired, removed] = [left.filter((one) => one.live && stays(one)), left.filter((one) => !stays(one))]
  const spoken = new Set([...nodes.map(({ properties }) => String(properties['linkId'])), ...decided])
  return {
    put,
    retired,
    removed: removed.map(({ proposal }) => proposal.id),
    conflicts: [
      ...new Set([
        ...[...put, ...retired, ...removed].map(({ linkId }) => linkId),
        // What is left of one of which nothing speaks any more.
        ...known.filter(({ id }) => !spoken.has(id)).map(({ id }) => id),
      ]),
    ],
  }
}

function pairOf({ subjectId, objectId }: Pick<StoredLink, 'subjectId' | 'objectId'>): string {
  return [subjectId, objectId].toSorted().join(' ')
}
