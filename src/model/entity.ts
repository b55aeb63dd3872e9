import { contentId } from './ids.ts'

/** A name in which there is nothing to fold but capitals: most are. */
const PLAIN = /^[\w.'-]+(?: [\w.'-]+)*$/
const HONORIFIC = /^(?:dr|prof|professor|mr|mrs|ms|miss|mx|sir|dame|rev|hon)\.?\s+/

/** A thing that links join. Its id is fixed at birth by type and normalised name. */
export interface Entity {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly type: string
}

/** Folds case, accents, white space, dashes and quotes, and drops honorifics, so that spellings of one name meet. */
export function normaliseName(name: string): string {
  let folded = PLAIN.test(name) ? name.toLowerCase() : foldSigns(name)
  while (HONORIFIC.test(folded)) folded = folded.replace(HONORIFIC, '')
  return folded === '' ? name.trim().toLowerCase() : folded
}

function foldSigns(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc`´]/gu, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb"]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

export function entityId(type: string, name: string): string {
  return contentId('entity', type, normaliseName(name))
}
