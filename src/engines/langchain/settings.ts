import { UsageError } from '../../model/errors.ts'
import type { RemoteSettings } from '../request/remote-settings.ts'
import { particularsOf } from './providers.ts'
import { withoutSecrets } from './secrets.ts'

export interface LangChainSettings extends RemoteSettings {
  /** `provider:model`, as LangChain's `initChatModel` takes it. */
  readonly model: string
  /** Null: the provider's package looks for it where it always does. */
  readonly apiKey: string | null
  /** Null: the provider's own address. */
  readonly baseUrl: string | null
  /** Handed to the provider's package as they are. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Where to look for the packages, before whygraph's own folder. */
  readonly folders: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** @throws UsageError where the model is not named so that it can be used */
export function readName(model: string): { readonly provider: string; readonly name: string } {
  const [provider = '', ...rest] = model.split(':')
  const name = rest.join(':')
  if (provider.trim() === '' || name.trim() === '')
    throw new UsageError('no-model', `the engine langchain wants its model as PROVIDER:MODEL, not “${model}”`, {
      hint: 'For example google:MODEL, anthropic:MODEL or mistralai:MODEL.',
    })
  // When its stream breaks, a promise that nobody can catch is rejected, which ends the process.
  if (provider === 'google-genai')
    throw new UsageError('unsafe-provider', 'a stream that breaks in @langchain/google-genai stops the whole process', {
      hint: `Take the newer package: --model google:${name}, npm install @langchain/google.`,
    })
  return { provider, name }
}

/** Whether the user says how. */
export function saysHowToThink({ options = {}, ...settings }: LangChainSettings, provider: string): boolean {
  const said = { ...commonOptions(settings), ...options }
  return (particularsOf(provider).thinkingOptions ?? []).some((name) => name in said)
}

/** The user's settings, by name, beside which the provider does not think. */
export function forbidsToThink({ options = {}, ...settings }: LangChainSettings, provider: string): readonly string[] {
  const said = { ...commonOptions(settings), ...options }
  return (particularsOf(provider).thoughtless ?? []).filter((name) => name in said)
}

/** What the provider's package is given. @throws UsageError where it is not known how the package takes an address */
export function modelOptions(
  settings: LangChainSettings,
  provider: string,
  asksToThink: boolean,
): Readonly<Record<string, unknown>> {
  const { thinking, clientOptions } = particularsOf(provider)
  const { apiKey, options = {} } = settings
  const own = options['clientOptions']
  return {
    ...commonOptions(settings),
    ...(apiKey === null ? {} : { apiKey }),
    ...addressOption(settings.baseUrl, provider),
    ...(asksToThink ? thinking : {}),
    ...options,
    // The user's own add to ours.
    ...(clientOptions === undefined
      ? {}
      : { clientOptions: { ...clientOptions, ...(typeof own === 'object' ? own : {}) } }),
    // To try again is ours.
    maxRetries: 0,
  }
}

const TOKEN_LIMIT = /^(?:max_?(?:output_?|completion_?)?tokens|num_?predict)$/i

/** Tokens that a reply may have at most. Which name the package reads is its own to know: the largest limit counts. */
export function longestReply({ options = {}, ...settings }: LangChainSettings): number | null {
  const sent = { ...commonOptions(settings), ...options }
  const inner = ['modelKwargs', 'invocationKwargs'].map((name) => options[name])
  const limits = [sent, ...inner].flatMap((values) =>
    Object.entries(values ?? {}).flatMap(([name, value]) => (TOKEN_LIMIT.test(name) ? [Number(value)] : [])),
  )
  // Ollama's -1 is no limit.
  return limits.length > 0 && limits.every((limit) => limit > 0) ? Math.max(...limits) : null
}

/** whygraph's settings under the names that the packages have for them; each takes what it knows. */
function commonOptions({ temperature, topP, maxOutputTokens, reasoningEffort }: RemoteSettings): object {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxOutputTokens === undefined
      ? {}
      : { maxTokens: maxOutputTokens, maxOutputTokens, numPredict: maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort, outputConfig: { effort: reasoningEffort } }),
  }
}

function addressOption(baseUrl: string | null, provider: string): Readonly<Record<string, unknown>> {
  const { baseUrl: option, ownAddress } = particularsOf(provider)
  const address = baseUrl ?? ownAddress
  if (address === undefined) return {}
  if (option !== undefined) return { [option]: address }
  throw new UsageError('bad-base-url', `whygraph does not know how ${provider} takes its address`, {
    hint: 'Leave baseUrl out, and set it in options under the name that its package has for it.',
  })
}

/** Where it is asked, for messages and limits: without a login that the address may hold. */
export function addressOf(baseUrl: string | null, provider: string): { readonly host: string; readonly url: string } {
  const parsed = baseUrl === null ? null : URL.parse(baseUrl)
  if (parsed === null) return { host: provider, url: provider }
  return { host: parsed.host, url: `${parsed.origin}${parsed.pathname}` }
}

/** What decides the reply, and never a secret. */
export function readParameters(
  { temperature, topP, maxOutputTokens, reasoningEffort, baseUrl, options }: LangChainSettings,
  provider: string,
  hide: (text: string) => string,
): Record<string, unknown> {
  const host = baseUrl === null ? undefined : addressOf(baseUrl, provider).host
  const shown = options === undefined ? undefined : withoutSecrets(options)
  const all = { provider, host, temperature, topP, maxOutputTokens, reasoningEffort, options: shown }
  return JSON.parse(hide(JSON.stringify(all)))
}
