/**
 * What a server sends is read field by field: one in a form that nobody knows is passed over, never a reason to stop. By
 * hand, since a schema takes longer over a chunk of a stream than all else that is done to it.
 */
export type Fields = Readonly<Record<string, unknown>>

/** Null where it is no object. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export function numberOf(value: unknown): number | null {
  return Number.isFinite(value) ? (value as number) : null
}

/** A number of tokens, or an amount. */
export function countOf(value: unknown): number | null {
  const number = numberOf(value)
  return number !== null && number >= 0 ? number : null
}

/** Null where it is no list. */
export function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null
}

/** An error inside a response. */
export interface WireError {
  readonly message: string
  readonly code: string | number | null
  readonly type: string | null
}

export function readWireError(error: Fields): WireError {
  return { message: textOf(error['message']) ?? 'no message', code: codeOf(error['code']), type: textOf(error['type']) }
}

/** Some servers send a number. */
export function codeOf(value: unknown): string | number | null {
  return textOf(value) ?? numberOf(value)
}
