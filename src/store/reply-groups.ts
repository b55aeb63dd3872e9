import type { ReplyGroup } from '../model/reply-group.ts'
import type { Cost, FinishReason, StepName } from '../model/reply.ts'
import type { Figures, GraphReader } from './database.ts'

const ALIKE = ['engine', 'model', 'fingerprint', 'finish', 'currency', 'costBasis', 'step', 'route', 'routeRule']
const FIGURES = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'reasoningTokensEstimate',
  'cost',
  'milliseconds',
]

/** Adds up all replies, those that broke off too: one pass over them, and few groups whatever their number. */
export async function readReplyGroups(reader: GraphReader): Promise<ReplyGroup[]> {
  const sums = await reader.sum('Reply', ALIKE, FIGURES)
  return sums.map(({ values, count, figures }) => {
    const [engine, model, fingerprint, finish, currency, basis, step, route, rule] = values
    const [input, cachedInput, output, reasoning, reasoningEstimate, cost, milliseconds] = figures
    return {
      engine: String(engine),
      model: String(model),
      fingerprint: String(fingerprint),
      ...(route == null ? {} : { route: { engine: String(route), rule: String(rule) } }),
      finish: finish as FinishReason,
      ...(typeof step === 'string' ? { step: step as StepName } : {}),
      cost:
        basis === null || basis === undefined
          ? null
          : { amount: sumOf(cost) ?? 0, currency: currency as string | null, basis: basis as Cost['basis'] },
      replies: count,
      counted: output?.count ?? 0,
      usage: {
        input: sumOf(input),
        cachedInput: sumOf(cachedInput),
        output: sumOf(output),
        reasoning: sumOf(reasoning),
      },
      reasoningEstimate: sumOf(reasoningEstimate),
      longest: output?.greatest ?? 0,
      milliseconds: sumOf(milliseconds) ?? 0,
    }
  })
}

function sumOf(figures: Figures | undefined): number | null {
  return figures === undefined || figures.count === 0 ? null : figures.sum
}
