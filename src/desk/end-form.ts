import type { Part } from '../review/plan-same.ts'
import { printable } from '../terminal/printable.ts'
import type { Choice, Choices } from './choices.ts'

export type Side = 'subject' | 'object'

/** What a person says of an end itself, with all its links: by what it goes, or what it is one with, or not one with. */
export interface EndWanted {
  readonly what: 'rename' | 'merge' | 'split'
  readonly side: Side
  /** What it is to be called; or the id of what it is one with, whose name is `shown`. */
  readonly named?: string
  readonly shown?: string
  /** Of those things that are one in it, the ids of such as are to be apart from the others. */
  readonly apart?: readonly string[]
}

interface OfEnd {
  readonly end: EndWanted
}

/** All that can be said of the ends themselves. */
export function endsToPick(ends: Readonly<Partial<Record<Side, string>>>): Choice<OfEnd>[] {
  return (['subject', 'object'] as const).flatMap((side) => {
    const name = ends[side]
    if (name === undefined) return []
    return [
      { label: `rename ${name}`, wanted: { end: { what: 'rename', side } } },
      { label: `merge ${name} with another`, wanted: { end: { what: 'merge', side } } },
      { label: `split ${name}`, wanted: { end: { what: 'split', side } } },
    ] as const
  })
}

const STAYS = 'stays  '
const APART = 'apart  '

/** The things that are one in an end, each with the texts that name it; a key puts one apart from the others, or back. */
export function partsToPick(end: EndWanted, parts: readonly Part[]): Choice<OfEnd>[] {
  return parts.map(({ thing, places, more }) => {
    const told = places.map(({ place, text }) => `${place} »${text}«`)
    const all = [...told, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
    const label = `${STAYS}${thing.name} (${thing.id.slice(0, 8)})  ${all === '' ? 'no text names it' : all}`
    return { label, wanted: { end: { ...end, apart: [thing.id] } } }
  })
}

/** What is wanted once a thing has been put to the other side, and the list as it is shown then. */
export function moveToOtherSide<T extends Partial<OfEnd>>(
  open: Choices<T>,
  picked: Choice<T>,
  end: EndWanted,
): { readonly open: Choices<T>; readonly end: EndWanted } {
  const [id = ''] = picked.wanted.end?.apart ?? []
  const { apart = [] } = end
  const isApart = apart.includes(id)
  const label = `${isApart ? STAYS : APART}${picked.label.slice(STAYS.length)}`
  return {
    open: { ...open, all: open.all.map((one) => (one === picked ? { ...picked, label } : one)) },
    end: { ...end, apart: isApart ? apart.filter((one) => one !== id) : [...apart, id] },
  }
}

/** What is said of an end, in words. */
export function endInWords({ what, side, named = '', shown = named }: EndWanted, name: string): string {
  if (what === 'split') return `${printable(name)}, the ${side}, is split`
  return `${printable(name)}, the ${side}, is ${what === 'rename' ? 'called' : 'one with'} ${printable(shown)}`
}
