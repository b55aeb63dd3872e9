import { UsageError } from '../../model/errors.ts'
import { readEndpoint, type Endpoint } from './endpoint.ts'
import type { Asked } from './failure.ts'
import type { OpenAiSettings } from './remote-settings.ts'

/** Whom an engine of OpenAI's protocols asks. @throws UsageError where the base URL or the key cannot be used */
export function readAsked(engine: string, settings: OpenAiSettings): Asked & { readonly endpoint: Endpoint } {
  const { model, baseUrl, apiKey, idleSeconds = 300, apiKeyName = 'OPENAI_API_KEY' } = settings
  if (model.trim() === '') {
    throw new UsageError('no-model', 'No model is named.', { hint: 'Name one as the server lists it at /v1/models.' })
  }
  const endpoint = readEndpoint(baseUrl, apiKey)
  return {
    engine,
    endpoint,
    model,
    apiKeyName,
    idleMilliseconds: idleSeconds * 1000,
    addressHint: `Is the base URL right? It is ${endpoint.url}, and usually ends in /v1.`,
    sentAlong: 'temperature, topP, maxOutputTokens, reasoningEffort, body',
  }
}

/** What decides the reply. Not the stream, the patience or the key, which must not be stored. */
export function readParameters(settings: OpenAiSettings, endpoint: Endpoint): Record<string, unknown> {
  const { temperature, topP, maxOutputTokens, reasoningEffort, body } = settings
  const parameters = { host: endpoint.host, temperature, topP, maxOutputTokens, reasoningEffort, body }
  // Through JSON: what is undefined goes, and a key that stands in `body` is found wherever it is.
  return JSON.parse(endpoint.redact(JSON.stringify(parameters)))
}

/**
 * Tokens that a reply may have at most: what stands in the body goes before the setting, as it does on the wire.
 * @param keys under which the body may hold it
 */
export function longestReply({ body = {}, maxOutputTokens }: OpenAiSettings, keys: readonly string[]): number | null {
  return [...keys.map((key) => body[key]), maxOutputTokens].find((limit) => typeof limit === 'number') ?? null
}
