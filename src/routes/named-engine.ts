import { resolve } from 'node:path'
import type { Settings } from '../settings.ts'

/** Settings that are about one engine and its endpoint: what a named engine does not say of itself, it has not. */
const OWN = new Set([
  'engine',
  'model',
  'temperature',
  'topP',
  'maxOutputTokens',
  'reasoningEffort',
  'body',
  'options',
  'replies',
])

/**
 * The settings as they are for one of `engines`. Its address is that of the others unless it has one of its own; and the key
 * of one endpoint is not for another: where no variable is named for it, an engine elsewhere has its key in
 * `WHYGRAPH_<NAME>_API_KEY`.
 */
export function settingsOfEngine(settings: Settings, name: string): Settings {
  const { values, origins } = settings
  const named = values.engines[name] ?? { engine: 'rules' }
  const place = `${origins.engines}, engines.${name}`
  const shared = Object.fromEntries(Object.entries(values).filter(([key]) => !OWN.has(key)))
  const { baseUrl = values.baseUrl } = named
  const isElsewhere = named.engine === 'langchain' || URL.parse(baseUrl)?.host !== URL.parse(values.baseUrl)?.host
  const key = named.apiKeyVariable ?? (isElsewhere ? `WHYGRAPH_${name.toUpperCase()}_API_KEY` : null)
  const replies = named.replies === undefined ? {} : { replies: resolve(settings.base, named.replies) }
  // What a variable, a flag or a source says of the effort holds for all of them.
  const effort = Object.fromEntries(
    (['effort', 'samples'] as const)
      .filter((setting) => ![settings.file, 'default'].includes(origins[setting]))
      .map((setting) => [setting, values[setting]]),
  )
  const own = { ...named, ...replies, ...effort, baseUrl, apiKeyVariable: key ?? values.apiKeyVariable }
  const said = Object.fromEntries(Object.keys(named).map((setting) => [setting, place]))
  // A provider of LangChain's is at no address of others.
  const nowhere = named.engine === 'langchain' && named.baseUrl === undefined ? { baseUrl: 'default' } : {}
  return {
    ...settings,
    values: { ...shared, ...own } as Settings['values'],
    origins: { ...origins, ...said, ...(key === null ? {} : { apiKeyVariable: place }), ...nowhere },
  }
}
