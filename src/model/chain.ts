import { CHAIN_START, hashDecision, type Decision } from './decision.ts'

/** The end of the chain as it is kept beside the decisions. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

export interface ChainProblem {
  /** Id of a decision; null: the chain as a whole. */
  readonly id: string | null
  readonly message: string
}

type Sealed = Pick<Decision, 'id' | 'sequence' | 'previousHash' | 'hash'>

/**
 * Checks that no decision was altered, left out, slipped in or cut off. Decisions come in whatever order; of those that
 * come before their turn only the hashes are kept.
 */
export class ChainCheck {
  readonly #waiting = new Map<number, Sealed[]>()
  readonly #problems: ChainProblem[] = []
  #count = 0
  #last: Pick<Decision, 'sequence' | 'hash'> = { sequence: 0, hash: CHAIN_START }

  add(decision: Decision): void {
    this.#count++
    const { hash, ...content } = decision
    if (hashDecision(content) !== hash) this.#note(decision.id, 'was altered')
    const { id, sequence, previousHash } = decision
    const sealed = { id, sequence, previousHash, hash }
    this.#waiting.set(sequence, [...(this.#waiting.get(sequence) ?? []), sealed])
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) this.#follow(next)
  }

  /** What is wrong, in words, once all have been added. */
  end(head: ChainHead): readonly ChainProblem[] {
    for (const sealed of [...this.#waiting.values()].flat().toSorted((a, b) => a.sequence - b.sequence)) {
      const expected = this.#last.sequence + 1
      if (sealed.sequence !== expected) this.#note(sealed.id, `is number ${sealed.sequence}, expected ${expected}`)
      this.#follow(sealed)
    }
    if (head.sequence !== this.#count || head.hash !== this.#last.hash) {
      const message = `the chain ends at decision ${head.sequence}, but ${this.#count} decisions are there`
      this.#problems.push({ id: null, message })
    }
    return this.#problems
  }

  #takeNext(): Sealed | undefined {
    const sequence = this.#last.sequence + 1
    const [next, ...others] = this.#waiting.get(sequence) ?? []
    if (others.length > 0) this.#waiting.set(sequence, others)
    else this.#waiting.delete(sequence)
    return next
  }

  #follow({ id, sequence, previousHash, hash }: Sealed): void {
    if (previousHash !== this.#last.hash) this.#note(id, 'does not follow the one before it')
    this.#last = { sequence, hash }
  }

  #note(id: string, what: string): void {
    this.#problems.push({ id, message: `decision ${id} ${what}` })
  }
}
