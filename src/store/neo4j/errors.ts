import { StoreError, WhygraphError } from '../../model/errors.ts'

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** What the driver threw, as an error that says what to do. Errors that are ours already stay as they are. */
export function translateError(cause: unknown, location: string, database: string | undefined): Error {
  if (cause instanceof WhygraphError) return cause
  const code = codeOf(cause)
  // Whatever else went wrong came from the caller's own work, and is the caller's to understand.
  if (code === '') return cause instanceof Error ? cause : new Error(String(cause))
  const message = cause instanceof Error ? cause.message : String(cause)

  if (code === 'ServiceUnavailable' || code === 'SessionExpired') {
    return new StoreError('store-unreachable', `Neo4j at ${location} does not answer.`, {
      hint: 'Is Neo4j running, and is NEO4J_URI right?',
      retryable: true,
      cause,
    })
  }
  if (code === 'Neo.ClientError.Security.AuthenticationRateLimit') {
    return new StoreError('store-unauthorised', `Neo4j at ${location} was given a wrong password too often.`, {
      hint: 'Wait a few seconds, then check NEO4J_USERNAME and NEO4J_PASSWORD.',
      cause,
    })
  }
  if (code === 'Neo.ClientError.Security.CredentialsExpired') {
    return new StoreError('store-unauthorised', `Neo4j at ${location} wants a new password before it is used.`, {
      hint: 'Change it with ALTER CURRENT USER SET PASSWORD, then set NEO4J_PASSWORD.',
      cause,
    })
  }
  if (code === 'Neo.ClientError.Security.Forbidden') {
    return new StoreError('store-forbidden', `Neo4j at ${location} does not let this user do that: ${message}`, {
      hint: 'whygraph needs a user who may read, write and make indexes (role architect, where there are roles).',
      cause,
    })
  }
  if (code.startsWith('Neo.ClientError.Security.')) {
    return new StoreError('store-unauthorised', `Neo4j at ${location} does not accept the user name and password.`, {
      hint: 'Check NEO4J_USERNAME and NEO4J_PASSWORD.',
      cause,
    })
  }
  if (code === 'Neo.ClientError.Database.DatabaseNotFound') {
    const name = database === undefined ? 'its home database' : `a database named ${database}`
    return new StoreError('database-not-found', `Neo4j at ${location} does not have ${name}.`, {
      hint: 'Check NEO4J_DATABASE, or leave it out for the home database.',
      cause,
    })
  }
  const retryable = code.startsWith('Neo.TransientError.')
  return new StoreError(retryable ? 'store-busy' : 'store-failed', `Neo4j at ${location}: ${message} (${code})`, {
    retryable,
    cause,
    ...(retryable ? { hint: 'Try again; if it goes on, look at the log of the server.' } : {}),
  })
}
