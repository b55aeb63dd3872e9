/**
 * How many of the chunks that a run looks at may be read by an engine: `share` of all of them, those included that it has
 * read before. So the share holds for what a source has cost in all, whatever was read when; and of what a first run asks
 * for it is no more either, as every chunk is asked about at least once.
 */
export class Shares {
  readonly #most: Readonly<Record<string, number>>
  readonly #read = new Map<string, number>()
  #looked = 0

  constructor(maxShare: Readonly<Record<string, number>>) {
    this.#most = maxShare
  }

  /** A chunk is looked at; `readBy`: engines that have read it as it stands. */
  look(readBy: readonly string[]): void {
    this.#looked++
    for (const engine of readBy) this.#read.set(engine, (this.#read.get(engine) ?? 0) + 1)
  }

  isScarce(engine: string): boolean {
    return Object.hasOwn(this.#most, engine)
  }

  /** Whether there is room for one more chunk, which it takes. */
  take(engine: string): boolean {
    if (this.isScarce(engine) && this.room(engine) === 0) return false
    this.#read.set(engine, (this.#read.get(engine) ?? 0) + 1)
    return true
  }

  get looked(): number {
    return this.#looked
  }

  /** How many more chunks it may read. */
  room(engine: string): number {
    // So that 0.3 of 10 are 3, whatever 0.3 is in binary.
    const most = Math.floor((this.#most[engine] ?? 1) * this.#looked + 1e-9)
    return Math.max(0, most - (this.#read.get(engine) ?? 0))
  }
}
