const MONTH =
  '(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?)'
const DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)'
const LEAD = '(?:(?:on|since|from|by|until|till|before|after|in|as of|effective|starting|beginning|during) )?'
const ORDINAL = '(?:the )?(?:\\d{1,2}(?:st|nd|rd|th)?|[a-z]+(?:-[a-z]+)?(?:st|nd|rd|th))(?: of)?'

/** Dates and deadlines as people write them. Every alternative has a month, a year, a weekday or a fixed phrase. */
const DATE = new RegExp(
  `\\b${LEAD}(?:` +
    [
      `(?:${DAY},? )?${ORDINAL} ${MONTH}\\b(?:,? \\d{4})?`,
      `(?:${DAY},? )?${MONTH} \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?`,
      `${MONTH},? \\d{4}`,
      '\\d{4}-\\d{2}-\\d{2}',
      `(?:the )?(?:next|last|this|coming) (?:week|month|year|quarter|${DAY}|spring|summer|fall|autumn|winter)`,
      '(?:the )?(?:end|beginning|middle) of (?:the |this |next )?(?:day|week|month|year|quarter|January|February|March|April|May|June|July|August|September|October|November|December|\\d{4})',
      'Q[1-4](?: \\d{4})?',
      '(?:Spring|Summer|Fall|Autumn|Winter) \\d{4}',
    ].join('|') +
    `)|\\b(?:since|in|until|by) (?:${MONTH}\\b|(?:19|20)\\d{2}\\b)|\\b(?:by|on|before|until|since) ${DAY}\\b` +
    '|\\bby (?:EOD|EOW|COB)\\b(?: today| tomorrow)?|\\b(?:today|tomorrow|yesterday|tonight|mid-[A-Z][a-z]+|as of today)\\b',
  'gu',
)

/** How far, in characters, a date may stand from the words that it is about. */
const NEAR = 40

/** The date phrase nearest to [start, end) in its sentence, as written, or null where none is near. */
export function findDate(sentence: string, start: number, end: number): string | null {
  let best: string | null = null
  let bestDistance = NEAR + 1
  for (const match of sentence.matchAll(DATE)) {
    const from = match.index
    const to = from + match[0].length
    const distance = to <= start ? start - to : from >= end ? from - end : 0
    if (distance < bestDistance) {
      bestDistance = distance
      best = match[0]
    }
  }
  return best
}

/** Cuts a date phrase off the end of a clause: "send the notice by 16 May 2025". */
export function cutTrailingDate(clause: string): { readonly clause: string; readonly date: string | null } {
  for (const match of clause.matchAll(DATE)) {
    if (clause.slice(match.index + match[0].length).trim() === '') {
      return { clause: clause.slice(0, match.index).trimEnd(), date: match[0] }
    }
  }
  return { clause, date: null }
}
