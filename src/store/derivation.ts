import type { ComparedLink, Comparison, ConflictEffect, Conflicting } from '../model/conflict.ts'
import type { Decision } from '../model/decision.ts'
import type { Bond, Link, LinkEnds } from '../model/link.ts'
import type { LinkRules } from '../model/link-rules.ts'
import type { NamedThing, NameSignatures } from '../model/name-index.ts'
import type { KeptSteps, KeptTrace } from '../model/kept-trace.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { StoredReply } from './reply-records.ts'

/** Names that something goes by. */
export interface Names {
  readonly name: string
  readonly aliases: readonly string[]
}

/** The rules by which links and names come from the record; pure, given by whoever opens the store. */
export interface Derivation {
  readonly materialise: (
    ends: LinkEnds,
    proposals: readonly { proposal: Proposal; live: boolean }[],
    decisions: readonly Decision[],
  ) => Link
  readonly nameEntity: (ownName: string, forms: readonly string[]) => { name: string; aliases: string[] }
  /** What several that are one thing go by together. */
  readonly nameTogether: (named: readonly Names[]) => { name: string; aliases: string[] }
  /** Which ids are one thing: sorted, two or more, by their least id. Of those that are known, the first name is their own. */
  readonly unite: (
    bonds: readonly { readonly id: string; readonly one: string; readonly other: string; readonly bond: Bond }[],
    nameOf: (id: string) => Pick<NamedThing, 'type' | 'names'> | undefined,
  ) => readonly (readonly string[])[]
  /** By what an entity is found in the index of names. */
  readonly nameKeys: (thing: NamedThing) => readonly string[]
  /** What an embedding model makes of names, where one is configured. */
  readonly signatures?: NameSignatures
  /** What the links about a link come to for it. */
  readonly conflictEffect: (id: string, conflicts: readonly Conflicting[]) => ConflictEffect
  /** A link as other links leave it. */
  readonly withConflicts: <T extends Link>(link: T, effect: ConflictEffect) => T
  readonly proposeConflicts: (links: readonly ComparedLink[], comparison: Comparison) => Proposal[]
  /** Absent: {@link KEEP_TRACES}. */
  readonly traces?: TraceKeeping
  /** Told of links that are marked to be compared, before the transaction ends. */
  readonly marked?: (linkIds: readonly string[]) => void
  /** What the schemas in use say of links that cannot hold beside each other; the store reads it. Absent: nothing. */
  readonly rules?: LinkRules
}

/** How much of traces a store keeps. */
export interface TraceKeeping {
  /** What a reply says, with as much of the steps of each link as is kept. */
  readonly capSteps: (reply: Reply, proposals: readonly Proposal[]) => readonly Proposal[]
  /** What is left of its trace beside that; null where all is kept that is there. */
  readonly cutTrace: (
    reply: Reply,
    proposals: readonly Proposal[],
  ) => { readonly trace: KeptTrace; readonly steps: KeptSteps } | null
  /** Of replies about links that were not taken, as others were in their place, all is kept. */
  readonly keepsUntaken: boolean
  /** Long traces and answers are packed. */
  readonly compress: boolean
  /** Whether nothing more is to be made of a stored reply, so that it is cut; `isRead`: some reply about its chunk counts. */
  readonly isOver: (reply: Pick<StoredReply, 'taken' | 'replacedBy' | 'purpose'>, isRead: boolean) => boolean
}

export const KEEP_TRACES: TraceKeeping = {
  capSteps: (_, proposals) => proposals,
  cutTrace: () => null,
  keepsUntaken: true,
  compress: true,
  isOver: ({ taken }) => taken,
}

export const NO_RULES: LinkRules = {}

/** What deriving changed, for counting: links by what became of them. */
export interface LinkChanges {
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** What became of a link as a relationship of the graph. */
export type LinkOutcome = keyof LinkChanges

export const NO_CHANGES: LinkChanges = { added: 0, changed: 0, removed: 0 }

export function addChanges(a: LinkChanges, b: LinkChanges): LinkChanges {
  return { added: a.added + b.added, changed: a.changed + b.changed, removed: a.removed + b.removed }
}

export function countOutcomes(outcomes: ReadonlyMap<string, LinkOutcome>): LinkChanges {
  const changes = { ...NO_CHANGES }
  for (const outcome of outcomes.values()) changes[outcome]++
  return changes
}
