import type { Engine } from './engine.ts'
import { askPatiently } from './request/ask-patiently.ts'
import { checkModels } from './request/check.ts'
import { longestReply, readAsked, readParameters } from './request/openai-asked.ts'
import { createOpenAiClient } from './request/openai-client.ts'
import type { OpenAiSettings } from './request/remote-settings.ts'
import type { Wire } from './request/wire.ts'
import { buildBody, COMMON_DIALECT, type Dialect, otherDialect } from './responses/body.ts'
import { createReplyReader } from './responses/read-reply.ts'

/**
 * Any endpoint that speaks OpenAI's Responses API: OpenAI, Azure's v1, LM Studio, vLLM. OpenAI never gives the raw
 * trace but a summary of it; open-weight servers give the trace.
 * @throws UsageError where the base URL or the key cannot be used
 */
export function createResponsesEngine(settings: OpenAiSettings): Engine {
  const { endpoint, ...others } = readAsked('responses', settings)
  const hint = `${others.addressHint} A server that knows only /chat/completions wants the engine chat.`
  const asked = { ...others, endpoint, addressHint: hint }
  const client = createOpenAiClient(endpoint)
  let isSaid = false
  const wire: Wire<Dialect> = {
    dialect: COMMON_DIALECT,
    send: (prompt, dialect, signal) => client.post('/responses', buildBody(settings, prompt, dialect), signal),
    createReader: () => createReplyReader(settings.model),
    otherDialect(dialect, trouble) {
      const other = otherDialect(dialect, trouble)
      if (other?.summary === null && !isSaid) {
        isSaid = true
        settings.say?.(endpoint.redact(withoutSummary(endpoint.host, trouble.message)))
      }
      return other
    },
  }
  return {
    name: 'responses',
    model: settings.model,
    parameters: readParameters(settings, endpoint),
    longestReply: longestReply(settings, ['max_output_tokens']),
    reason: askPatiently(wire, asked, settings),
    check: (signal) => checkModels(client, asked, signal),
  }
}

function withoutSummary(host: string, message: string): string {
  return `${host} gives no summary of the reasoning, so its replies have no trace. It said: ${message.slice(0, 400)}`
}
