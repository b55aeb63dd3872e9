import { unreadableNote, type Extraction } from '../extract/extract.ts'
import { cut, fenced, fenceFor } from '../extract/fence.ts'
import { counted } from '../model/counted.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { WantedStep } from './wanted-step.ts'

/** More of an answer's links than this are of no use: it is asked for once more. */
const MOST_FAULTY = 1 / 3
/** Faults that are told; the others are likely to be of the same kind. */
const MOST_TOLD = 8

/** Notes of links that nothing could be made of. */
const REFUSING: ReadonlySet<string> = new Set([
  'invalid-item',
  'unknown-entity',
  'self-link',
  'no-evidence',
  'unknown-type',
  'unknown-column',
])

/**
 * The request by which a malformed answer is asked for once more; null where it will do. Malformed is one that cannot be
 * read, or of whose links more than a third were refused or quote what is not in the source. What was cut by its budget,
 * or refused, would be so again.
 */
export function reAskStep(reply: Reply, extraction: Extraction): WantedStep | null {
  if (reply.finish !== 'stop' || reply.step !== undefined) return null
  const unreadable = unreadableNote(extraction)
  const faults = faultsOf(extraction)
  const links = faults.length + soundLinks(extraction)
  if (unreadable === null && faults.length <= links * MOST_FAULTY) return null
  const because = unreadable ?? `${faults.length} of ${counted(links, 'link')} were of no use`
  const told = unreadable === null ? faults.slice(0, MOST_TOLD) : [unreadable]
  const lines = told.map((fault) => `- ${cut(fault, 200)}`).join('\n')
  return { name: 're-ask', because, prompt: { behind: render(lines) }, part: lines, since: reply.at }
}

function render(lines: string): string {
  return [
    'An answer to this was given before and could not be used as it was. This was wrong with it:',
    ...fenced(fenceFor(lines, 'faults'), lines),
    'Answer anew and in full, as is asked for above: one JSON object and nothing else, every id and unit one that exists, every quote copied letter for letter.',
  ].join('\n\n')
}

/** Whether the second answer is the better one: more links that stand on located quotes, or as many and fewer faults. */
export function isBetter(second: Extraction, first: Extraction): boolean {
  if (unreadableNote(second) !== null) return false
  if (unreadableNote(first) !== null) return true
  const more = soundLinks(second) - soundLinks(first)
  return more > 0 || (more === 0 && faultsOf(second).length < faultsOf(first).length)
}

function faultsOf({ notes, proposals }: Extraction): string[] {
  const refused = notes.filter(({ code, where = '' }) => REFUSING.has(code) && where.startsWith('links'))
  return [...refused, ...proposals.filter(isMisquoted).flatMap(missingQuote)].map(
    ({ where = '', message }) => `${where}: ${message}`,
  )
}

function soundLinks({ proposals }: Extraction): number {
  return proposals.filter((proposal) => !isMisquoted(proposal)).length
}

function isMisquoted({ evidence }: Proposal): boolean {
  return evidence.some(({ grounding }) => grounding === 'missing')
}

function missingQuote({ notes }: Proposal): Note[] {
  return notes.filter(({ code }) => code === 'quote-missing').slice(0, 1)
}
