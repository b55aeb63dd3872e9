import type { StoredLink } from '../store/records.ts'
import { printable } from './printable.ts'

type Said = Pick<StoredLink, 'subject' | 'type' | 'object'>

/** What a link says, as an arrow. */
export function renderArrow({ subject, type, object }: Said): string {
  return `${printable(subject)} ──${type}──▶ ${printable(object)}`
}

/** A link among others: how its id begins, how it stands, and what it says. */
export function renderLinkLine(link: Said & Pick<StoredLink, 'id' | 'status'>): string {
  return `${link.id.slice(0, 8)}  ${link.status.padEnd(8)}  ${renderArrow(link)}`
}
