import {
  findQuotedDate,
  isSeparator,
  mayBeginAttribution,
  readAttribution,
  readLabel,
  speakerOf,
  type Author,
} from './attributions.ts'

/** A line of a mail without its quotation marks. */
export interface QuotableLine {
  readonly text: string
  /** How many quotation marks (`>`) stood before it. */
  readonly depth: number
}

/** Whose words a line holds. Lines that follow each other in one voice share the object. */
export interface Voice {
  /** `attribution`: one sentence over all its lines (`On … wrote:`). `head`: fields of a quoted message, one a line. */
  readonly role: 'text' | 'attribution' | 'head'
  readonly isQuoted: boolean
  readonly speaker: string | null
  readonly date: string | null
}

interface Found {
  /** Index after its last line. */
  readonly end: number
  readonly author: Author
}

const UNNAMED: Voice = { role: 'text', isQuoted: true, speaker: null, date: null }
/** The longest head of a quoted message, in lines, and the longest attribution. */
const HEAD_LINES = 14
const ATTRIBUTION_LINES = 3

/**
 * Whose words each line is: the sender's own, or somebody's whom the mail quotes, by `>`, by `On … wrote:` and by the
 * heads that mail programs put above a message which they quote whole.
 */
export function voicesOf(lines: readonly QuotableLine[], sender: string | null): Voice[] {
  const voices: Voice[] = []
  /** Who speaks at each depth. */
  const authors: Voice[] = [{ role: 'text', isQuoted: false, speaker: sender, date: null }]
  const setAuthor = (depth: number, author: Author): void => {
    authors.length = Math.min(authors.length, depth)
    while (authors.length < depth) authors.push(UNNAMED)
    authors.push({ role: 'text', isQuoted: true, ...author })
  }
  while (voices.length < lines.length) {
    const index = voices.length
    const { text, depth } = lines[index] ?? { text: '', depth: 0 }
    const head = text.trim() === '' ? null : findHead(lines, index)
    const attribution = head === null && text.trim() !== '' ? findAttribution(lines, index) : null
    const found = head ?? attribution
    if (found === null) {
      voices.push(authors[depth] ?? UNNAMED)
      continue
    }
    const role = head === null ? 'attribution' : 'head'
    const voice: Voice = { role, isQuoted: true, speaker: null, date: null }
    while (voices.length < found.end) voices.push(voice)
    setAuthor(attribution?.isMarked === true ? depth + 1 : depth, found.author)
  }
  return voices
}

/** A separator with or without the quoted message's fields, or such fields alone. */
function findHead(lines: readonly QuotableLine[], start: number): Found | null {
  const depth = lines[start]?.depth ?? 0
  const separated = isSeparator(lines[start]?.text ?? '')
  if (!separated && readLabel(lines[start]?.text ?? '') === null) return null
  let index = start
  if (separated) {
    index += 1
    while (index < lines.length && index < start + 3 && isBlankAt(lines, index)) index += 1
  }
  const fields = new Map<string, string>()
  let end = index
  let last: string | null = null
  for (; index < lines.length && index < start + HEAD_LINES; index += 1) {
    const line = lines[index]
    if (line === undefined || line.depth !== depth || line.text.trim() === '') break
    const field = readLabel(line.text)
    if (field !== null) {
      last = fields.has(field.label) ? null : field.label
      if (last !== null) fields.set(last, field.value)
      end = index + 1
    } else if (fields.has('subject') || readLabel(lines[index + 1]?.text ?? '') === null) break
    // The rest of a field that goes on: "12." and "February 2025", or more names.
    else if (last !== null) fields.set(last, `${fields.get(last) ?? ''} ${line.text.trim()}`)
  }
  const isHead = fields.has('from') && (separated || (fields.size >= 3 && fields.has('subject')))
  if (!isHead) return separated ? { end: start + 1, author: { speaker: null, date: null } } : null
  const author = { speaker: speakerOf(fields.get('from') ?? ''), date: findQuotedDate(fields.get('date') ?? '') }
  return { end, author }
}

function findAttribution(
  lines: readonly QuotableLine[],
  start: number,
): (Found & { readonly isMarked: boolean }) | null {
  const { text: first, depth } = lines[start] ?? { text: '', depth: 0 }
  const most = mayBeginAttribution(first) ? ATTRIBUTION_LINES : 1
  let text = ''
  for (let index = start; index < start + most; index += 1) {
    const line = lines[index]
    if (line === undefined || line.depth !== depth || line.text.trim() === '') return null
    text = `${text} ${line.text.trim()}`.trim()
    const author = readAttribution(text)
    if (author === null) continue
    let next = index + 1
    while (next < lines.length && isBlankAt(lines, next)) next += 1
    const isMarked = (lines[next]?.depth ?? -1) > depth
    const isOne = isMarked ? author.isDated || index === start : author.isSure && next < lines.length
    if (!isOne) return null
    return { end: index + 1, author: { speaker: author.speaker, date: author.date }, isMarked }
  }
  return null
}

function isBlankAt(lines: readonly QuotableLine[], index: number): boolean {
  return (lines[index]?.text ?? '').trim() === ''
}
