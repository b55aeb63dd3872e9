import type { StoredLink } from '../../store/records.ts'

/** As a person would say it: what was decided about two names stands, though it is no line of the graph any more. */
export function verdictOf({ status, into, bond }: StoredLink): string {
  if (status !== 'merged' || into !== null || bond == null) return status
  return bond.kind === 'automatic' ? 'joined' : bond.kind
}
