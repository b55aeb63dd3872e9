import type { Place } from '../../../src/model/place.ts'

/** Where text goes: the main text, something beside it, or a value. */
export interface Stream {
  /** Null in the main text, whose paragraphs are counted. */
  readonly place: Place | null
  /** Of the value that it fills; null for text. */
  readonly name: string | null
  parts: string[]
  /** Characters of one byte each, in `codePage`, that wait to be read. */
  bytes: string
  codePage: number
  cells: { readonly text: string; readonly place: Place }[]
  /** Where the first words of the open cell are, if it has several paragraphs. */
  cellPlace: Place | null
  isItem: boolean
  isFirstRow: boolean
}

/** What a group inherits from the one around it, and changes for itself only. */
export interface Group {
  stream: Stream
  isSkipped: boolean
  /** Whether `\*` stood before its first word. */
  isStarred: boolean
  /** Whether its first word is still to come. */
  isNew: boolean
  /** Of the head of the file, where nothing is text. */
  table: 'fonts' | 'styles' | 'info' | null
  /** Of the font; null where it follows the document's. */
  codePage: number | null
  /** How many characters stand behind each `\u` for programs that do not know it. */
  fallback: number
  isHidden: boolean
  isDeleted: boolean
  isInTable: boolean
  isHeading: boolean
}

export function newStream(place: Place | null, name: string | null): Stream {
  return {
    place,
    name,
    parts: [],
    bytes: '',
    codePage: 1252,
    cells: [],
    cellPlace: null,
    isItem: false,
    isFirstRow: true,
  }
}

export function newGroup(stream: Stream): Group {
  return {
    stream,
    isSkipped: false,
    isStarred: false,
    isNew: false,
    table: null,
    codePage: null,
    fallback: 1,
    isHidden: false,
    isDeleted: false,
    isInTable: false,
    isHeading: false,
  }
}
