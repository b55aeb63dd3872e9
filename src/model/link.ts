import { contentId } from './ids.ts'
import type { Grounding } from './proposal.ts'
import type { TraceKind } from './reply.ts'

/**
 * `proposed` and `accepted` links are relationships of the graph. `held` (denied or hedged by the source),
 * `rejected` and `gone` (no support left) ones are in the record only.
 */
export type LinkStatus = 'proposed' | 'accepted' | 'rejected' | 'held' | 'gone'

/** One quote that speaks for a link, with the reasoning of the proposal that brought it. */
export interface LinkSupport {
  readonly proposalId: string
  /** Verbatim steps, one a line; empty where none was found. */
  readonly reasoning: string
  readonly traceKind: TraceKind
  readonly why: string
  readonly evidence: string
  readonly grounding: Grounding
  readonly place: string
  readonly chunkId: string
  readonly model: string
}

/** What the proposals and decisions about one subject, type and object come to. */
export interface Link {
  readonly id: string
  readonly subjectId: string
  readonly type: string
  readonly objectId: string
  readonly status: LinkStatus
  /** 0 to 1, of the best support. */
  readonly confidence: number
  /** The source also denies it. */
  readonly disputed: boolean
  /** Accepted by a person, but no source speaks for it any more. */
  readonly unsupported: boolean
  /** Number of replies of which a live proposal asserts it, denies it, hedges it. */
  readonly supports: number
  readonly denials: number
  readonly hedges: number
  readonly when: string | null
  /** Number of decisions made about it. A decision names the revision it was made on. */
  readonly rev: number
  /** Best first, at most {@link MAX_SUPPORTS}. For a held link: what the source says instead. */
  readonly items: readonly LinkSupport[]
  readonly reviewedBy: string | null
  readonly reviewedAt: string | null
  readonly reviewNote: string | null
}

export const MAX_SUPPORTS = 20

export function linkId(subjectId: string, type: string, objectId: string): string {
  return contentId('link', subjectId, type, objectId)
}
