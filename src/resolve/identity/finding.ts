import type { Circumstances, Finding } from './judgement.ts'
import type { NameForms } from './name-forms.ts'

/** A named reason for which two names may be one thing's. Symmetric: it finds the same whichever name comes first. */
export type Rule = (a: NameForms, b: NameForms, circumstances: Circumstances) => Finding | null

export function found(rule: string, confidence: number, joins: boolean, short: Finding['short'], why: string): Finding {
  return { rule, confidence, joins, short, why }
}
