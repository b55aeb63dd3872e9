import { wilson, type Interval95 } from '../../review/stats/wilson.ts'
import type { TraceFacts } from './trace-facts.ts'

/** A reply with what its trace is like and what came of it. */
export interface StudiedReply {
  readonly id: string
  /** What it is counted under: its engine, model, prompt, or the kind of its document. */
  readonly group: string
  /** Null: it came without a trace of a model, or that is not kept whole. */
  readonly facts: TraceFacts | null
  readonly isCut: boolean
  /** Links in its answer that came to nothing: they break the contract, or say again what one before them says. */
  readonly refused: number
  readonly links: readonly StudiedLink[]
}

/** A link that a reply proposes. */
export interface StudiedLink {
  /** What the steps say that were found for it. Zero steps: none was. */
  readonly steps: number
  readonly hedges: boolean
  readonly turns: boolean
  /** What a person decided; null: nobody has. */
  readonly accepted: boolean | null
}

export interface Group {
  readonly group: string
  readonly replies: number
  /** Those whose trace was studied; the others came without one, or it was cut. All below is of these. */
  readonly studied: number
  readonly cut: number
  readonly characters: number
  readonly steps: number
  readonly idle: number
  readonly again: number
  /** Replies whose trace goes round in circles. */
  readonly looping: number
  /** Steps of traces in a language whose words of doubt are known; hedges and turns are of these. */
  readonly readable: number
  readonly hedges: number
  readonly turns: number
  /** Units that say anything, by the half of their chunk, and those never looked at. */
  readonly units: readonly [first: number, second: number]
  readonly unread: readonly [first: number, second: number]
  readonly links: number
  readonly refused: number
  readonly withoutStep: number
  readonly decided: number
  readonly accepted: number
}

/** Traces of like length: from so many characters on, up to the next. */
export interface LengthClass extends Pick<Group, 'links' | 'refused' | 'decided' | 'accepted'> {
  readonly from: number
  readonly replies: number
}

/** How often links were accepted whose trace is like this, and the others; null where nobody decided about any. */
export interface Contrast {
  readonly trait: Trait
  readonly with: (Interval95 & Decided) | null
  readonly without: (Interval95 & Decided) | null
}

interface Decided {
  readonly decided: number
  readonly accepted: number
}

/** Of the reply that a link is from: its trace loops. Of the link's own steps: there are none, or they doubt, or turn. */
export type Trait = 'loops' | 'hedges' | 'turns' | 'no step'
const TRAITS: readonly Trait[] = ['loops', 'hedges', 'turns', 'no step']

/** A reply of which little came, for people to look at. */
export interface Worst {
  readonly id: string
  readonly group: string
  /** Shares of its steps that no link needs and that say again what was said, and of its units never looked at; in sum. */
  readonly waste: number
  readonly characters: number
  readonly links: number
  readonly idle: number
  readonly again: number
  readonly steps: number
  readonly loops: number
  /** Numbers of the units never looked at. */
  readonly unread: readonly number[]
}

export interface TraceStatistics {
  readonly groups: readonly Group[]
  readonly total: Group
  readonly lengths: readonly LengthClass[]
  readonly contrasts: readonly Contrast[]
  readonly worst: readonly Worst[]
}

const CLASSES = [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]
const MOST_WORST = 3

type Writable<T> = { -readonly [key in keyof T]: T[key] }

/** Adds replies up, one after the other; keeps sums, and of single replies the worst three. */
export class TraceTally {
  readonly #groups = new Map<string, Writable<Group>>()
  readonly #total = emptyGroup('all')
  readonly #lengths = CLASSES.map((from): Writable<LengthClass> => {
    return { from, replies: 0, links: 0, refused: 0, decided: 0, accepted: 0 }
  })
  readonly #traits = new Map(TRAITS.map((trait) => [trait, { with: noneDecided(), without: noneDecided() }]))
  #worst: Worst[] = []

  add(reply: StudiedReply): void {
    const group = this.#groups.get(reply.group) ?? emptyGroup(reply.group)
    this.#groups.set(reply.group, group)
    addTo(group, reply)
    addTo(this.#total, reply)
    const { facts } = reply
    if (facts === null) return
    const length = this.#lengths.findLast(({ from }) => from <= facts.characters)
    if (length !== undefined) {
      length.replies += 1
      addOutcome(length, reply)
    }
    for (const link of reply.links) this.#addTraits(link, facts.loops > 0)
    const worst = worstOf(reply, facts)
    if (worst !== null)
      this.#worst = [...this.#worst, worst]
        .toSorted((a, b) => b.waste - a.waste || b.characters - a.characters || (a.id < b.id ? -1 : 1))
        .slice(0, MOST_WORST)
  }

  result(): TraceStatistics {
    return {
      groups: [...this.#groups.values()].toSorted((a, b) => b.replies - a.replies || (a.group < b.group ? -1 : 1)),
      total: this.#total,
      lengths: this.#lengths.filter(({ replies }) => replies > 0),
      contrasts: TRAITS.map((trait) => {
        const { with: own, without } = this.#traits.get(trait) ?? { with: noneDecided(), without: noneDecided() }
        return { trait, with: shareOf(own), without: shareOf(without) }
      }),
      worst: this.#worst,
    }
  }

  #addTraits({ steps, hedges, turns, accepted }: StudiedLink, loops: boolean): void {
    if (accepted === null) return
    const has: Readonly<Record<Trait, boolean>> = { loops, hedges, turns, 'no step': steps === 0 }
    for (const [trait, sides] of this.#traits) {
      const side = has[trait] ? sides.with : sides.without
      side.decided += 1
      if (accepted) side.accepted += 1
    }
  }
}

function noneDecided(): Writable<Decided> {
  return { decided: 0, accepted: 0 }
}

function shareOf(decided: Decided): (Interval95 & Decided) | null {
  const interval = wilson(decided.accepted, decided.decided)
  return interval === null ? null : { ...decided, ...interval }
}

function emptyGroup(group: string): Writable<Group> {
  return {
    group,
    replies: 0,
    studied: 0,
    cut: 0,
    characters: 0,
    steps: 0,
    idle: 0,
    again: 0,
    looping: 0,
    readable: 0,
    hedges: 0,
    turns: 0,
    units: [0, 0],
    unread: [0, 0],
    links: 0,
    refused: 0,
    withoutStep: 0,
    decided: 0,
    accepted: 0,
  }
}

function addOutcome(
  to: Writable<Pick<Group, 'links' | 'refused' | 'decided' | 'accepted'>>,
  reply: StudiedReply,
): void {
  to.links += reply.links.length
  to.refused += reply.refused
  to.decided += reply.links.filter(({ accepted }) => accepted !== null).length
  to.accepted += reply.links.filter(({ accepted }) => accepted === true).length
}

function addTo(group: Writable<Group>, reply: StudiedReply): void {
  const { facts, isCut, links } = reply
  group.replies += 1
  if (isCut) group.cut += 1
  if (facts === null) return
  group.studied += 1
  for (const name of ['characters', 'steps', 'idle', 'again', 'hedges', 'turns'] as const) group[name] += facts[name]
  if (facts.loops > 0) group.looping += 1
  if (facts.language !== null) group.readable += facts.steps
  if (facts.read !== null) {
    const { telling, unread } = facts.read
    group.units = addHalves(group.units, telling, telling)
    group.unread = addHalves(group.unread, unread, telling)
  }
  addOutcome(group, reply)
  group.withoutStep += links.filter(({ steps }) => steps === 0).length
}

function addHalves(
  [first, second]: readonly [number, number],
  some: readonly number[],
  all: readonly number[],
): readonly [number, number] {
  const middle = all[Math.ceil(all.length / 2)] ?? Infinity
  const early = some.filter((position) => position < middle).length
  return [first + early, second + some.length - early]
}

/** Of a few sentences nothing can be said. */
const FEWEST_STEPS = 5

function worstOf({ id, group, links }: StudiedReply, facts: TraceFacts): Worst | null {
  const { characters, steps, idle, again, loops, read } = facts
  if (steps < FEWEST_STEPS) return null
  const unread = read === null || read.telling.length === 0 ? 0 : read.unread.length / read.telling.length
  const waste = idle / steps + again / steps + unread
  if (waste === 0) return null
  const units = (read?.unread ?? []).map((position) => position + 1)
  return { id, group, waste, characters, links: links.length, idle, again, steps, loops, unread: units }
}
