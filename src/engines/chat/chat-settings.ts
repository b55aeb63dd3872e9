/** Any OpenAI-compatible endpoint: DeepSeek, vLLM, llama.cpp, LM Studio, Ollama's `/v1`, OpenRouter, Azure … */
export interface ChatSettings {
  /** As the server lists it at `/v1/models`. */
  readonly model: string
  /** Usually ends in `/v1`. A login in it (`https://user:password@host/v1`) is sent as basic authentication. */
  readonly baseUrl: string
  /** Null for servers that want none. */
  readonly apiKey: string | null
  readonly temperature?: number
  readonly topP?: number
  /** Thinking and answer together, on most servers. */
  readonly maxOutputTokens?: number
  readonly reasoningEffort?: string
  /** More keys of the request's body, passed through (`thinking`, `chat_template_kwargs`, `reasoning` …). */
  readonly body?: Readonly<Record<string, unknown>>
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
  /** Says aloud why nothing happens. */
  readonly onWait?: (message: string) => void
  /** Where the key is set, for hints. Default `OPENAI_API_KEY`. */
  readonly apiKeyName?: string
}
