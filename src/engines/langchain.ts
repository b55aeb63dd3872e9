import type { Engine } from './engine.ts'
import { type ChatModel, loadLangChain, openModel } from './langchain/open-model.ts'
import { givesRawTrace, particularsOf } from './langchain/providers.ts'
import { isBlocked, readError } from './langchain/read-error.ts'
import { createReplyReader, REFUSED } from './langchain/read-reply.ts'
import { secretsIn } from './langchain/secrets.ts'
import {
  addressOf,
  forbidsToThink,
  longestReply,
  type LangChainSettings,
  modelOptions,
  readName,
  readParameters,
  saysHowToThink,
} from './langchain/settings.ts'
import { askPatiently } from './request/ask-patiently.ts'
import { redact } from './request/endpoint.ts'
import type { Asked } from './request/failure.ts'
import type { Trouble } from './request/trouble.ts'
import type { Wire } from './request/wire.ts'

/** Found out by asking. */
interface Dialect {
  /** A stream of Gemini's that ends without a word may be a refused prompt; only a whole response says so. */
  readonly isWhole: boolean
  /** Whether the provider is asked to think and to show it, where the user's options do not say how. */
  readonly asksToThink: boolean
}

/**
 * Any provider for which there is a LangChain package: Gemini, Anthropic, Bedrock, Mistral …
 * @throws UsageError where a package is missing, or an option or key not right
 */
export async function createLangChainEngine(settings: LangChainSettings): Promise<Engine> {
  const { provider, name } = readName(settings.model)
  const { options = {}, environment, apiKey } = settings
  const secrets = [apiKey ?? '', ...secretsIn(options), ...secretsIn(environment)]
  const hide = (text: string): string => redact(text, secrets)
  const particulars = particularsOf(provider)
  const { host, url } = addressOf(settings.baseUrl, provider)
  const asked: Asked = {
    engine: 'langchain',
    model: name,
    endpoint: { host, url, authorization: 'given', redact: hide },
    apiKeyName: (apiKey === null ? particulars.keyVariable : settings.apiKeyName) ?? 'the variable of its key',
    idleMilliseconds: (settings.idleSeconds ?? 300) * 1000,
    addressHint: `Does ${provider} have a model of this name, and is baseUrl right where it is set?`,
    sentAlong: 'temperature, topP, maxOutputTokens, reasoningEffort, options',
  }

  const langChain = await loadLangChain(settings.folders)
  const models = new Map<boolean, Promise<ChatModel>>()
  const modelFor = ({ asksToThink }: Dialect): Promise<ChatModel> => {
    const known = models.get(asksToThink)
    if (known !== undefined) return known
    const model = openModel(langChain, settings.model, modelOptions(settings, provider, asksToThink), hide)
    models.set(asksToThink, model)
    return model
  }

  const said = new Set<string>()
  const sayOnce = (about: string, message: string): void => {
    if (!said.has(about)) settings.say?.(hide(message))
    said.add(about)
  }
  const mayThink = particulars.thinking !== undefined && !saysHowToThink(settings, provider)
  const forbidding = forbidsToThink(settings, provider)
  if (mayThink && forbidding.length > 0) {
    const left = `${host}: ${name} does not think beside ${forbidding.join(' and ')}, so its replies will have no trace`
    sayOnce('forbidden', `${left}: leave that out, or say how it thinks in the setting options.`)
  }
  const wire: Wire<Dialect> = {
    dialect: {
      isWhole: settings.stream === false,
      asksToThink: mayThink && forbidding.length === 0,
    },
    async send(prompt, dialect, signal) {
      const input = [{ role: 'user', content: prompt }] as const
      try {
        const model = await modelFor(dialect)
        const chunks = dialect.isWhole
          ? one(await model.invoke(input, { signal }))
          : each(await model.stream(input, { signal }), hide)
        return { headers: null, chunks }
      } catch (error) {
        if (isBlocked(error)) return { headers: null, chunks: one(REFUSED) }
        throw readError(error, 'unreachable', hide)
      }
    },
    createReader: ({ isWhole }) =>
      createReplyReader({
        provider,
        model: name,
        isWhole,
        givesRawTrace: givesRawTrace(provider, name),
        onWithheld: () =>
          sayOnce('withheld', `${host} withholds parts of the reasoning (redacted); the traces are without them.`),
      }),
    otherDialect(dialect, trouble) {
      if (trouble.reason === 'empty' && !dialect.isWhole) return { ...dialect, isWhole: true }
      if (!dialect.asksToThink || !isAboutThinking(trouble)) return null
      const message = `${host}: ${name} does not think as it was asked to, so it is not asked to (see the setting options).`
      sayOnce('thinking', `${message} It said: ${trouble.message.slice(0, 400)}`)
      return { ...dialect, asksToThink: false }
    },
    // That one stream was empty says nothing of the next.
    lasting: ({ asksToThink }) => ({ ...wire.dialect, asksToThink }),
  }
  // What is wrong with packages, options and keys is told before anything is read.
  await modelFor(wire.dialect)
  return {
    name: 'langchain',
    model: name,
    parameters: readParameters(settings, provider, hide),
    longestReply: longestReply(settings),
    reason: askPatiently(wire, asked, settings),
    check: async () => `${name} of ${provider}: its package is there, and a key; whether it answers was not tried`,
  }
}

function isAboutThinking(trouble: Trouble): boolean {
  const isRefusal = trouble.kind === 'refused' && (trouble.status === 400 || trouble.status === 422)
  return (isRefusal || trouble.kind === 'unmade') && /think|reasoning|adaptive/i.test(trouble.details)
}

async function* one(value: unknown): AsyncGenerator<readonly [unknown]> {
  yield [value]
}

async function* each(
  chunks: AsyncIterable<unknown>,
  hide: (text: string) => string,
): AsyncGenerator<readonly [unknown]> {
  try {
    for await (const chunk of chunks) yield [chunk]
  } catch (error) {
    throw readError(error, 'cut', hide)
  }
}
