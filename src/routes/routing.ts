import type { RouteTaken } from '../model/reply.ts'
import type { JudgedMark } from '../model/done-mark.ts'
import { contentId } from '../model/ids.ts'
import { allHold, describeConditions, measured, type Conditions } from './conditions.ts'
import type { ChunkFeatures } from './features.ts'
import type { ReplyFeatures } from './reply-features.ts'

/** Which of the named engines reads a chunk: rules in order, of which the first that holds counts. */
export interface Routing {
  /** Over the chunk, before anybody is asked. Two engines of a rule both read it. */
  readonly rules: readonly { readonly when: Conditions<ChunkFeatures>; readonly use: readonly string[] }[]
  /** Where no rule holds, or whoever it names has no room. */
  readonly default: readonly string[]
  /** Over the first reply: who reads the chunk once more. */
  readonly after: readonly { readonly when: Conditions<ReplyFeatures>; readonly use: string }[]
  /** Of the chunks that an ingest looks at, how many may be read by an engine, as a share from 0 to 1. */
  readonly maxShare: Readonly<Record<string, number>>
  /** Whether the later engine's reading takes the place of the first one's, or both count. */
  readonly keep: 'last' | 'both'
}

/** Names of all engines that may be asked. */
export function enginesOf({ rules, after, default: usual }: Routing): string[] {
  return [...new Set([...usual, ...rules.flatMap(({ use }) => use), ...after.map(({ use }) => use)])]
}

/** Who is to read a chunk, and why. */
export interface Decision extends Omit<RouteTaken, 'engine'> {
  readonly use: readonly string[]
  /** Of a chunk that was sent on, place of the rule among those over first replies, from 0. */
  readonly sentBy?: number
}

/** `noRoom`: engines that are passed over, since their share is used up; the first of them is told as `keptFrom`. */
export function decideFirst(routing: Routing, features: ChunkFeatures, noRoom: ReadonlySet<string>): Decision {
  let keptFrom: string | undefined
  for (const { when, use } of routing.rules) {
    if (!allHold(when, features)) continue
    const full = use.find((one) => noRoom.has(one))
    if (full === undefined) return decision(use, describeConditions(when), measured(when, features), keptFrom)
    keptFrom ??= full
  }
  return decision(routing.default, 'default', [], keptFrom)
}

function decision(
  use: readonly string[],
  rule: string,
  because: readonly string[],
  keptFrom: string | undefined,
): Decision {
  return { use, rule, because, ...(keptFrom === undefined ? {} : { keptFrom }) }
}

/** Null: the first reply is the chunk's reading. `ids`: of first replies. */
export function decideAfter(
  routing: Routing,
  features: ReplyFeatures,
  first: readonly string[],
  ids: readonly string[],
): Decision | null {
  const sentBy = routing.after.findIndex(({ when, use }) => !first.includes(use) && allHold(when, features))
  const decision = sentOn(routing, sentBy)
  if (decision === null) return null
  return { ...decision, because: measured(routing.after[sentBy]?.when ?? [], features), after: ids }
}

/** Who reads a chunk that was sent on by a rule over first replies; null: there is no such rule. */
export function sentOn({ after }: Routing, sentBy: number): Decision | null {
  const rule = after[sentBy]
  if (rule === undefined) return null
  return { use: [rule.use], rule: `after: ${describeConditions(rule.when)}`, because: [], sentBy }
}

/**
 * What a chunk is marked with beside its fingerprint, once its first reply was judged: with the same mark it is not judged
 * again, whoever reads it in the end. Null where nothing is judged.
 */
export function judgedMark(
  routing: Routing,
  first: readonly string[],
  fingerprints: ReadonlyMap<string, string>,
): string | null {
  if (routing.after.length === 0) return null
  const rules = routing.after.flatMap(({ when, use }) => [describeConditions(when), fingerprints.get(use) ?? ''])
  return contentId('judged', ...first.map((name) => fingerprints.get(name) ?? ''), '', ...rules)
}

/** What follows from rules having chosen who reads a chunk. */
export interface Routed {
  readonly taken: RouteTaken
  /** What the chunk is marked with beside its fingerprint, see {@link judgedMark}; null: only who has read it counts. */
  readonly judged: JudgedMark | null
  /** Fingerprints of the readings whose place this one takes. */
  readonly replaces: readonly string[]
}
