import type { Link } from './link.ts'
import type { LinkRules, Rivals } from './link-rules.ts'
import type { Proposal } from './proposal.ts'

/** Between links: both cannot hold; it has no direction, the subject is the one with the lesser id. */
export const CONTRADICTS = 'CONTRADICTS'

/** Between links: the later one takes the place of the earlier one, or takes it back. */
export const SUPERSEDES = 'SUPERSEDES'

/** Link types of which both ends are links. */
export const CONFLICT_TYPES: readonly string[] = [CONTRADICTS, SUPERSEDES]

/** As engine and model of what our rules say of two links. The number is to grow when other conflicts come out. */
export const CONFLICT_ENGINE = 'contradiction'
export const CONFLICT_MODEL = 'rules 1'

/** The same, where a person decided about links for which others stand: these are what is said of the others. */
export const MERGED_CONFLICT_MODEL = `${CONFLICT_MODEL}, of merged links`

/** What other links come to for a link that they contradict or supersede. */
export interface ConflictEffect {
  /** Links that it contradicts, none of which has given way yet; sorted. It itself: sources deny it. */
  readonly conflictsWith: readonly string[]
  /** The link that has taken its place (itself: a denial has), and the first day on which it does not hold any more. */
  readonly superseded: { readonly by: string; readonly on: string } | null
}

export const NO_CONFLICT: ConflictEffect = { conflictsWith: [], superseded: null }

/** A link between two links, and whether that at its other end is in the graph. */
export interface Conflicting {
  readonly link: Link
  readonly otherStands: boolean
}

/** A link as its own proposals and decisions make it, with the names of its ends and what speaks of it. */
export interface ComparedLink {
  readonly link: Link & { readonly subject: string; readonly object: string }
  /** Those that count. */
  readonly live: readonly Proposal[]
}

/** What is to be compared of some links. */
export interface Comparison {
  readonly rules: LinkRules
  /** Whether all links that share a slot are given: only those are held against each other. */
  readonly isWhole: (side: keyof Rivals, slot: string) => boolean
  /** Whether a link is to be held against what denies it. */
  readonly isAsked: (id: string) => boolean
  /** Whether a person said that two links do not contradict each other. */
  readonly isRefused: (one: string, other: string) => boolean
}
