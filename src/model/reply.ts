import { contentId } from './ids.ts'
import type { Gap, KeptSteps, KeptTrace } from './kept-trace.ts'

/**
 * Where the stored reasoning comes from: the model's verbatim trace, a provider's summary of it, named rules,
 * or nothing at all. The three are never mixed.
 */
export type TraceKind = 'raw' | 'summary' | 'rule' | 'none'

/** Tokens of a prompt and its reply. `input` includes `cachedInput`, `output` includes `reasoning`. */
export interface Tokens {
  readonly input: number
  readonly cachedInput: number
  readonly output: number
  readonly reasoning: number
}

/** Tokens as the server counted them; null where it did not say. */
export type Usage = { readonly [kind in keyof Tokens]: Tokens[kind] | null } & {
  /** What the server says that it charged, in US dollars; few do (OpenRouter). */
  readonly cost?: number | null
}

/**
 * What was paid for a reply, by the prices of its time. `stated`: the server named the amount. `counted`: its tokens by
 * the prices of the settings. `estimated`: the same with tokens that the server did not count. `free`: nobody was asked.
 */
export interface Cost {
  readonly amount: number
  /** Three letters in lower case: `usd`; null where it was free. */
  readonly currency: string | null
  readonly basis: 'stated' | 'counted' | 'estimated' | 'free'
}

/** Said by rules, or paid for before. */
export const FREE: Cost = { amount: 0, currency: null, basis: 'free' }

/** `stop`: the answer ended by itself. `length`: the budget cut it. `aborted`, `failed`: only a part arrived. */
export type FinishReason = 'stop' | 'length' | 'refused' | 'aborted' | 'failed'

/** Its last word has come, whatever can be made of it. */
export function isWhole(finish: FinishReason): boolean {
  return finish !== 'aborted' && finish !== 'failed'
}

/**
 * What a further request about a chunk is for. `re-ask`: the answer before it was malformed. `gleaning`: names that no
 * link has are looked at once more. `sample`: the same is asked again, to see what is said each time. `verification`:
 * whether quotes support their links. `counterfactual`: whether a chunk says a link still where its quotes are blanked.
 * `contradiction`: whether its links can hold beside what the graph has of the same entities. In the
 * order in which they are taken.
 */
export const STEP_NAMES = ['re-ask', 'gleaning', 'sample', 'verification', 'counterfactual', 'contradiction'] as const

export type StepName = (typeof STEP_NAMES)[number]

/** Steps whose answers name links, as that of the first request does. */
export const LINK_STEPS: ReadonlySet<StepName> = new Set(['re-ask', 'gleaning', 'sample'])

/** Which step of reading a chunk a reply belongs to, and why it was taken, in words for people. */
export interface Step {
  readonly name: StepName
  readonly because: string
}

/** Which of the settings' engines was asked about a chunk, and why. It is no part of any hash. */
export interface RouteTaken {
  /** Its name there. */
  readonly engine: string
  /** The rule that named it, as it stands in the settings: `names >= 8, hedges > 0`; `default`. */
  readonly rule: string
  /** What was measured of that: `names 9`, `hedges 2`. */
  readonly because: readonly string[]
  /** Ids of first replies from which the chunk was sent on. */
  readonly after?: readonly string[]
  /** An engine that a rule before had named, and that had no room. */
  readonly keptFrom?: string
}

/** Of what is said of two chunks, is stored beside both, and goes with either. */
export type PairPurpose = 'identity' | 'contradiction'

/** What an engine returned for one request, kept verbatim the moment it arrived, before anything is made of it. */
export interface Reply {
  /** Hash of the request, the chunk and all that was said. */
  readonly id: string
  /**
   * Hash of engine, model, parameters and the prompt but for the known names: an identical request finds it again and
   * is not paid twice.
   */
  readonly requestHash: string
  readonly chunkId: string
  /** The document that the chunk belongs to, so that its replies are found when the chunk is gone. Absent in old ones. */
  readonly documentId?: string
  /**
   * What was asked for: `alignment`, which steps of the chunk's trace belong to which links; `identity`, whether two
   * names are one thing, `contradiction`, which links of two chunks cannot both hold: such as are about two chunks are stored
   * beside both; `step`, what a further step of reading
   * the chunk asks, see `step`: it counts with the reply that it goes with; `summary`,
   * what the document says, by what was said of its chunks. Absent: the links of the chunk.
   */
  readonly purpose?: 'alignment' | PairPurpose | 'step' | 'summary'
  /** Absent: the first request about the chunk, or none about its links. */
  readonly step?: Step
  /** Hash of what decides whether a chunk must be asked about again: engine, model, parameters, schema, examples. */
  readonly fingerprint: string
  /**
   * What its prompt was like, to find out whether it can be written again letter for letter: the hash of all its words, the
   * hash of whygraph's own words in it, a hash of each known name that it told (the name may be of a document that is
   * forgotten one day), and the ids of the links that it showed as examples. Absent: of an older whygraph, or where no links
   * were asked for; the last two also where there were none.
   */
  readonly promptHash?: string
  readonly wording?: string
  readonly known?: readonly string[]
  readonly examples?: readonly string[]
  /** How the engine was chosen when it was asked or, where the reply was there already, last taken; absent: no choice. */
  readonly route?: RouteTaken
  readonly engine: string
  /** The model as the server named it, else as it was asked for. */
  readonly model: string
  readonly traceKind: TraceKind
  /** The trace, verbatim, with a mark in the place of each passage of `leftOut`. */
  readonly reasoning: string
  /** Of a trace that is not kept whole: what is missing. Absent: nothing. */
  readonly leftOut?: readonly Gap[]
  /** Of such a one: the steps that were found in it while it was whole. */
  readonly aligned?: KeptSteps
  readonly content: string
  readonly finish: FinishReason
  readonly usage: Usage
  /** Null where no price is known. */
  readonly cost: Cost | null
  /** ISO time of arrival. */
  readonly at: string
  readonly milliseconds: number
  readonly runId: string
}

/**
 * Tokens of the trace where the server counted only trace and answer together, as local servers do: by their share of
 * the characters. Null where it counted them, or where the trace is not the model's own.
 */
export function estimateReasoning({ usage, traceKind, reasoning, content }: Reply): number | null {
  const characters = reasoning.length + content.length
  if (usage.reasoning !== null || usage.output === null || traceKind !== 'raw' || characters === 0) return null
  return Math.round((usage.output * reasoning.length) / characters)
}

/** What is kept of a reply's trace. */
export function traceOf({ reasoning, leftOut = [] }: Pick<Reply, 'reasoning' | 'leftOut'>): KeptTrace {
  return { text: reasoning, gaps: leftOut }
}

/** A reply's id is made from all that it says: two answers to one request are two replies, a partial one is another. */
export function replyId(
  requestHash: string,
  chunkId: string,
  { reasoning, content, finish }: Pick<Reply, 'reasoning' | 'content' | 'finish'>,
): string {
  return contentId('reply', requestHash, chunkId, reasoning, content, finish)
}

/** A chunk that a reply is about, and its document. */
export type ReplyPlace = Required<Pick<Reply, 'chunkId' | 'documentId'>>

/**
 * The same reply beside another chunk: it counts for both, its cost once. Of one whose trace is not whole nobody knows any
 * more all that it said, so the copy is named after it.
 */
export function besideChunk(reply: Reply, { chunkId, documentId }: ReplyPlace): Reply {
  if (chunkId === reply.chunkId) return reply
  const usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 }
  const { requestHash, leftOut } = reply
  const id = leftOut === undefined ? replyId(requestHash, chunkId, reply) : contentId('reply', reply.id, chunkId)
  return { ...reply, id, chunkId, documentId, usage, cost: FREE }
}

/** The same of what accepted mappings say of a table's rows. */
export function rowsReplyId(requestHash: string, chunkId: string, reasoning: string): string {
  return contentId('reply', requestHash, chunkId, reasoning)
}

/** The engine that says it. */
export const MAPPING_ENGINE = 'mapping'
