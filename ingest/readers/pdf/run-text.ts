import type { Run } from './runs.ts'

/** From this gap on, in heights of the font, two runs are two words; kerning stays below. */
const WORD_GAP = 0.16
/** Signs that need no space between words: Chinese and Japanese. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u
const ARABIC_WORD = /[\p{Script=Arabic}\p{Script=Hebrew}]{2}/u
const LATIN_WORD = /\p{Script=Latin}/u
/** What some fonts draw in front of a letter, with the sign that follows it in Unicode. */
const ACCENTS: Readonly<Record<string, string>> = {
  '¨': '\u0308',
  '´': '\u0301',
  '˘': '\u0306',
  ˇ: '\u030c',
  '˝': '\u030b',
  '˚': '\u030a',
  ˆ: '\u0302',
  '˜': '\u0303',
  '`': '\u0300',
}

export function isUnspaced(sign: string): boolean {
  return UNSPACED.test(sign)
}

export function isRightToLeft(runs: readonly Run[]): boolean {
  const letters = runs.reduce((sum, run) => sum + run.text.length, 0)
  const rtl = runs.reduce((sum, run) => sum + (run.rtl ? run.text.length : 0), 0)
  return rtl > letters / 2
}

/** The words of runs that stand on one baseline, left to right as given, in the order of reading. */
export function joinRuns(runs: readonly Run[]): string {
  const rtl = isRightToLeft(runs)
  const ordered = rtl ? fromTheRight(runs) : runs
  let text = ''
  let previous: Run | null = null
  for (const run of ordered) {
    if (previous !== null) {
      const overlap = previous.right - run.left > previous.size * 0.1
      const composed = !rtl && overlap ? composeAccent(text, run.text) : null
      if (composed !== null) {
        text = composed
        previous = run
        continue
      }
      if (isWordEnd(previous, run)) text += ' '
    }
    text += run.text
    previous = run
  }
  return clean(text)
}

function isWordEnd(previous: Run, run: Run): boolean {
  // Lying side by side, in whichever order; runs that overlap are one word.
  const gap = Math.max(run.left - previous.right, previous.left - run.right)
  const size = Math.min(previous.size, run.size)
  // Between two scripts the space is sometimes lost; a single letter is a word's beginning.
  if (previous.rtl !== run.rtl && ARABIC_WORD.test(previous.text) && LATIN_WORD.test(run.text)) return true
  if (previous.rtl !== run.rtl && LATIN_WORD.test(previous.text) && ARABIC_WORD.test(run.text)) return true
  if (isUnspaced(previous.text.at(-1) ?? '') && isUnspaced(run.text[0] ?? '')) return gap > size * 0.6
  return gap > size * WORD_GAP || (previous.spaceAfter && gap > -size * 0.1)
}

/** Right to left, but numbers and foreign words among them to the right as ever. */
function fromTheRight(runs: readonly Run[]): Run[] {
  const ordered: Run[] = []
  let foreign: Run[] = []
  for (const run of runs.toReversed()) {
    if (run.rtl || !/[\p{L}\p{N}]/u.test(run.text)) {
      ordered.push(...foreign.toReversed(), run)
      foreign = []
    } else foreign.push(run)
  }
  return [...ordered, ...foreign.toReversed()]
}

function composeAccent(before: string, after: string): string | null {
  const accent = ACCENTS[before.at(-1) ?? '']
  const letter = after[0] ?? ''
  if (accent === undefined || !/\p{L}/u.test(letter)) return null
  const composed = (letter + accent).normalize('NFC')
  return composed.length === 1 ? before.slice(0, -1) + composed + after.slice(1) : null
}

/** Without signs that nobody sees. A soft hyphen counts at a line's end only, where it was drawn. */
function clean(text: string): string {
  const visible = text
    .replace(/[\u200b\u2060\ufeff]/g, '')
    // In fonts without a table of letters, spaces come as controls.
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .replace(/\u00ad(?!\s*$)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  // Arabic is drawn with a sign for each form of a letter.
  return /[\ufb50-\ufdff\ufe70-\ufefc]/.test(visible) ? visible.normalize('NFKC') : visible
}
