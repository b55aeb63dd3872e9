import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import { entityId } from '../model/entity.ts'
import { contentId } from '../model/ids.ts'
import type { Link } from '../model/link.ts'
import { formatPlace } from '../model/place.ts'
import type { Evidence, Mention, Proposal, ProposedEntity } from '../model/proposal.ts'
import { FREE, MAPPING_ENGINE, rowsReplyId, type Reply } from '../model/reply.ts'

/** A mapping that a person accepted: for every row, the value of one column has this link to that of the other. */
export interface Mapping {
  readonly link: Link
  readonly subject: string
  readonly object: string
}

/** What comes of reading rows: a reply like any other, and what it says. */
export interface RowsRead {
  readonly reply: Reply
  readonly mentions: readonly Mention[]
  readonly proposals: readonly Proposal[]
}

/** A person has said what the columns mean; that a cell was filled in wrongly is what remains. */
const CONFIDENCE = 0.95
/** Several values in one cell, as lists are written. */
const SEPARATOR = /\s*;\s+/
/** A cell with more values is no list of names. */
const MOST_VALUES = 20

/** Under which a chunk of rows is known to have been read by these mappings. */
export function mappingsKey(mappings: readonly Mapping[]): string {
  return contentId('mappings', ...mappings.map(({ link }) => link.id))
}

/**
 * Reads a chunk of rows by mappings. Pure. The reasoning names the mapping, who accepted it and the two cells: its kind
 * is `rule`, and each step belongs to exactly one link.
 */
export function readRows(
  chunk: Chunk,
  path: string,
  mappings: readonly Mapping[],
  context: { readonly at: string; readonly runId: string },
): RowsRead {
  const key = mappingsKey(mappings)
  const rows = [...Map.groupBy(chunk.units, (unit) => unit.place.row ?? 0)]
  const drafts: Draft[] = []
  let reasoning = ''
  for (const [row, cells] of rows) {
    for (const mapping of mappings) {
      const [subjects, objects] = [valuesOf(cells, mapping.subject), valuesOf(cells, mapping.object)]
      for (const subject of subjects) {
        for (const object of objects) {
          const { link } = mapping
          const ends = [endOf(subject, link.mapsFrom ?? ''), endOf(object, link.mapsTo ?? '')] as const
          const [from, to] = ends.map(({ type, name }) => entityId(type, name, chunk.documentId))
          if (from === to) continue
          const text = `Row ${row}: “${subject.text}” in column ${mapping.subject} ${link.type} “${object.text}” in column ${mapping.object}, by the mapping ${link.id.slice(0, 8)} that ${link.reviewedBy ?? 'a person'} accepted.`
          drafts.push({ ends, type: link.type, values: [subject, object], row, text, start: reasoning.length })
          reasoning += `${text}\n`
        }
      }
    }
  }
  const requestHash = contentId('request', 'mapping', chunk.id, key)
  const replyId = rowsReplyId(requestHash, chunk.id, reasoning)
  const proposals = drafts.map((draft, index) => toProposal(draft, index, replyId, chunk, path))
  const reply: Reply = {
    id: replyId,
    requestHash,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    fingerprint: key,
    engine: MAPPING_ENGINE,
    model: 'columns',
    traceKind: 'rule',
    reasoning,
    content: '',
    finish: 'stop',
    usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 },
    cost: FREE,
    at: context.at,
    milliseconds: 0,
    runId: context.runId,
  }
  return { reply, mentions: [], proposals }
}

/** One value of a cell and where it stands in it. */
interface CellValue {
  readonly unit: ChunkUnit
  readonly text: string
  readonly offset: number
}

interface Draft {
  readonly ends: readonly [ProposedEntity, ProposedEntity]
  readonly type: string
  readonly values: readonly [CellValue, CellValue]
  readonly row: number
  /** The step of the reasoning, and where it begins there. */
  readonly text: string
  readonly start: number
}

function valuesOf(cells: readonly ChunkUnit[], column: string): CellValue[] {
  const unit = cells.find((cell) => cell.place.column === column)
  if (unit === undefined) return []
  const values: CellValue[] = []
  let from = 0
  for (const text of unit.text.split(SEPARATOR)) {
    const offset = unit.text.indexOf(text, from)
    from = offset + text.length
    if (text.trim() !== '') values.push({ unit, text, offset })
  }
  return values.length > MOST_VALUES ? [] : values
}

function endOf(value: CellValue, type: string): ProposedEntity {
  return { name: value.text.slice(0, 300).replace(/[\ud800-\udbff]$/, ''), type, aliases: [] }
}

function toProposal(draft: Draft, index: number, replyId: string, chunk: Chunk, path: string): Proposal {
  const { ends, type, values, row, text, start } = draft
  return {
    id: contentId('proposal', replyId, String(index)),
    replyId,
    index,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    subject: ends[0],
    type,
    object: ends[1],
    polarity: 'asserted',
    support: 'stated',
    when: null,
    why: `Row ${row} says so, by what its columns mean.`,
    confidence: CONFIDENCE,
    statedConfidence: CONFIDENCE,
    evidence: values.map((value) => toEvidence(value, path)),
    traceKind: 'rule',
    steps: [{ start, end: start + text.length, text, stance: 'for' }],
    engine: MAPPING_ENGINE,
    model: 'columns',
    held: false,
    notes: [],
  }
}

function toEvidence({ unit, text, offset }: CellValue, path: string): Evidence {
  const start = unit.start + offset
  return {
    grounding: 'exact',
    quote: text,
    claimed: text,
    s: unit.s,
    start,
    end: start + text.length,
    offset,
    place: unit.place,
    placeText: formatPlace(path, unit.place),
  }
}
