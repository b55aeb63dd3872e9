import type { Recovered } from '../extract/journal.ts'
import type { LinkChanges } from '../store/derivation.ts'

/** Where a reply is, for whoever reads about it. */
export interface ReplyPlace {
  /** Path of the document and number of the chunk. */
  readonly where: string
  readonly reply: string
  /** Why nothing can be made of it; empty where something can. */
  readonly message: string
}

/** What came of reading the stored replies again. */
export interface RepliesAgain {
  chunks: number
  /** Chunks of table rows, which accepted mappings have read: their replies hold no answer that could be read again. */
  rows: number
  /** Replies that were read. */
  read: number
  /** Replies of which something else came than before. */
  changed: number
  proposals: LinkChanges
  links: LinkChanges
  /** Understood now, and never before. */
  readonly readable: ReplyPlace[]
  /** Not understood any more; what was made of them before is kept. */
  readonly unreadable: ReplyPlace[]
  /** Never understood, and not now either. */
  neverReadable: number
  /** Read, but for their traces, which are not whole any more: the steps are those that were found before. */
  cutTraces: number
  /** Taken under a schema that the store does not hold, so that another was used. */
  otherSchema: number
  /** Read by the schema that was given, which is another than they were taken by. */
  retaken: number
  /** About pairs of names that would be asked about otherwise now, so that what was made of them stays. */
  otherPairs: number
  /** Out of the journal of runs that were broken off. */
  readonly recovered: Recovered
  /** In a dry run, which leaves the journal alone: replies that lie in it. */
  readonly waiting: number
}
