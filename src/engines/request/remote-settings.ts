import type { Limiter } from '../limiter.ts'
import type { RetryClock } from './retry.ts'

/** What every engine that asks a server can be told; the wires add their own. */
export interface RemoteSettings {
  /** As the server knows it. */
  readonly model: string
  readonly temperature?: number
  readonly topP?: number
  /** Thinking and answer together, on most servers. */
  readonly maxOutputTokens?: number
  readonly reasoningEffort?: string
  /** False for servers that cannot stream. Default true. */
  readonly stream?: boolean
  /**
   * How long nothing may come between two chunks; default 300. Keep-alive comments do not count. Before the first
   * word three times as long may pass, because servers queue requests, load models and read long prompts in
   * silence; so it is for a whole response (`stream: false`), which is one word that takes its time.
   */
  readonly idleSeconds?: number
  /** How often to ask again while nothing has arrived. Default 4. */
  readonly retries?: number
  /** Says aloud why nothing happens, and what is done otherwise than was asked for. */
  readonly say?: (message: string) => void
  /** Where the key is set, for hints. Default `OPENAI_API_KEY`. */
  readonly apiKeyName?: string
  /** Of the endpoint, shared with all who ask it. Default: none but the refusals of the server itself. */
  readonly limiter?: Limiter
  /** Default: the real one. */
  readonly clock?: RetryClock
}

/** An endpoint that speaks one of the protocols of OpenAI. */
export interface OpenAiSettings extends RemoteSettings {
  /** Usually ends in `/v1`. A login in it (`https://user:password@host/v1`) is sent as basic authentication. */
  readonly baseUrl: string
  /** Null for servers that want none. */
  readonly apiKey: string | null
  /** More keys of the request's body, passed through (`thinking`, `chat_template_kwargs` …). */
  readonly body?: Readonly<Record<string, unknown>>
}
