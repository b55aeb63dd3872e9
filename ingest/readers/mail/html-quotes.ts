/** Noncharacters, which no text may hold: they mark in a page where a quotation begins and ends. */
const BEGIN = '\ufdd0'
const END = '\ufdd1'

const QUOTING_TAG = /<(\/?)blockquote\b([^<>]{0,2000})>/gi
/** What mail programs say of a quotation; without it the element only sets something off. */
const CITED = /\btype\s*=\s*["']?cite\b|\bcite\s*=|\b(?:gmail|protonmail|yahoo|tutanota)_quote/i

/** The page with each quotation of a mail program between marks of its own; lines stay what they are. */
export function markQuotations(html: string): string {
  const open: boolean[] = []
  return html.replace(/[\ufdd0\ufdd1]/g, '').replace(QUOTING_TAG, (tag, slash: string, attributes: string) => {
    if (slash === '') {
      const isCited = CITED.test(attributes)
      open.push(isCited)
      return isCited ? `<div>${BEGIN}</div>${tag}` : tag
    }
    return open.pop() === true ? `${tag}<div>${END}</div>` : tag
  })
}

/** Takes the marks out of a unit's text and counts them. */
export function readMarks(text: string): { readonly text: string; readonly begins: number; readonly ends: number } {
  const begins = text.split(BEGIN).length - 1
  const ends = text.split(END).length - 1
  return { text: begins + ends === 0 ? text : text.replace(/[\ufdd0\ufdd1]/g, '').trim(), begins, ends }
}
