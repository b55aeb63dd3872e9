import { z } from 'zod'
import type { DocumentKind } from '../model/document.ts'
import type { ChunkFeatures } from './features.ts'
import type { ReplyFeatures } from './reply-features.ts'

/** Whether something measured is as a rule wants it. `text` says so as it stands in the settings. */
export interface Condition<Feature extends string = string> {
  readonly feature: Feature
  readonly text: string
  readonly holds: (value: string | number | boolean) => boolean
}

/** All conditions of a rule hold, or the rule does not. */
export type Conditions<Features> = readonly Condition<keyof Features & string>[]

/** What was measured of the features that conditions speak of, as `names 9`. */
export function measured<Features extends object>(conditions: Conditions<Features>, features: Features): string[] {
  return conditions.map(({ feature }) => `${feature} ${shown(features[feature])}`)
}

export function allHold<Features extends object>(conditions: Conditions<Features>, features: Features): boolean {
  return conditions.every(({ feature, holds }) => holds(features[feature] as string | number | boolean))
}

/** `names >= 8, hedges > 0` */
export function describeConditions(conditions: readonly Condition[]): string {
  return conditions.map(({ feature, text }) => `${feature} ${text}`).join(', ')
}

/** Two decimals are enough for people, and for what a rule names. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value)
}

const COMPARISON = /^(<=|>=|<|>|=)? ?(\d+(?:\.\d+)?)$/
const COMPARISON_FORM = "must be a comparison with a number, in quotes: '>= 8', '< 0.6' or '= 0'"
const BY_SIGN: Readonly<Record<string, (value: number, than: number) => boolean>> = {
  '<': (value, than) => value < than,
  '<=': (value, than) => value <= than,
  '>': (value, than) => value > than,
  '>=': (value, than) => value >= than,
  '=': (value, than) => value === than,
}

/** Settings of one feature → what it takes for a rule to hold. */
type Check = Omit<Condition, 'feature'>

const number = z.union([z.string(), z.number()], COMPARISON_FORM).transform((said, context): Check => {
  const [, sign = '=', than] = COMPARISON.exec(String(said).trim()) ?? []
  const compare = BY_SIGN[sign]
  if (than === undefined || compare === undefined) {
    context.addIssue({ code: 'custom', message: COMPARISON_FORM })
    return z.NEVER
  }
  return { text: `${sign} ${than}`, holds: (value) => compare(Number(value), Number(than)) }
})

const flag = z.boolean('must be true or false').transform((said): Check => {
  return { text: String(said), holds: (value) => value === said }
})

const KINDS: readonly DocumentKind[] = ['document', 'transcript', 'chat', 'table', 'mail', 'archive']
const KIND_FORM = `must be one of ${KINDS.join(', ')}, or a list of such`
const oneKind = z.enum(KINDS, KIND_FORM)
const kinds = z.union([oneKind, z.array(oneKind).min(1)], KIND_FORM).transform((said): Check => {
  const some: readonly string[] = typeof said === 'string' ? [said] : said
  return { text: some.join(' or '), holds: (value) => some.includes(String(value)) }
})

/** What a rule may ask of a chunk, see {@link ChunkFeatures}. */
export const chunkConditions = conditionsOf<ChunkFeatures>({
  kind: kinds,
  tokens: number,
  units: number,
  names: number,
  hedges: number,
  negations: number,
  speakers: number,
  table: flag,
})

/** The same of the first reply about it, see {@link ReplyFeatures}. */
export const replyConditions = conditionsOf<ReplyFeatures>({
  failure: flag,
  links: number,
  confidence: number,
  leastConfidence: number,
  missing: number,
  refused: number,
  held: number,
  unlinked: number,
  disagreement: number,
})

function conditionsOf<Features>(checks: Readonly<Record<keyof Features & string, z.ZodType<Check>>>) {
  const names = Object.keys(checks)
  const optional = Object.fromEntries(
    Object.entries<z.ZodType<Check>>(checks).map(([name, one]) => [name, one.optional()]),
  )
  return z
    .strictObject(optional, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `has ${issue.keys.map((key) => `'${key}'`).join(', ')}, which is not measured: ${names.join(', ')} are`
          : undefined,
    })
    .refine((said) => Object.keys(said).length > 0, `says nothing: name at least one of ${names.join(', ')}`)
    .transform((said) =>
      Object.entries(said).flatMap(([feature, one]) => (one === undefined ? [] : [{ feature, ...one }])),
    )
    .transform((said) => said as unknown as Conditions<Features>)
}
