import type { EngineEvent } from '../engines/engine.ts'
import type { FinishReason, Reply, ReplyPlace } from '../model/reply.ts'

/** What is known of a reply before its first word arrives. */
export type ReplyHead = Pick<
  Reply,
  | 'requestHash'
  | 'chunkId'
  | 'documentId'
  | 'purpose'
  | 'step'
  | 'fingerprint'
  | 'promptHash'
  | 'wording'
  | 'known'
  | 'examples'
  | 'route'
  | 'engine'
  | 'model'
  | 'runId'
> & {
  /** Another chunk that it is about as well. */
  readonly beside?: ReplyPlace
}

/** Stores a reply that was in the journal; false where its document was forgotten, so that nothing of it is kept. */
export type SaveRecovered = (reply: Reply, askedModel: string, beside?: ReplyPlace) => Promise<boolean>

/**
 * Keeps what arrives of replies until they are in the store, where nothing but the machine's own end can take it away:
 * what is being received when the process is killed, and what a store that is down does not take.
 */
export interface Journal {
  /** To be called before the request is made. Never throws: a journal that fails costs no reply. */
  begin(head: ReplyHead): JournalEntry
  /**
   * Brings what earlier processes left into the store, those that live excepted, and forgets it once it is there. What
   * `save` throws is passed on; the reply then stays for the next time. `save` is told which model was asked for, too.
   */
  recover(save: SaveRecovered): Promise<Recovered>
  /** How many replies lie in it, of runs that were broken off and of those that go on. Looks only. */
  waiting(): number
  /** To be called before a request is made, and never twice for one that is being made. Never throws. */
  claim(requestHash: string): Claim
  /** Whether other processes may be making requests for the same store. */
  hasCompany(): boolean
}

/**
 * Leave to make a request that nobody else on this machine is making for the same store, until it is released; or that
 * somebody else is: `wait` tells when it is over, or that they ended and left to `recover` what they had received.
 */
export type Claim =
  | { readonly how: 'mine'; readonly release: () => void }
  | { readonly how: 'taken'; readonly wait: (signal: AbortSignal) => Promise<'over' | 'left' | 'aborted'> }

export interface JournalEntry {
  note(event: EngineEvent): void
  /** No more is coming, because the reply is whole or broke off; all of it is out of this process' hands now. */
  end(finish: FinishReason): void
  /** The reply is in the store, or nothing of it is worth keeping. */
  drop(): void
}

export interface Recovered {
  /** Replies whose last word had come. */
  readonly whole: number
  /** Those that had not ended, or not all of which is legible; they are kept as partial ones. */
  readonly partial: number
  /** About documents that are not in the store any more: nothing of them is kept. */
  readonly forgotten: number
  /** Left alone, because they belong to another store, or another version wrote them. */
  readonly elsewhere: number
  /** Left alone, because not even what they answer is legible. */
  readonly damaged: number
  /** Where those are that were left alone; null where nothing is kept. */
  readonly folder: string | null
}

export const NOTHING_RECOVERED: Recovered = {
  whole: 0,
  partial: 0,
  forgotten: 0,
  elsewhere: 0,
  damaged: 0,
  folder: null,
}

/** Of replies whose documents are not there, in words for people. */
export function describeForgotten(count: number): string {
  const [replies, documents] = count === 1 ? ['reply', 'a document that is'] : ['replies', 'documents that are']
  return `${count} ${replies} of a run that was broken off, about ${documents} not in the store any more: not kept`
}

/** What was left alone, in words for people. */
export function describeLeftAlone({ elsewhere, damaged, folder }: Recovered): string[] {
  const left: [number, string][] = [
    [elsewhere, 'for another store, or of another version of whygraph'],
    [damaged, 'damaged, so that nobody can tell what they answer'],
  ]
  const counted = left.filter(([count]) => count > 0)
  return counted.map(([count, why]) => `${count} left in ${folder ?? ''}: ${why}`)
}

/** Keeps nothing: for replies that cost nothing, and for programs that bring no journal. */
export const NO_JOURNAL: Journal = {
  begin: () => ({ note() {}, end() {}, drop() {} }),
  recover: async () => NOTHING_RECOVERED,
  waiting: () => 0,
  claim: () => ({ how: 'mine', release() {} }),
  hasCompany: () => false,
}
