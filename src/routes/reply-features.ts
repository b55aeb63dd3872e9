import { extract, unreadableNote, type Extraction } from '../extract/extract.ts'
import { refusedLinks, withoutLink } from '../extract/left-over.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { normaliseName } from '../model/entity.ts'
import { cutMessage } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { Schema } from '../model/schema.ts'

/** What is measured of the first reply about a chunk; of several first replies, together. */
export interface ReplyFeatures {
  /** Nothing can be made of it, it was cut off, or the model refused, or the server the request. */
  readonly failure: boolean
  /** Links that it proposes. */
  readonly links: number
  /** Mean confidence of its links, as capped by what is quoted; 1 where there are none. */
  readonly confidence: number
  readonly leastConfidence: number
  /** Share of its quotes that are not in the source. */
  readonly missing: number
  /** Links of its answer that nothing can be made of. */
  readonly refused: number
  /** Links that a person has to look at before they count. */
  readonly held: number
  /** Entities that it names and no link has. */
  readonly unlinked: number
  /**
   * Of two first replies: share of their links that only one has, 1 - |A ∩ B| / |A ∪ B| (Jaccard, 1912). Links are the same
   * whose names, type and polarity are. 0 where there is one reply only, or neither has a link.
   */
  readonly disagreement: number
}

/** Null: the server refused the request, so that there is none. */
export type FirstReply = Reply | null

/** Measures what was said of a chunk before it is taken: read and grounded as it would be, without its trace. */
export function replyFeatures(
  replies: readonly FirstReply[],
  chunk: Chunk,
  document: Pick<Document, 'path' | 'title' | 'date'>,
  schema: Schema,
): ReplyFeatures {
  const said = replies.map((reply) => (reply === null ? null : read(reply, chunk, document, schema)))
  const readings = said.filter((one) => one !== null)
  const proposals = readings.flatMap(({ extraction }) => extraction.proposals)
  const quotes = proposals.flatMap(({ evidence }) => evidence)
  const confidences = proposals.map(({ confidence }) => confidence)
  const sum = (of: (reading: Reading) => number): number => readings.reduce((total, one) => total + of(one), 0)
  return {
    failure: said.some((one) => one === null || one.isFailure),
    links: proposals.length,
    confidence: confidences.length === 0 ? 1 : confidences.reduce((a, b) => a + b, 0) / confidences.length,
    leastConfidence: Math.min(1, ...confidences),
    missing: share(quotes.filter(({ grounding }) => grounding === 'missing').length, quotes.length),
    refused: sum(({ extraction }) => refusedLinks(extraction.notes).length),
    held: proposals.filter(({ held }) => held).length,
    unlinked: sum(({ extraction }) => withoutLink(extraction.mentions, extraction.proposals).length),
    disagreement: disagreement(readings.map(({ extraction }) => extraction.proposals)),
  }
}

interface Reading {
  readonly extraction: Extraction
  readonly isFailure: boolean
}

function read(
  reply: Reply,
  chunk: Chunk,
  document: Pick<Document, 'path' | 'title' | 'date'>,
  schema: Schema,
): Reading {
  const extraction = extract(reply, chunk, document, schema, { links: [], by: 'offline', notes: [] })
  const isFailure =
    [unreadableNote(extraction), cutMessage(extraction.notes)].some((why) => why !== null) || reply.finish === 'refused'
  return { extraction, isFailure }
}

/** See {@link ReplyFeatures.disagreement}. */
function disagreement(readings: readonly (readonly Proposal[])[]): number {
  if (readings.length < 2) return 0
  const [one = new Set(), other = new Set()] = readings.map((proposals) => new Set(proposals.map(sameness)))
  const all = new Set([...one, ...other]).size
  const both = [...one].filter((link) => other.has(link)).length
  return all === 0 ? 0 : 1 - both / all
}

function sameness({ subject, type, object, polarity }: Proposal): string {
  return JSON.stringify([normaliseName(subject.name), type, normaliseName(object.name), polarity])
}

function share(part: number, all: number): number {
  return all === 0 ? 0 : part / all
}
