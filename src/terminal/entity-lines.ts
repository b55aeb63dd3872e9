import type { Entity } from '../model/entity.ts'
import type { LinkChange } from '../review/fix-foresee.ts'
import type { Foreseen, Gathered } from '../review/foresee-same.ts'
import type { Falling } from '../review/same-entities.ts'
import { displayed } from '../store/called.ts'
import type { StoredLink } from '../store/records.ts'
import { renderChange } from './fix-lines.ts'
import { renderLinkLine } from './link-line.ts'
import { printable } from './printable.ts'

/** An entity, and what is one in it. */
export function gatheredLine({ id, name, things }: Gathered): string {
  const one = things.map((thing) => `${printable(thing.name)} (${thing.id.slice(0, 8)})`).join(', ')
  return `  ${printable(name)}  id ${id}: ${one}`
}

/** What would become of the links of two that were one. */
export function fallingLines({ together, loops }: Falling, conflicts: readonly LinkChange[]): string[] {
  return [
    together.length === 0 ? 'no links would fall together' : 'links that would fall together:',
    ...together.flatMap((group, index) => [...(index > 0 ? [''] : []), ...group.map(linkLine)]),
    ...(loops.length === 0 ? [] : ['links between the two, which would leave the graph:', ...loops.map(linkLine)]),
    ...conflictLines(conflicts),
  ]
}

/** What would become of things that were not one any more, and of their links. */
export function partingLines({ entities, apart, back, conflicts }: Foreseen): string[] {
  return [
    ...entities.map(gatheredLine),
    apart.length === 0 ? 'no links would part' : 'links that would be links of their own again:',
    ...apart.map(linkLine),
    ...(back.length === 0 ? [] : ['links between the two, which would come back:', ...back.map(linkLine)]),
    ...conflictLines(conflicts),
  ]
}

function conflictLines(changes: readonly LinkChange[]): string[] {
  if (changes.length === 0) return []
  return ['what cannot hold beside each other would be:', ...renderChange({ links: changes, born: [], gone: [] })]
}

/** What an entity would go by. */
export function calledLine(standing: Entity, called: string): string {
  const others = displayed(standing, called).aliases.map(printable).join(', ')
  return `${printable(standing.name)} would be called ${printable(called)}, also: ${others}`
}

function linkLine(link: StoredLink): string {
  return `  ${renderLinkLine(link)}`
}
