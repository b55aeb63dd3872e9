import { INVISIBLE } from './entity.ts'
import { contentId } from './ids.ts'

/**
 * Says what a document is about: goes from it to a {@link Label}. What is said of its chunks is said of it, so one link has
 * the quotes of all that are about the same.
 */
export const LABELLED = 'LABELLED'

/** Of a topic; what is longer is a sentence. */
export const LONGEST_LABEL = 80

/** What texts are about, in a few words; its id is made of its name. */
export interface Label {
  readonly id: string
  /** As {@link normaliseLabel} writes it. */
  readonly name: string
}

/**
 * Folds capitals, white space, underscores, dashes and quotes, and drops control characters, signs that nobody sees, and
 * stops and marks of lists at either end, so that spellings of one label meet. Singular and plural stay two labels.
 * Empty where nothing is left.
 */
export function normaliseLabel(label: string): string {
  const folded = label
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\s\p{C}_]+/gu, ' ')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc`´]/gu, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb"]/gu, '')
    .trim()
  let [start, end] = [0, folded.length]
  while (start < end && ' #*-.,:;!?'.includes(folded.charAt(start))) start++
  while (end > start && ' *-.,:;!?'.includes(folded.charAt(end - 1))) end--
  return folded.slice(start, end)
}

export function labelId(name: string): string {
  return contentId('label', normaliseLabel(name))
}
