/** What Node says of a connection that failed, in words that tell what happened, where its own do not. */
export function clearer(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  // Node calls it `aborted`, whoever hung up.
  if (error.code === 'ECONNRESET') return withCode('the other side hung up', error.code)
  const reason = error.code === 'EPROTO' ? /SSL routines:[^:]*:([^:\n]+)/.exec(error.message)?.[1] : undefined
  return reason === undefined ? error : withCode(reason, `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`)
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}
