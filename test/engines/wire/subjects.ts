import { createChatEngine } from '../../../src/engines/chat.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { createLangChainEngine } from '../../../src/engines/langchain.ts'
import type { RemoteSettings } from '../../../src/engines/request/remote-settings.ts'
import { createResponsesEngine } from '../../../src/engines/responses.ts'
import type { TraceKind } from '../../../src/model/reply.ts'
import { fakeClock, KEY, THINKING } from './run.ts'

/** An engine on one of its wires, for what must hold on all of them. */
export interface Subject {
  readonly name: string
  engineFor(url: string, settings?: Partial<RemoteSettings>): Promise<Engine>
  /** The same reply as a stream and as a whole. */
  readonly streamed: string
  readonly whole: string
  readonly reasoning: string
  readonly traceKind: TraceKind
  /** Path of the requests, without query. */
  readonly path: string
  /** An error's body, as the provider writes it. */
  refusal(message: string, type?: string): object
}

const common = (settings: Partial<RemoteSettings>) => ({
  model: 'asked-model',
  apiKey: KEY,
  clock: fakeClock(),
  ...settings,
})
const openAi = (message: string, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code: type },
})

export const SUBJECTS: readonly Subject[] = [
  {
    name: 'chat',
    engineFor: async (baseUrl, settings = {}) => createChatEngine({ ...common(settings), baseUrl }),
    streamed: 'deepseek.sse',
    whole: 'deepseek.json',
    reasoning: THINKING,
    traceKind: 'raw',
    path: '/v1/chat/completions',
    refusal: openAi,
  },
  {
    name: 'responses',
    engineFor: async (baseUrl, settings = {}) => createResponsesEngine({ ...common(settings), baseUrl }),
    streamed: 'openai-responses.sse',
    whole: 'openai-responses.json',
    // Two parts of a summary.
    reasoning: THINKING.replace('\n', '\n\n'),
    traceKind: 'summary',
    path: '/v1/responses',
    refusal: openAi,
  },
  {
    name: 'langchain google',
    engineFor: (url, settings) => langChainFor('google', url, settings),
    streamed: 'gemini.sse',
    whole: 'gemini.json',
    reasoning: THINKING,
    traceKind: 'summary',
    path: '/v1beta/models/asked-model:streamGenerateContent',
    refusal: (message, status = 'INVALID_ARGUMENT') => ({ error: { code: 400, message, status } }),
  },
  {
    name: 'langchain anthropic',
    engineFor: (url, settings) => langChainFor('anthropic', url, settings),
    streamed: 'anthropic.sse',
    whole: 'anthropic.json',
    reasoning: THINKING,
    traceKind: 'summary',
    path: '/v1/messages',
    refusal: (message, type = 'invalid_request_error') => ({
      type: 'error',
      error: { type, message },
      request_id: 'r',
    }),
  },
]

/** LangChain's packages put the version into the path themselves. */
export function langChainFor(
  provider: string,
  url: string,
  settings: Partial<RemoteSettings & { options: Record<string, unknown> }> = {},
): Promise<Engine> {
  return createLangChainEngine({
    ...common(settings),
    model: `${provider}:asked-model`,
    baseUrl: url.replace(/\/v1$/, ''),
    folders: [],
    environment: {},
  })
}
