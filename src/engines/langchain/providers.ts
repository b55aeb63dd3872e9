import { patientFetch } from './patient-fetch.ts'
import { LONGEST_TIMER } from '../request/watch.ts'

/**
 * What is particular to a provider of `initChatModel`; of others nothing is known but that LangChain knows them. Where
 * it is not said that a provider gives the raw trace, what it gives is called a summary: the lesser claim.
 */
interface Particulars {
  readonly givesRawTrace?: true
  /** Variable in which its package looks for the key. */
  readonly keyVariable?: string
  /** Option that takes the address of another endpoint. */
  readonly baseUrl?: string
  /** Its own address, where the package would let a variable name another. */
  readonly ownAddress?: string
  /** Options that make it think and show it; sent unless the user's own say how, and left out where refused. */
  readonly thinking?: Readonly<Record<string, unknown>>
  /** The user's options that say how it thinks. */
  readonly thinkingOptions?: readonly string[]
  /** Settings beside which it does not think at all. */
  readonly thoughtless?: readonly string[]
  /** `clientOptions` against retries and time-outs of the provider's own package. */
  readonly clientOptions?: Readonly<Record<string, unknown>>
}

const PROVIDERS: Readonly<Record<string, Particulars>> = {
  anthropic: {
    keyVariable: 'ANTHROPIC_API_KEY',
    baseUrl: 'anthropicApiUrl',
    ownAddress: 'https://api.anthropic.com',
    thinking: { thinking: { type: 'adaptive', display: 'summarized' } },
    thinkingOptions: ['thinking', 'invocationKwargs'],
    thoughtless: ['temperature', 'topP', 'topK'],
    // Without `authToken: null` it would send what stands in ANTHROPIC_AUTH_TOKEN to whatever server is asked.
    clientOptions: { fetch: patientFetch, timeout: LONGEST_TIMER, logLevel: 'off', authToken: null },
  },
  // -1: as much as the model likes. Without a budget or a level the package does not ask for thoughts.
  google: {
    keyVariable: 'GOOGLE_API_KEY',
    baseUrl: 'endpoint',
    thinking: { thinkingBudget: -1 },
    thinkingOptions: ['thinkingBudget', 'thinkingLevel', 'maxReasoningTokens', 'reasoningEffort'],
  },
  aws: { clientOptions: { maxAttempts: 1 } },
  bedrock: { clientOptions: { maxAttempts: 1 } },
  cerebras: { givesRawTrace: true },
  deepseek: { givesRawTrace: true },
  fireworks: { givesRawTrace: true },
  groq: { givesRawTrace: true },
  mistral: { givesRawTrace: true, baseUrl: 'serverURL' },
  mistralai: { givesRawTrace: true, baseUrl: 'serverURL' },
  ollama: { givesRawTrace: true, baseUrl: 'baseUrl' },
  together: { givesRawTrace: true },
}

export function particularsOf(provider: string): Particulars {
  return Object.hasOwn(PROVIDERS, provider) ? (PROVIDERS[provider] ?? {}) : {}
}

/** Bedrock's names of models that give what they think: `us.deepseek.r1-v1:0`, at the end of a profile's ARN as well. */
const RAW_ON_BEDROCK = /(?:^|[./])(?:deepseek|qwen|openai\.gpt-oss|mistral|moonshot(?:ai)?|minimax|zai)[.-]/

/** Bedrock hosts models of all kinds, and what a profile of the user's own stands for its name does not tell. */
export function givesRawTrace(provider: string, model: string): boolean {
  if (provider === 'bedrock' || provider === 'aws') return RAW_ON_BEDROCK.test(model)
  return particularsOf(provider).givesRawTrace ?? false
}
