import { unreadableNote, type Extraction } from '../extract/extract.ts'
import { cut, fenced, fenceFor } from '../extract/fence.ts'
import { refusedLinks } from '../extract/left-over.ts'
import { counted } from '../model/counted.ts'
import { cutMessage, type Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import type { WantedStep } from './wanted-step.ts'

/** More of an answer's links than this are of no use: it is asked for once more. */
const MOST_FAULTY = 1 / 3
/** Faults that are told; the others are likely to be of the same kind. */
const MOST_TOLD = 8

/** Whether an answer may be asked for once more, malformed as it is: one that the model refused would be refused again. */
export function mayAskOnce({ finish, step }: Pick<Reply, 'finish' | 'step'>): boolean {
  return isWhole(finish) && finish !== 'refused' && step === undefined
}

/**
 * The request by which a malformed answer is asked for once more; null where it will do. Malformed is one that cannot be
 * read, was cut off, or of whose links more than a third were refused or quote what is not in the source.
 */
export function reAskStep(reply: Reply, extraction: Extraction): WantedStep | null {
  if (!mayAskOnce(reply)) return null
  const unusable = unreadableNote(extraction) ?? cutMessage(extraction.notes)
  const faults = faultsOf(extraction)
  const links = faults.length + soundLinks(extraction)
  if (unusable === null && faults.length <= links * MOST_FAULTY) return null
  const because = unusable ?? `${faults.length} of ${counted(links, 'link')} were of no use`
  const isShort = reply.finish === 'length' || cutMessage(extraction.notes) !== null
  const whole = isShort ? [TOO_LONG] : (unreadableNote(extraction) ?? [])
  const told = [whole, faults].flat().slice(0, MOST_TOLD)
  const lines = told.map((fault) => `- ${cut(fault, 200)}`).join('\n')
  return { name: 're-ask', because, prompt: { behind: render(lines) }, part: lines, since: reply.at }
}

const TOO_LONG = 'it broke off before its end: think and answer more briefly, leave "rejected" []'

function render(lines: string): string {
  return [
    'An answer to this was given before and could not be used as it was. This was wrong with it:',
    ...fenced(fenceFor(lines, 'faults'), lines),
    'Answer anew and in full, as is asked for above: one JSON object and nothing else, every id and unit one that exists, every quote copied letter for letter.',
  ].join('\n\n')
}

/** Whether the second answer is the better one: more links that stand on located quotes, or as many, to its end or with fewer faults. */
export function isBetter(second: Extraction, first: Extraction): boolean {
  if (unreadableNote(second) !== null) return false
  if (unreadableNote(first) !== null) return true
  const more = soundLinks(second) - soundLinks(first)
  if (more !== 0) return more > 0
  const [isCut, wasCut] = [second, first].map(({ notes }) => cutMessage(notes) !== null)
  return isCut === wasCut ? faultsOf(second).length < faultsOf(first).length : wasCut === true
}

function faultsOf({ notes, proposals }: Extraction): string[] {
  return [...refusedLinks(notes), ...proposals.filter(isMisquoted).flatMap(missingQuote)].map(
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
