/**
 * Where the stored reasoning comes from: the model's verbatim trace, a provider's summary of it, named rules,
 * or nothing at all. The three are never mixed.
 */
export type TraceKind = 'raw' | 'summary' | 'rule' | 'none'

/** Tokens as the server counted them; null where it did not say. `output` includes `reasoning`. */
export interface Usage {
  readonly input: number | null
  readonly cachedInput: number | null
  readonly output: number | null
  readonly reasoning: number | null
}

/** `stop`: the answer ended by itself. `length`: the budget cut it. `aborted`, `failed`: only a part arrived. */
export type FinishReason = 'stop' | 'length' | 'refused' | 'aborted' | 'failed'

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
  /** Hash of what decides whether a chunk must be asked about again: engine, model, parameters, schema. */
  readonly fingerprint: string
  readonly engine: string
  /** The model as the server named it, else as it was asked for. */
  readonly model: string
  readonly traceKind: TraceKind
  readonly reasoning: string
  readonly content: string
  readonly finish: FinishReason
  readonly usage: Usage
  /** ISO time of arrival. */
  readonly at: string
  readonly milliseconds: number
  readonly runId: string
}
