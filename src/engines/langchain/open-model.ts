import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fileOfPackage, findPackage } from '../../find-package.ts'
import { UsageError, WhygraphError } from '../../model/errors.ts'
import { particularsOf } from './providers.ts'

/** What whygraph uses of a LangChain chat model. */
export interface ChatModel {
  invoke(input: readonly ChatInput[], options: { readonly signal: AbortSignal }): Promise<unknown>
  stream(input: readonly ChatInput[], options: { readonly signal: AbortSignal }): Promise<AsyncIterable<unknown>>
}

interface ChatInput {
  readonly role: 'user'
  readonly content: string
}

interface LangChain {
  initChatModel(model: string, options: Readonly<Record<string, unknown>>): Promise<ChatModel>
}

/**
 * The `langchain` package is the user's: looked for from the folders where the user works, then beside whygraph.
 * @throws UsageError which names the package that is missing, and the command that installs it
 */
export async function loadLangChain(
  folders: readonly string[],
  own: string = import.meta.filename,
): Promise<LangChain> {
  const places = [...folders.map((folder) => join(folder, 'here.js')), own]
  const found = places.map((place) => findPackage('langchain', place)).find((folder) => folder !== null)
  const file = found === undefined ? null : fileOfPackage(found, '.')
  if (file === null) throw missing('langchain')
  withoutTracing(process.env)
  const module: unknown = await import(pathToFileURL(file).href)
  if (typeof module === 'object' && module !== null && 'initChatModel' in module) return module as LangChain
  throw new UsageError('missing-package', `the package langchain in ${found} has no initChatModel`, {
    hint: 'Version 1 or later is needed: npm install langchain@latest',
  })
}

/**
 * A model of a provider, with these options.
 * @param name `provider:model`
 * @throws UsageError where the provider is unknown, its package missing, or its options or key not right
 */
export async function openModel(
  { initChatModel }: LangChain,
  name: string,
  options: Readonly<Record<string, unknown>>,
  redact: (text: string) => string,
): Promise<ChatModel> {
  try {
    return await initChatModel(name, options)
  } catch (error) {
    if (error instanceof WhygraphError || !(error instanceof Error)) throw error
    const missingName = /^Unable to import ([\w@/.-]+?)\. Please install/.exec(error.message)?.[1]
    if (missingName !== undefined) throw missing(missingName)
    const message = redact(error.message.split('\n\nTroubleshooting')[0] ?? '').trim()
    const isAboutKey = /\b(?:api.?key|credentials?)\b/i.test(message)
    const variable =
      particularsOf(name.split(':')[0] ?? '').keyVariable ?? 'the variable in which its package looks for it'
    throw new UsageError(isAboutKey ? 'no-api-key' : 'bad-model', `${name}: ${message}`, {
      hint: isAboutKey
        ? `Set ${variable}, or name another in the setting apiKeyVariable.`
        : 'Correct the settings that are sent along: temperature, topP, maxOutputTokens, reasoningEffort, options.',
    })
  }
}

function missing(packageName: string): UsageError {
  const provider = packageName === 'langchain' ? '@langchain/PROVIDER' : packageName
  const command = `npm install langchain @langchain/core ${provider}`
  return new UsageError(
    'missing-package',
    `the engine langchain needs the package ${packageName}, which is not installed: ${command}`,
    { hint: 'Run that in the folder where you work, or where whygraph itself is installed.' },
  )
}

/**
 * LangChain sends every prompt and reply to LangSmith, or all requests through its gateway, where a variable says so,
 * and prints them where another does. What whygraph reads goes to the model that was chosen and nowhere else.
 */
function withoutTracing(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment))
    if (/^(?:LANGSMITH_|LANGCHAIN_|LC_OUTPUT_VERSION$)/.test(name)) delete environment[name]
}
