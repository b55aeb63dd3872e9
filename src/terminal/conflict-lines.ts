import { CONTRADICTS } from '../model/conflict.ts'
import type { ConflictView } from '../review/view-link.ts'
import type { StoredLink } from '../store/records.ts'
import { printable } from './printable.ts'
import { whyLines } from './proposal-lines.ts'
import { wrap } from './wrap.ts'

/** What a link cannot hold beside: the other side, the quotes of both, and by which rule. */
export function renderConflict(id: string, { link, proposals }: ConflictView, width: number): string {
  const isSubject = link.subjectId === id
  const other = printable(isSubject && link.objectId !== id ? link.object : link.subject)
  const since = link.valid?.from == null ? '' : ` from ${link.valid.from}`
  const isFirst = isSubject && link.objectId !== id
  const verb =
    link.type === CONTRADICTS
      ? 'CONTRADICTS'
      : isInForce(link)
        ? isFirst
          ? `SUPERSEDES${since}`
          : `SUPERSEDED${since} BY`
        : `MAY ${isFirst ? 'SUPERSEDE' : 'BE SUPERSEDED'}${since}${isFirst ? '' : ' BY'}`
  const live = proposals.filter((stored) => stored.live)
  const shown = (live.length > 0 ? live : proposals).map(({ proposal }) => proposal)
  const inOrder = shown.toSorted((a, b) => a.index - b.index)
  const quotes = inOrder.flatMap(({ evidence }) => evidence)
  return [
    '',
    ` ${verb} ${other}  ${standing(link)}  id ${link.id.slice(0, 8)}`,
    ...quotes.map(({ quote, claimed, placeText }) => {
      const words =
        quote === '' ? `NOT FOUND in the source; the model wrote: “${printable(claimed)}”` : `»${printable(quote)}«`
      return `   ${wrap(`${printable(placeText)}  ${words}`, width - 3, '     ')}`
    }),
    ...inOrder.slice(0, 1).flatMap((proposal) => whyLines(proposal, width - 2).map((line) => `  ${line}`)),
    ...(inOrder[0]?.steps ?? []).map((step) => `   • ${wrap(printable(step.text), width - 5, '     ')}`),
  ].join('\n')
}

/** A person accepted it, or a rule of the schema lets it end the earlier link. */
function isInForce({ status, retires }: StoredLink): boolean {
  return status === 'accepted' || (status === 'proposed' && retires === true)
}

function standing({ status, retires, type, reviewedBy }: StoredLink): string {
  if (status === 'accepted' || status === 'rejected') return `${status} by ${printable(reviewedBy ?? '')}`
  if (status !== 'proposed') return status
  if (type === CONTRADICTS) return 'proposed'
  return retires === true ? "by the schema's rule, until a person rejects it" : 'proposed: waits for a person'
}
