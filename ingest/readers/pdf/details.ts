import type { PdfMetadata } from './pdfjs.ts'
import { dateOf } from './annotations.ts'

/** What the file's properties say. */
export interface Details {
  /** The title, where it says more than the name of a file. */
  readonly title: string | null
  readonly metadata: Readonly<Record<string, string | readonly string[]>>
}

const LONGEST = 500
const MAX_AUTHORS = 100
/** What programs write when nobody gave a title. */
const NO_TITLE =
  /^untitled\b|^(?:unknown|no title|title|document|presentation|slide|word document|microsoft (?:word|powerpoint|excel)|powerpoint[ -]pr[eä]sentation)\b[\s\d.-]*$|^microsoft (?:word|powerpoint|excel) - |\.(?:docx?|pptx?|xlsx?|tex|dvi|pdf|indd|qxd|odt|rtf|ps|eps|html?|txt|pages)$|^[\d\W_]*$|^\S*[\\/]\S*$/iu

export function detailsOf(properties: PdfMetadata | null): Details {
  const info = properties?.info ?? {}
  const xmp = (name: string): string[] => textsOf(attempt(() => properties?.metadata?.get(name)))
  const title = [...textsOf(info['Title']), ...xmp('dc:title')].find((text) => text.length >= 3 && !NO_TITLE.test(text))
  const authors = [...new Set([...xmp('dc:creator'), ...textsOf(info['Author'])])].slice(0, MAX_AUTHORS)
  const metadata: Record<string, string | readonly string[]> = {}
  if (authors.length === 1) metadata['author'] = authors[0] ?? ''
  else if (authors.length > 1) metadata['author'] = authors
  const names = [
    ['subject', 'Subject'],
    ['keywords', 'Keywords'],
    ['creator', 'Creator'],
    ['producer', 'Producer'],
  ] as const
  for (const [name, key] of names) {
    const value = textsOf(info[key])[0]
    if (value !== undefined) metadata[name] = value
  }
  const created = dateOf(textsOf(info['CreationDate'])[0] ?? '')
  const modified = dateOf(textsOf(info['ModDate'])[0] ?? '')
  // Of the file, not of what it says.
  if (created !== null) metadata['created'] = created
  if (modified !== null) metadata['modified'] = modified
  return { title: title ?? null, metadata }
}

function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return (
    values
      .filter((one) => typeof one === 'string')
      .map((one) =>
        one
          .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
          .trim()
          .slice(0, LONGEST),
      )
      // Programs that know nothing say so: (anonymous), (unspecified).
      .filter((one) => one !== '' && !/^\(?(?:anonymous|unspecified|unknown|none)?\)?$/i.test(one))
  )
}

function attempt(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    // Broken XMP costs itself only.
    return undefined
  }
}
