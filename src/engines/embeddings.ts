import type { Engine } from './engine.ts'
import { createEmbeddingReader } from './embeddings/read-reply.ts'
import { askPatiently } from './request/ask-patiently.ts'
import { checkModels } from './request/check.ts'
import { readAsked, readParameters } from './request/openai-asked.ts'
import { createOpenAiClient } from './request/openai-client.ts'
import type { OpenAiSettings } from './request/remote-settings.ts'
import type { Wire } from './request/wire.ts'

/**
 * Any endpoint that speaks OpenAI's `/embeddings` (vLLM, llama.cpp, Ollama, LM Studio, Azure …). It is asked as every
 * server is, with the same patience, limits and errors: the prompt is a list of texts as JSON, the answer their vectors in
 * the same order as JSON, a list of lists of numbers. It has nothing to say, so nothing is counted but what goes in.
 * @throws UsageError where the base URL or the key cannot be used
 */
export function createEmbeddingEngine(settings: OpenAiSettings): Engine {
  const asked = readAsked('embeddings', settings)
  const client = createOpenAiClient(asked.endpoint)
  const { model, body = {} } = settings
  const wire: Wire<null> = {
    dialect: null,
    send: (prompt, _, signal) =>
      client.post('/embeddings', { ...body, model, input: JSON.parse(prompt), encoding_format: 'float' }, signal),
    createReader: () => createEmbeddingReader(model),
    otherDialect: () => null,
  }
  return {
    name: 'embeddings',
    model,
    parameters: readParameters(settings, asked.endpoint),
    longestReply: 0,
    reason: askPatiently(wire, asked, settings),
    check: (signal) => checkModels(client, asked, signal),
  }
}
