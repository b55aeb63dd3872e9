import type { OpenAiSettings } from '../request/remote-settings.ts'
import type { Trouble } from '../request/trouble.ts'

/** In what servers differ, found out by asking. */
export interface Dialect {
  readonly usageInStream: boolean
  readonly tokenLimit: 'max_tokens' | 'max_completion_tokens'
}

export const COMMON_DIALECT: Dialect = { usageInStream: true, tokenLimit: 'max_tokens' }

/**
 * One user message; no system message, which models of the R1 family take badly; no `response_format`, which on
 * local servers switches the thinking off.
 */
export function buildBody(settings: OpenAiSettings, prompt: string, dialect: Dialect): Record<string, unknown> {
  const stream = settings.stream ?? true
  return {
    ...(stream && dialect.usageInStream ? { stream_options: { include_usage: true } } : {}),
    ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    ...(settings.topP === undefined ? {} : { top_p: settings.topP }),
    ...(settings.maxOutputTokens === undefined ? {} : { [dialect.tokenLimit]: settings.maxOutputTokens }),
    ...(settings.reasoningEffort === undefined ? {} : { reasoning_effort: settings.reasoningEffort }),
    ...settings.body,
    model: settings.model,
    messages: [{ role: 'user', content: prompt }],
    stream,
  }
}

const UNKNOWN_FIELD =
  /(?:unknown|unrecogni[sz]ed|unsupported|unexpected|extra|additional).{0,30}(?:field|param|arg|input|key|propert)|extra_forbidden/i

/** Another dialect to try after a refusal, or null where the refusal is about something else. */
export function otherDialect(dialect: Dialect, body: Record<string, unknown>, trouble: Trouble): Dialect | null {
  if (trouble.kind !== 'refused' || (trouble.status !== 400 && trouble.status !== 422)) return null
  // OpenAI's reasoning models: "Use 'max_completion_tokens' instead."
  if ('max_tokens' in body && /max_completion_tokens/.test(trouble.details)) {
    return dialect.tokenLimit === 'max_tokens' ? { ...dialect, tokenLimit: 'max_completion_tokens' } : null
  }
  const isAboutUsage = /stream_options|include_usage/.test(trouble.details) || UNKNOWN_FIELD.test(trouble.details)
  return dialect.usageInStream && 'stream_options' in body && isAboutUsage ? { ...dialect, usageInStream: false } : null
}
