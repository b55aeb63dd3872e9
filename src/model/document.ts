import { contentId } from './ids.ts'
import type { Note } from './note.ts'
import type { Place } from './place.ts'

/** An `archive` has no text of its own: only files inside. */
export type DocumentKind = 'document' | 'transcript' | 'chat' | 'table' | 'mail' | 'archive'

/** A `cell` is one cell of a table row that a mapping reads; a `profile` describes a column and is no source text. */
export type UnitKind = 'heading' | 'sentence' | 'item' | 'row' | 'utterance' | 'cell' | 'profile'

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
  /** What the format itself records beside the text: authors, recipients, message ids. Shown, never asked about. */
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>
}

/** A parsed document with its identity. The id stays when the content changes; `contentHash` tells. */
export interface Document extends ParsedDocument {
  readonly id: string
  /** Name of the source that it came from, and its path in there. */
  readonly source: string
  readonly path: string
  readonly contentHash: string
  /** BCP 47, where the job says so. */
  readonly language?: string | null
  /** Labels that the job gives to all documents of a source. */
  readonly labels?: readonly string[]
}

/** By which it is known whether a document is still of the day that it was read with. */
export function hashDate({ id, date }: Pick<Document, 'id' | 'date'>): string {
  // Whoever altered it may have put anything there.
  return contentId('date', id, String(date))
}
