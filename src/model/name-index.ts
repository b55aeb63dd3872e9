/** An entity with all names that it goes by. */
export interface NamedThing {
  /** The entity's id. */
  readonly id: string
  readonly type: string
  /** All known forms; the first is its own name. */
  readonly names: readonly string[]
}

/** Who bears a key. Of a key that more than {@link MOST_IN_POSTING} bear, `things` is empty: `count` is larger then. */
export interface Posting {
  readonly things: readonly NamedThing[]
  readonly count: number
}

/**
 * Finds entities of the graph by exact keys of their names, as a B-tree does: never by scanning. Postings are capped,
 * so that a look-up costs the same in a large graph as in a small one.
 */
export interface NameIndex {
  /** Keys that nobody bears are left out. */
  lookUp(keys: readonly string[]): Promise<ReadonlyMap<string, Posting>>
}

/** A key that more bear says too little to look at them. `count` need not go further than one more. */
export const MOST_IN_POSTING = 40

/** What is known of names from an embedding model. */
export interface NameSignatures {
  /** For people. */
  readonly model: string
  /** The least cosine, by estimate, from which on two names are proposed: models differ in what is alike for them. */
  readonly least: number
  /** The bits of a name; null where nobody asked about it. */
  of(name: string): Uint8Array | null
}
