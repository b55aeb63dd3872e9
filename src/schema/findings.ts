import type { LinkStatus } from '../model/link.ts'

/**
 * What a schema and a graph have against each other. `ends`: links between entities that it does not let them go between.
 * `former-name`: links of a type that it has as another name of one. `outside`: links of a type, or with an end of one,
 * that it does not name. `conflict`: links of which one only holds at a time. `rules`: the store compares links by
 * other rules than its. `remark`: what it says that may be meant, and seldom is. `unused`: what it has and nothing is of.
 */
export type FindingCode = 'ends' | 'former-name' | 'outside' | 'conflict' | 'rules' | 'remark' | 'unused'

export interface Finding {
  readonly code: FindingCode
  /** Something in the graph is not as the schema says. Else it is only told. */
  readonly breaks: boolean
  /** What of the schema, or which type beside it. */
  readonly what: string
  readonly message: string
  /** Links of the graph, and such as are held back already. */
  readonly inGraph: number
  readonly held: number
  /** The first of them by id. */
  readonly examples: readonly ExampleLink[]
  readonly remedy: string
}

export interface ExampleLink {
  readonly id: string
  readonly status: LinkStatus
  readonly subject: string
  readonly type: string
  readonly object: string
}

/** So many examples of each are kept. */
const MOST_EXAMPLES = 5

type Saying = Pick<Finding, 'code' | 'what' | 'message' | 'remedy'> & { readonly isFault: boolean }

/** Counts what is found, by what it says; links must be added in the order of their ids. */
export class Findings {
  readonly #found = new Map<string, { saying: Saying; inGraph: number; held: number; examples: ExampleLink[] }>()

  /** A link that is in the graph, or `held` back. */
  link(saying: Saying, { id, status, subject, type, object }: ExampleLink): void {
    const found = this.#at(saying)
    if (status === 'held') found.held++
    else found.inGraph++
    if (found.examples.length < MOST_EXAMPLES) found.examples.push({ id, status, subject, type, object })
  }

  /** What is no single link's. */
  tell(saying: Saying): void {
    this.#at(saying)
  }

  /** What breaks the schema first, then by how much there is of it. */
  all(): Finding[] {
    return [...this.#found.values()]
      .map(({ saying: { isFault, ...said }, ...found }): Finding => {
        const isOfLinks = found.inGraph + found.held > 0
        // What is held back breaks nothing: it waits for a person.
        return { ...said, breaks: isFault && (found.inGraph > 0 || !isOfLinks), ...found }
      })
      .toSorted(
        (a, b) =>
          Number(b.breaks) - Number(a.breaks) ||
          ORDER.indexOf(a.code) - ORDER.indexOf(b.code) ||
          b.inGraph + b.held - a.inGraph - a.held ||
          (a.what < b.what ? -1 : 1),
      )
  }

  #at(saying: Saying) {
    const key = `${saying.code} ${saying.message}`
    const before = this.#found.get(key)
    if (before !== undefined) return before
    const found = { saying, inGraph: 0, held: 0, examples: [] }
    this.#found.set(key, found)
    return found
  }
}

const ORDER: readonly FindingCode[] = ['ends', 'former-name', 'outside', 'conflict', 'rules', 'remark', 'unused']
