import { z } from 'zod'
import { EFFORT_LEVELS } from '../model/effort.ts'
import { chunkConditions, replyConditions } from './conditions.ts'
import type { Routing } from './routing.ts'

/** Names of engines stand in marks and variables. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,29}$/
const name = z.string().regex(NAME, 'must be a name of letters and digits, such as small or large')
const KINDS = ['rules', 'replay', 'chat', 'responses', 'langchain'] as const
/** That engine is always there. */
const RULES = 'rules'

/** What an engine of `engines` may say of itself; see the settings of the same names. */
const engineShape = z
  .strictObject({
    engine: z.enum(KINDS),
    model: z.string().min(1).optional(),
    baseUrl: z.url({ protocol: /^https?$/ }).optional(),
    apiKeyVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional(),
    temperature: z.number().min(0).max(2).optional(),
    topP: z.number().gt(0).max(1).optional(),
    maxOutputTokens: z.number().int().positive().optional(),
    reasoningEffort: z.string().min(1).optional(),
    stream: z.boolean().optional(),
    idleSeconds: z.number().positive().optional(),
    body: z.record(z.string(), z.unknown()).optional(),
    options: z.record(z.string(), z.unknown()).optional(),
    replies: z.string().min(1).optional(),
    effort: z.enum(EFFORT_LEVELS, `must be one of ${EFFORT_LEVELS.join(', ')}`).optional(),
    samples: z.number().int().min(1).max(9).optional(),
    tokensInFlight: z.number().int().positive().optional(),
    requestsPerMinute: z.number().int().positive().optional(),
    tokensPerMinute: z.number().int().positive().optional(),
  })
  .superRefine(({ engine, model, replies }, context) => {
    if (engine === 'replay' && replies === undefined)
      context.addIssue({
        code: 'custom',
        path: ['engine'],
        message: 'is replay, and replies does not say which to play',
      })
    if (engine !== 'replay' && engine !== 'rules' && model === undefined)
      context.addIssue({ code: 'custom', path: ['engine'], message: `is ${engine}, and no model is named beside it` })
  })

const firstRule = z
  .strictObject({
    when: chunkConditions,
    use: z.union([name, z.array(name).length(2)], 'must name an engine, or a list of two'),
  })
  .transform(({ when, use }) => ({ when, use: [use].flat() }))
const afterRule = z.strictObject({ when: replyConditions, use: name })

const routesShape = z
  .strictObject({
    rules: z.array(firstRule).default([]),
    default: z
      .union([name, z.array(name).length(2)], 'must name an engine, or a list of two')
      .transform((use) => [use].flat()),
    after: z.array(afterRule).default([]),
    maxShare: z.record(name, z.number().min(0).max(1)).default({}),
    keep: z.enum(['last', 'both']).default('last'),
  })
  .transform((said): Routing => said)

const enginesShape = z.record(name, engineShape).superRefine((engines, context) => {
  for (const [own, { engine }] of Object.entries(engines))
    if (own !== engine && KINDS.some((kind) => kind === own))
      context.addIssue({
        code: 'custom',
        path: [own],
        message: `is ${engine}, and ${own} is another kind of engine: give it a name of its own, such as small or large`,
      })
})

/** The settings that say which engine reads a chunk: `engines` by name, and `routes` among them. */
export const routeSettings = {
  engines: enginesShape.default({}),
  routes: routesShape.optional(),
}

/** Where there are engines and no routes: of a single one it is clear that it reads all. Null: of several it is not. */
export function routesOfOne(engines: Readonly<Record<string, unknown>>): Routing | null {
  const [one, ...others] = Object.keys(engines)
  return one === undefined || others.length > 0 ? null : routesShape.parse({ default: one })
}

/** What is wrong with routes beside the engines that there are, and under which keys; null: nothing. */
export function routeProblem(
  routing: Routing,
  engines: Readonly<Record<string, { readonly engine: string; readonly model?: string | undefined }>>,
): { readonly path: readonly (string | number)[]; readonly message: string } | null {
  const known = [...new Set([...Object.keys(engines), RULES])]
  const named: [readonly (string | number)[], string][] = [
    ...routing.rules.flatMap(({ use }, at) =>
      use.map((one) => [['rules', at, 'use'], one] as [(string | number)[], string]),
    ),
    ...routing.default.map((one): [string[], string] => [['default'], one]),
    ...routing.after.map(({ use }, at): [(string | number)[], string] => [['after', at, 'use'], use]),
    ...Object.keys(routing.maxShare).map((one): [string[], string] => [['maxShare', one], one]),
  ]
  const stranger = named.find(([, one]) => !known.includes(one))
  if (stranger !== undefined)
    return { path: stranger[0], message: `names ${stranger[1]}, but engines has only ${known.join(', ')}` }
  const scarce = routing.default.find((one) => Object.hasOwn(routing.maxShare, one))
  if (scarce !== undefined)
    return {
      path: ['default'],
      message: `is ${scarce}, which has a maxShare: the default takes what finds no room elsewhere`,
    }
  const idOf = (one: string): string => JSON.stringify([engines[one]?.engine ?? RULES, engines[one]?.model])
  const firsts = [
    ...routing.rules.map(({ use }, at) => ({ path: ['rules', at, 'use'], use })),
    { path: ['default'], use: routing.default },
  ]
  const twin = firsts.find(({ use: [a = '', b] }) => b !== undefined && idOf(a) === idOf(b))
  if (twin !== undefined)
    return { path: twin.path, message: `has ${twin.use.join(' and ')} read a chunk, which are one model` }
  const later = routing.keep === 'both' ? routing.after : []
  for (const [at, { use }] of later.entries()) {
    const earlier = [...firsts.flatMap((first) => first.use), ...later.slice(0, at).map((one) => one.use)]
    const same = earlier.find((one) => one !== use && idOf(one) === idOf(use))
    if (same !== undefined)
      return {
        path: ['after', at, 'use'],
        message: `is ${use}, which is one model with ${same}: of one model the last reading counts, whatever keep says`,
      }
  }
  const alone = routing.after.findIndex(({ when }) => when.some(({ feature }) => feature === 'disagreement'))
  if (alone >= 0 && [...routing.rules, { use: routing.default }].every(({ use }) => use.length < 2))
    return {
      path: ['after', alone, 'when'],
      message: 'speaks of disagreement, but no rule has two engines read a chunk: use: [small, other]',
    }
  return null
}
