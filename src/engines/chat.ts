import { COMMON_DIALECT, buildBody, otherDialect, type Dialect } from './chat/body.ts'
import { createReplyReader } from './chat/read-reply.ts'
import type { Engine } from './engine.ts'
import { askPatiently } from './request/ask-patiently.ts'
import { checkModels } from './request/check.ts'
import { longestReply, readAsked, readParameters } from './request/openai-asked.ts'
import { createOpenAiClient } from './request/openai-client.ts'
import type { OpenAiSettings } from './request/remote-settings.ts'
import type { Wire } from './request/wire.ts'

/**
 * Any endpoint that speaks OpenAI's chat completions: DeepSeek, vLLM, llama.cpp, LM Studio, Ollama's `/v1`,
 * OpenRouter, Azure …
 * @throws UsageError where the base URL or the key cannot be used
 */
export function createChatEngine(settings: OpenAiSettings): Engine {
  const asked = readAsked('chat', settings)
  const client = createOpenAiClient(asked.endpoint)
  const wire: Wire<Dialect> = {
    dialect: COMMON_DIALECT,
    send: (prompt, dialect, signal) => client.post('/chat/completions', buildBody(settings, prompt, dialect), signal),
    createReader: () => createReplyReader(settings.model),
    otherDialect: (dialect, trouble) => otherDialect(dialect, buildBody(settings, '', dialect), trouble),
  }
  return {
    name: 'chat',
    model: settings.model,
    parameters: readParameters(settings, asked.endpoint),
    longestReply: longestReply(settings, ['max_completion_tokens', 'max_tokens']),
    reason: askPatiently(wire, asked, settings),
    check: (signal) => checkModels(client, asked, signal),
  }
}
