import type { NamedThing, NameSignatures } from '../../model/name-index.ts'
import type { Context } from './context.ts'
import { type NameForms, readName } from './name-forms.ts'

/** A thing as the resolver sees it: an entity of one document, or one of the graph, with the names it goes by. */
export interface Thing extends NamedThing {
  /** Ids of meetings in which a name of it is a speaker's label. */
  readonly speaksIn?: readonly string[]
  /** What is known of it by the name of the attribute: `email`, `date_of_birth`. Empty values are unknown. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** A thing with its names taken apart. */
export interface ReadThing extends Omit<Thing, 'names'> {
  readonly names: readonly NameForms[]
}

/** Where both names were met: in one document, which uses names for its own readers, or anywhere. */
export type Scope = 'document' | 'corpus'

/** What a rule or guard may look at besides the two names. */
export interface Circumstances {
  readonly scope: Scope
  /** What the document's texts say of pairs of names; empty across documents. */
  readonly context: Context
  /** Pairs of ids that a person has rejected, by `pairOf`. */
  readonly cannot: ReadonlySet<string>
  /** What an embedding model makes of names, where one is configured. */
  readonly signatures?: NameSignatures | undefined
}

/** What one rule found in two names, before guards and rivals. */
export interface Finding {
  readonly rule: string
  /** In 0..1, rounded from the share of right ones in a trial; it ranks, it is no probability. */
  readonly confidence: number
  /** Whether it may join by itself in this scope. */
  readonly joins: boolean
  /** Which of the two leans on the other: its rivals are the others that it may lean on. Null where neither does. */
  readonly short: 'a' | 'b' | null
  readonly why: string
}

/** What speaks against one thing: `veto` forbids, `doubt` leaves a proposal. */
export interface Guard {
  readonly guard: string
  readonly weight: 'veto' | 'doubt'
  readonly why: string
}

/** `join`: exact and safe; `propose`: a person or an engine is asked; null: nothing speaks for it, or a guard forbids. */
export type IdentityVerdict = 'join' | 'propose' | null

/** What is made of a pair. `a` is the lesser id. */
export interface Judgement {
  readonly a: string
  readonly b: string
  readonly verdict: IdentityVerdict
  /** Null where no rule speaks for it. */
  readonly rule: string | null
  /** Id of the one whose name is short for the other's, and may be for others too; null where neither is. */
  readonly short: string | null
  readonly confidence: number
  /** The names that the rule compared, of `a` and of `b`. */
  readonly forms: readonly [string, string]
  readonly guards: readonly Guard[]
  /** Ids of other things that the shorter name may as well mean. */
  readonly rivals: readonly string[]
  /** Nothing speaks against it, but there are more equals than a person would choose among: none is proposed. */
  readonly isCrowded: boolean
  readonly why: string
}

const MOST_NAMES = 12

/** Takes the names apart; of very many forms the first few in alphabetical order, beside its own. */
export function readThing(thing: Thing): ReadThing {
  const [own = '', ...others] = thing.names
  const names = [own, ...[...new Set(others)].filter((name) => name !== own).toSorted()].slice(0, MOST_NAMES)
  return { ...thing, names: names.map((name) => readName(name, thing.type)) }
}
