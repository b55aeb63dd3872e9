import { DISPLAYED_AS } from '../../model/link.ts'
import type { StoredLink } from '../../store/records.ts'
import { printable } from '../../terminal/printable.ts'

/** As a person would say it: what was decided about two names stands, though it is no line of the graph any more. */
export function verdictOf({ status, into, bond, type, called }: StoredLink): string {
  if (type === DISPLAYED_AS) return called === undefined ? 'called as the texts do' : `called ${printable(called)}`
  if (status !== 'merged' || into !== null || bond == null) return status
  return bond.kind === 'automatic' ? 'joined' : bond.kind
}
