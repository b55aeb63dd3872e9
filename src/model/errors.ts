/** Everything whygraph throws on purpose. `message` says what and where, `hint` what to do next. */
export class WhygraphError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly place: string | undefined

  constructor(code: string, message: string, details: { hint?: string; place?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.hint = details.hint
    this.place = details.place
  }
}

/** Wrong arguments or settings: exit code 2. */
export class UsageError extends WhygraphError {}

/** A file, reply or record that cannot be taken as it is. */
export class InputError extends WhygraphError {}

/** An id, document or row that is not there: exit code 3. */
export class NotFoundError extends WhygraphError {}

/** Somebody else changed it meanwhile: exit code 4. */
export class ConflictError extends WhygraphError {}

/** Something that whygraph refuses to do by policy (a write through `query`): exit code 5. */
export class RefusedError extends WhygraphError {}

/** The model's endpoint failed. `status` is the HTTP status where there was one. */
export class EngineError extends WhygraphError {
  readonly engine: string
  readonly status: number | undefined
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** Whether every further request of this job would fail alike (wrong key, unknown model, no balance). */
  readonly fatal: boolean
  /** Whether a request went out that may be charged for, being neither refused nor without anybody to reach. */
  readonly mayCost: boolean

  constructor(
    code: string,
    message: string,
    details: {
      engine: string
      status?: number
      retryable?: boolean
      fatal?: boolean
      mayCost?: boolean
      hint?: string
      place?: string
      cause?: unknown
    },
  ) {
    super(code, message, details)
    this.engine = details.engine
    this.status = details.status
    this.retryable = details.retryable ?? false
    this.fatal = details.fatal ?? false
    this.mayCost = details.mayCost ?? true
  }
}

/** The store failed or cannot be reached: exit code 6. */
export class StoreError extends WhygraphError {
  readonly retryable: boolean

  constructor(
    code: string,
    message: string,
    details: { retryable?: boolean; hint?: string; place?: string; cause?: unknown } = {},
  ) {
    super(code, message, details)
    this.retryable = details.retryable ?? false
  }
}
