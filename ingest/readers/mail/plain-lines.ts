import type { MailText } from './mail-text.ts'
import type { QuotableLine } from './quoted.ts'

/** A line as its writer meant it: without quotation marks, and joined where the mail program broke it. */
export interface PlainLine extends QuotableLine {
  /** Where its stretches stand: offset in `text`, offset in the mail's body. */
  readonly pieces: readonly { readonly at: number; readonly offset: number }[]
}

type Armour = 'none' | 'head' | 'signature'

const SIGNATURE_END = '-----END PGP SIGNATURE-----'
/** Quotations deeper than this look all alike. */
const DEEPEST = 30

/** The lines of a plain body. Blocks of signature that only a program can read are left blank. */
export function plainLines(body: MailText): PlainLine[] {
  const lines: { text: string; depth: number; pieces: { at: number; offset: number }[] }[] = []
  let offset = 0
  let goesOn = false
  let armour: Armour = 'none'
  const source = body.passage.text
  const lastEnd = source.lastIndexOf(SIGNATURE_END)
  for (const raw of source.split('\n')) {
    const { depth, length } = quoteMarks(raw)
    const text = raw.slice(length)
    armour = armourAfter(armour, text, lastEnd > offset)
    const shown = armour === 'none' && !text.startsWith(SIGNATURE_END) ? text : ''
    const previous = lines.at(-1)
    const start = offset + length
    const joins = goesOn && previous !== undefined && previous.depth === depth && shown !== '-- '
    goesOn = body.flow !== 'none' && shown.endsWith(' ') && shown !== '-- '
    const kept = goesOn && body.flow === 'flowed-without-space' ? shown.slice(0, -1) : shown
    if (joins) {
      previous.pieces.push({ at: previous.text.length, offset: start })
      previous.text += kept
    } else {
      // `-- ` parts the signature from the text, and is no word.
      lines.push({ text: kept.trimEnd() === '--' ? '' : kept, depth, pieces: [{ at: 0, offset: start }] })
    }
    offset += raw.length + 1
  }
  return lines
}

/** Marks at the head of a line (`> > `) and how many characters they take, with one space after them. */
function quoteMarks(line: string): { depth: number; length: number } {
  let depth = 0
  let length = 0
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '>') {
      depth += 1
      length = index + 1
    } else if (line[index] !== ' ' || line[index - 1] === ' ') break
  }
  // A space before text is stuffing where lines flow, and follows the marks where they do not.
  if (depth > 0 && line[length] === ' ') length += 1
  return { depth: Math.min(depth, DEEPEST), length }
}

/** PGP signs a text between lines of its own (https://www.rfc-editor.org/rfc/rfc9580#section-7). */
function armourAfter(armour: Armour, text: string, isClosed: boolean): Armour {
  if (text.startsWith('-----BEGIN PGP SIGNED MESSAGE-----')) return 'head'
  if (text.startsWith('-----BEGIN PGP SIGNATURE-----') && isClosed) return 'signature'
  if (armour === 'head' && text.trim() === '') return 'none'
  return armour === 'signature' && text.startsWith(SIGNATURE_END) ? 'none' : armour
}
