interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean
}

const patientDispatcher: Dispatcher = {
  dispatch(options, handler) {
    // The documented place of undici's own dispatcher: going through it keeps the user's proxy.
    const current: Dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
    return current.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler)
  },
}

/** Node's fetch gives up after 300 s without a header or a byte; how long to wait is the engine's to say. */
export function patientFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  return fetch(input, { ...init, dispatcher: patientDispatcher } as RequestInit)
}
