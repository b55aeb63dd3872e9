import type { UnitKind } from './document.ts'
import { contentId } from './ids.ts'
import type { Place } from './place.ts'

/** A unit as it is shown to the engine: numbered from 1 in every chunk, offsets into the document's text. */
export interface ChunkUnit {
  readonly s: number
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  readonly place: Place
  readonly text: string
}

/** A run of units that is asked about in one request. */
export interface Chunk {
  readonly id: string
  readonly documentId: string
  /** Position in the document, from 0. */
  readonly index: number
  /** UTF-16 offsets into the document's text, end exclusive; `text` is exactly that slice. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly units: readonly ChunkUnit[]
  /**
   * Of a table: its `profile` with sample rows, about which an engine is asked what the columns mean, or `rows`, which
   * accepted mappings read. Absent: text, which is asked about as it stands.
   */
  readonly holds?: 'profile' | 'rows'
  /** Units that address the model, and how: `S6 override, order`. Absent where nobody looked. */
  readonly flagged?: readonly string[]
}

/**
 * A chunk is known by its document, its words and who says them; `ordinal`, from 0, tells those apart that say the same.
 */
export function chunkId(
  documentId: string,
  units: readonly Pick<ChunkUnit, 'place' | 'text'>[],
  ordinal: number,
): string {
  const parts = units.map((unit) => `${unit.place.speaker ?? ''}\n${unit.text}`)
  return contentId('chunk', documentId, ...parts, String(ordinal))
}

/** Whether a chunk comes of what was read; rows come and go with mappings. */
export function isRead({ holds }: Pick<Chunk, 'holds'>): boolean {
  return holds !== 'rows'
}

/** The chunk that shows what a table's columns are like. */
export function profileChunkId(documentId: string, tableName: string | null, text: string): string {
  return contentId('chunk', documentId, 'profile', tableName ?? '', text)
}
