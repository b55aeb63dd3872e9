import { readWhen } from '../model/read-when.ts'
import type { Proposal } from '../model/proposal.ts'

/** What a person says of a link beside its type, its ends and its quotes; what is absent stays as it is. */
export interface PropertiesSet {
  /** When it holds, in words or as a date; empty: nobody knows. */
  readonly when?: string
  /** How sure they are, 0 to 1. */
  readonly confidence?: number
  readonly support?: Proposal['support']
}

/** Whether anything is said. */
export function setsAny({ when, confidence, support }: PropertiesSet): boolean {
  return when !== undefined || confidence !== undefined || support !== undefined
}

/** A proposal's own properties as a person sets them, who is sure where they say nothing else. */
export function withProperties<T extends Pick<Proposal, 'saidOn' | 'support'>>(
  proposal: T,
  { when, confidence = 1, support = proposal.support }: PropertiesSet,
): T & Pick<Proposal, 'statedConfidence' | 'support'> {
  const timed = when === undefined ? {} : timeOf(when, proposal.saidOn ?? null)
  return { ...proposal, ...timed, statedConfidence: confidence, support }
}

function timeOf(text: string, saidOn: string | null): Required<Pick<Proposal, 'when' | 'valid'>> {
  const when = text.trim() === '' ? null : text.trim()
  return { when, valid: when === null ? null : readWhen(when, saidOn) }
}

/** That no days come of the words that a person gives, so that the link is in no question about a day. */
export function undatedNotes({ when = '' }: PropertiesSet, proposals: readonly Proposal[]): string[] {
  if (when.trim() === '' || proposals.some(({ valid }) => valid != null)) return []
  return [`no days were read from “${when.trim()}”: it is kept in these words`]
}
