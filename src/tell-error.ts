import {
  ConflictError,
  EngineError,
  InputError,
  NotFoundError,
  RefusedError,
  StoreError,
  UsageError,
  WhygraphError,
} from './model/errors.ts'
import { printableJson, printableLines } from './terminal/printable.ts'

/** How an error is told: with its stack; as one line of JSON. */
export interface Telling {
  readonly debug: boolean
  readonly json: boolean
}

const FAULT = { kind: 'fault', exitCode: 70 } as const
const FAULT_HINT = 'This is a fault of whygraph itself: please report it with what --debug prints.'

/** Tells what ended a command, for a person or as JSON, and returns its exit code. */
export function tellError(error: unknown, { debug, json }: Telling, say: (text: string) => void): number {
  const { kind, exitCode } = kindOf(error)
  const { code = kind, hint = error instanceof WhygraphError ? undefined : FAULT_HINT } =
    error instanceof WhygraphError ? error : {}
  const message = error instanceof Error ? error.message : String(error)
  const stack = debug && error instanceof Error ? withCauses(error) : undefined
  if (json) {
    say(printableJson({ error: { kind, code, message, hint, exitCode, stack } }))
    return exitCode
  }
  say(`error: ${printableLines(message)}`)
  if (hint !== undefined && hint !== '') say(printableLines(hint))
  if (stack !== undefined) say(printableLines(stack))
  return exitCode
}

function withCauses(error: Error): string {
  const own = error.stack ?? String(error)
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own
}

function kindOf(error: unknown): { readonly kind: string; readonly exitCode: number } {
  if (error instanceof UsageError) return { kind: 'usage', exitCode: 2 }
  if (error instanceof NotFoundError) return { kind: 'not-found', exitCode: 3 }
  if (error instanceof ConflictError) return { kind: 'conflict', exitCode: 4 }
  if (error instanceof RefusedError) return { kind: 'refused', exitCode: 5 }
  if (error instanceof StoreError) return { kind: 'store', exitCode: 6 }
  if (error instanceof EngineError) return { kind: 'engine', exitCode: 6 }
  return error instanceof InputError ? { kind: 'input', exitCode: 1 } : FAULT
}
