import type { OpenAiSettings } from '../request/remote-settings.ts'
import type { Trouble } from '../request/trouble.ts'

/** How much of the reasoning is asked for; found out by asking, since models and accounts differ in what they give. */
export interface Dialect {
  /** Null: nothing. */
  readonly summary: 'detailed' | 'auto' | null
}

export const COMMON_DIALECT: Dialect = { summary: 'detailed' }

/** One user message, not stored at the provider's. What the settings say in `body.reasoning` wins over `summary`. */
export function buildBody(settings: OpenAiSettings, prompt: string, { summary }: Dialect): Record<string, unknown> {
  const { reasoning: own, ...body } = settings.body ?? {}
  const reasoning: Record<string, unknown> = {
    ...(settings.reasoningEffort === undefined ? {} : { effort: settings.reasoningEffort }),
    ...(summary === null ? {} : { summary }),
    ...(typeof own === 'object' ? own : {}),
  }
  if (summary === null) delete reasoning['summary']
  return {
    ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    ...(settings.topP === undefined ? {} : { top_p: settings.topP }),
    ...(settings.maxOutputTokens === undefined ? {} : { max_output_tokens: settings.maxOutputTokens }),
    ...(Object.keys(reasoning).length === 0 ? {} : { reasoning }),
    store: false,
    ...body,
    model: settings.model,
    input: [{ role: 'user', content: prompt }],
    stream: settings.stream ?? true,
  }
}

/**
 * OpenAI refuses `reasoning.summary` to organisations that are not verified, `detailed` for models that know only
 * `auto`, and any summary for models that do not reason.
 */
export function otherDialect({ summary }: Dialect, trouble: Trouble): Dialect | null {
  const isRefusal = trouble.kind === 'refused' && (trouble.status === 400 || trouble.status === 422)
  if (!isRefusal || summary === null || !/reasoning\W{0,5}summar/i.test(trouble.details)) return null
  return { summary: summary === 'detailed' && /supported values are/i.test(trouble.details) ? 'auto' : null }
}
