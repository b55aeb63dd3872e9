import type { Note } from './note.ts'
import type { Place } from './place.ts'

export type DocumentKind = 'document' | 'transcript' | 'chat' | 'table'

export type UnitKind = 'heading' | 'sentence' | 'item' | 'row' | 'utterance'

/**
 * The smallest thing that can be quoted: a sentence, list item, heading, table row or utterance.
 * Offsets are UTF-16 code units into the document's text, end exclusive. Units do not overlap and stand in
 * the order of the text; between two of them there is nothing but white space.
 */
export interface Unit {
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  readonly place: Place
}

/** What a reader makes of a file. `text` is without markup, speakers and times; every word of it lies in a unit. */
export interface ParsedDocument {
  readonly title: string
  readonly kind: DocumentKind
  readonly mediaType: string
  /** ISO date (`2025-03-18`) that the source itself gives, or null. */
  readonly date: string | null
  readonly text: string
  readonly units: readonly Unit[]
  readonly notes: readonly Note[]
}

/** A parsed document with its identity. The id stays when the content changes; `contentHash` tells. */
export interface Document extends ParsedDocument {
  readonly id: string
  /** Name of the source that it came from, and its path in there. */
  readonly source: string
  readonly path: string
  readonly contentHash: string
}
