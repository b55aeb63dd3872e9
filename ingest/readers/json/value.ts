/** A value of a JSON or YAML document with the line on which it begins. Texts are the source's own: `4.70`, `007`. */
export type Value = ScalarValue | ListValue | RecordValue

export interface ScalarValue {
  readonly kind: 'scalar'
  /** What is written, without quotes; '' for null. */
  readonly text: string
  readonly isString: boolean
  readonly line: number
  /** Whether each line of the text is a line of the source (a literal block of YAML). */
  readonly isLiteral?: boolean
}

export interface ListOf<Item> {
  readonly kind: 'list'
  readonly items: readonly Item[]
  readonly line: number
}

export type ListValue = ListOf<Value>

export interface RecordValue {
  readonly kind: 'record'
  readonly entries: readonly Entry[]
  readonly line: number
}

export interface Entry {
  readonly key: string
  readonly value: Value
}

/** No document of people is nested deeper; what is bounded here may be walked by calls. */
export const MAX_DEPTH = 64
/** Values of one document; each costs some 100 bytes. */
export const MAX_VALUES = 3_000_000

/** The value as JSON without white space, for what is too deep for a column of its own. */
export function compact(value: Value): string {
  if (value.kind === 'list') return `[${value.items.map(compact).join(',')}]`
  if (value.kind === 'record')
    return `{${value.entries.map(({ key, value }) => `${JSON.stringify(key)}:${compact(value)}`).join(',')}}`
  if (value.isString) return JSON.stringify(value.text)
  return value.text === '' ? 'null' : value.text
}

export function isRecord(value: Value): value is RecordValue {
  return value.kind === 'record'
}

export function isScalar(value: Value): value is ScalarValue {
  return value.kind === 'scalar'
}
