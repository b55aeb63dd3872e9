import type { Place } from '../../../src/model/place.ts'

/** What a group holds, by the word that it begins with. */
export type Destination =
  | { readonly kind: 'skipped' }
  /** Stands beside the text. */
  | { readonly kind: 'aside'; readonly part: NonNullable<Place['part']> }
  /** A property of the document, the next comment's author, or a table that text refers to. */
  | { readonly kind: 'value'; readonly name: string }

const SKIPPED = new Set(
  'colortbl filetbl pict nonshppict fldinst sp sn sv xe tc rxe txe do themedata datastore creatim revtim printim buptim userprops listtext pntext ftnsep ftnsepc aftnsep aftnsepc'.split(
    ' ',
  ),
)
/** Groups that older programs are told to pass over (`\*`) and that hold text all the same. */
const READ_ANYWAY = new Set(['shpinst', 'shptxt', 'shppict', 'annotation', 'atnauthor', 'footnote'])
const ASIDES: Readonly<Record<string, NonNullable<Place['part']>>> = {
  footnote: 'footnote',
  annotation: 'comment',
  ...Object.fromEntries(['', 'l', 'r', 'f'].map((which) => [`header${which}`, 'header' as const])),
  ...Object.fromEntries(['', 'l', 'r', 'f'].map((which) => [`footer${which}`, 'footer' as const])),
}
const VALUES = new Set('title author operator subject keywords category doccomm atnauthor'.split(' '))

/** Null for a word that begins no destination: text goes on as before. `isStarred` after `\*`. */
export function destinationOf(word: string, isStarred: boolean, isInInfo: boolean): Destination | null {
  const part = Object.hasOwn(ASIDES, word) ? ASIDES[word] : undefined
  if (part !== undefined) return { kind: 'aside', part }
  if (word === 'atnauthor' || (isInInfo && VALUES.has(word))) return { kind: 'value', name: word }
  if (SKIPPED.has(word) || (isStarred && !READ_ANYWAY.has(word))) return { kind: 'skipped' }
  return null
}
