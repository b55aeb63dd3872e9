import type { OutsideType } from '../extract/outside.ts'

/** Counts what was said in types that the schema does not name. */
export class OutsideTally {
  readonly #types = new Map<string, OutsideType>()

  add(found: readonly OutsideType[]): void {
    for (const one of found) {
      const key = `${one.kind} ${one.fate} ${one.type}`
      this.#types.set(key, { ...one, links: (this.#types.get(key)?.links ?? 0) + one.links })
    }
  }

  /** The most frequent first; absent where there is none. */
  summary(): { readonly outside?: readonly OutsideType[] } {
    const all = [...this.#types.values()].toSorted((a, b) => b.links - a.links || (a.type < b.type ? -1 : 1))
    return all.length === 0 ? {} : { outside: all }
  }
}
