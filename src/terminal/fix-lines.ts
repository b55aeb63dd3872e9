import type { Change, LinkChange } from '../review/fix-foresee.ts'
import type { Revision } from '../review/fix.ts'
import { isInGraph, type StoredLink } from '../store/records.ts'
import { turnInWords } from './link-card.ts'
import { renderArrow } from './link-line.ts'
import { printable } from './printable.ts'

/** What a fix does to the graph, a line for each thing; of links the word for what happens, in the tense that is given. */
export function renderChange({ links, born, gone }: Change): string[] {
  return [
    ...links.flatMap(linkLines),
    ...born.map(({ name, type }) => `  + ${printable(name)}, a new ${type}`),
    ...gone.map(({ name, type }) => `  - ${printable(name)}, ${type}: nothing speaks of it any more`),
  ]
}

/** What of a revision may not be what was meant. */
export function noteLines({ notes = [] }: Pick<Revision, 'notes'>): string[] {
  return notes.map((note) => `  note: ${printable(note)}`)
}

function linkLines({ before, after, withheld }: LinkChange): string[] {
  const link = after ?? before
  if (link === null) return []
  if (withheld === true)
    return [
      `  ~ ${link.id.slice(0, 8)}  ${renderArrow(link)}  ${link.status}; what becomes of it is told once you have decided`,
    ]
  const [was, is] = [before !== null && isInGraph(before), after !== null && isInGraph(after)]
  const sign = was === is ? '~' : is ? '+' : '-'
  const status = before === null ? (after?.status ?? '') : `${before.status} → ${after?.status ?? 'gone'}`
  const turn = after === null ? null : turnInWords(after)
  const line = `  ${sign} ${link.id.slice(0, 8)}  ${renderArrow(link)}  ${status}${turn === null ? '' : `; ${turn}`}`
  return [line, ...(is ? [...whenLines(before, after), ...quoteLines(before, after)] : [])]
}

function whenLines(before: StoredLink | null, after: StoredLink | null): string[] {
  const [was, is] = [before?.when ?? null, after?.when ?? null]
  if (was === is) return []
  const days = after?.valid == null ? '' : ` (${after.valid.from ?? '…'} to ${after.valid.to ?? '…'})`
  return [
    `      when: ${was === null ? '' : `${printable(was)} → `}${is === null ? 'not known' : printable(is)}${days}`,
  ]
}

function quoteLines(before: StoredLink | null, after: StoredLink | null): string[] {
  const had = new Set(before?.items.map(({ place, evidence }) => `${place} ${evidence}`))
  const items = after?.items ?? []
  const has = new Set(items.map(({ place, evidence }) => `${place} ${evidence}`))
  const line = (sign: string, { place, evidence, grounding }: StoredLink['items'][number]): string =>
    `    ${sign} »${printable(evidence)}«  ${printable(place)}  ${grounding}`
  return [
    ...(before?.items ?? [])
      .filter(({ place, evidence }) => !has.has(`${place} ${evidence}`))
      .map((one) => line('-', one)),
    ...items.filter(({ place, evidence }) => !had.has(`${place} ${evidence}`)).map((one) => line('+', one)),
  ]
}
