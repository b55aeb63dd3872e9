import { UsageError } from '../model/errors.ts'
import type { Dialect } from './chat/body.ts'
import { COMMON_DIALECT, buildBody, otherDialect } from './chat/body.ts'
import type { ChatSettings } from './chat/chat-settings.ts'
import { createChatClient } from './chat/client.ts'
import { readEndpoint } from './chat/endpoint.ts'
import { describeWait, explain, mayAskAgain } from './chat/failure.ts'
import type { Asked } from './chat/failure.ts'
import { createReplyReader } from './chat/read-reply.ts'
import type { RetryClock } from './chat/retry.ts'
import { LONGEST_WAIT, REAL_CLOCK, waitBeforeTry } from './chat/retry.ts'
import { Trouble } from './chat/trouble.ts'
import { formatSeconds, watch } from './chat/watch.ts'
import { readModels } from './chat/wire.ts'
import type { Engine, EngineEvent, EngineRequest } from './engine.ts'

export type { ChatSettings } from './chat/chat-settings.ts'

/** The answer is complete, and only its usage may still come: a server that is silent now has hung up. */
const LAST_CHUNK_MILLISECONDS = 10_000

/** How long {@link Engine.check} waits. */
const CHECK_MILLISECONDS = 15_000

/**
 * Tries again while nothing of a reply has arrived; afterwards an error is thrown and the caller keeps the part
 * that was yielded, which is never repeated.
 * @throws UsageError where the base URL or the key cannot be used
 */
export function createChatEngine(settings: ChatSettings, clock: RetryClock = REAL_CLOCK): Engine {
  if (settings.model.trim() === '') {
    throw new UsageError('no-model', 'No model is named.', { hint: 'Name one as the server lists it at /v1/models.' })
  }
  const endpoint = readEndpoint(settings.baseUrl, settings.apiKey)
  const client = createChatClient(endpoint)
  const idleMilliseconds = (settings.idleSeconds ?? 300) * 1000
  const tries = 1 + (settings.retries ?? 4)
  const apiKeyName = settings.apiKeyName ?? 'OPENAI_API_KEY'
  const asked: Asked = { endpoint, model: settings.model, apiKeyName, idleMilliseconds }
  let known: Dialect = COMMON_DIALECT

  async function* reason(request: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    let dialect = known
    for (let tried = 1; ;) {
      const body = buildBody(settings, request.prompt, dialect)
      let hasArrived = false
      let trouble: Trouble
      try {
        for await (const event of askOnce(body, signal)) {
          hasArrived = true
          known = dialect
          yield event
        }
        return
      } catch (error) {
        if (!(error instanceof Trouble)) throw error
        trouble = error
      }
      const other = otherDialect(dialect, body, trouble)
      if (other !== null && !hasArrived) {
        dialect = other
        continue
      }
      if (hasArrived || tried >= tries || !mayAskAgain(trouble)) throw explain(trouble, asked)
      tried++
      await waitAloud(trouble, tried, signal)
    }
  }

  /** One request. Whatever ends it, the connection is closed and nothing that has arrived is kept back. */
  async function* askOnce(body: Record<string, unknown>, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    const connection = new AbortController()
    const reader = createReplyReader(settings.model)
    try {
      if (signal.aborted) throw new Trouble('aborted', 'aborted')
      let patience = 3 * idleMilliseconds
      const response = await watch(client.ask(body, connection.signal), patience, signal)
      const chunks = response[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await watch(chunks.next(), patience, signal)
          if (next.done === true) break
          yield* reader.take(next.value)
          if (reader.hasBegun()) patience = idleMilliseconds
          if (reader.isFinished()) patience = Math.min(idleMilliseconds, LAST_CHUNK_MILLISECONDS)
        }
      } catch (error) {
        // Some servers leave the line open after the last word, or drop it: the reply is whole nevertheless.
        const isLate = error instanceof Trouble && (error.kind === 'stalled' || error.kind === 'cut')
        if (!isLate || !reader.isFinished()) throw error
      }
      const finish = reader.finish()
      yield* reader.rest()
      yield finish
    } catch (error) {
      yield* reader.rest()
      throw error
    } finally {
      connection.abort()
    }
  }

  async function waitAloud(trouble: Trouble, next: number, signal: AbortSignal): Promise<void> {
    const milliseconds = waitBeforeTry(next - 1, trouble.headers, clock)
    if (milliseconds > LONGEST_WAIT) {
      const message = `${trouble.message} (asks to wait ${formatSeconds(milliseconds)})`
      const { kind, status, reason: why, headers, details, cause } = trouble
      throw explain(new Trouble(kind, message, { status, reason: why, headers, details, cause }), asked)
    }
    settings.onWait?.(describeWait(trouble, asked, milliseconds, next, tries))
    try {
      await clock.sleep(milliseconds, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
    if (signal.aborted) throw explain(new Trouble('aborted', 'aborted'), asked)
  }

  /** Asks for the list of models: the cheapest question that shows whether address and key are right. */
  async function check(signal: AbortSignal): Promise<string> {
    const where = `${settings.model} at ${endpoint.host}`
    const connection = new AbortController()
    try {
      const models = readModels(await watch(client.listModels(connection.signal), CHECK_MILLISECONDS, signal))
      if (models === null) return `${where}: it answers, but does not list its models`
      if (models.includes(settings.model)) return `${where}: it answers and knows the model`
      return `${where}: it answers, but the model is not among the ${models.length} that it lists`
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      // Not every server has such a list.
      if (error.status === 404 || error.status === 405) return `${where}: it answers, but does not list its models`
      throw explain(error, asked)
    } finally {
      connection.abort()
    }
  }

  const parameters = readParameters(settings, endpoint)
  return { name: 'chat', model: settings.model, parameters, reason, check }
}

/** What decides the reply. Not the stream, the patience or the key, which must not be stored. */
function readParameters(settings: ChatSettings, endpoint: Asked['endpoint']): Record<string, unknown> {
  const { temperature, topP, maxOutputTokens, reasoningEffort, body } = settings
  const parameters = { host: endpoint.host, temperature, topP, maxOutputTokens, reasoningEffort, body }
  // Through JSON: what is undefined goes, and a key that stands in `body` is found wherever it is.
  return JSON.parse(endpoint.redact(JSON.stringify(parameters)))
}
