import { UsageError } from '../../model/errors.ts'

/** Where to ask and with what: credentials apart from the address that may be shown. */
export interface Endpoint {
  /** Without credentials, query and closing slash; `/chat/completions` or `/responses` is appended to it. */
  readonly url: string
  /** Host and port, for people and for `Engine.parameters`. */
  readonly host: string
  readonly query: Readonly<Record<string, string>>
  /** Value of the `Authorization` header, or null for servers that want none. */
  readonly authorization: string | null
  /** Takes every secret out of a text: servers like to quote the key that they refuse. */
  readonly redact: (text: string) => string
}

/** Checks address and key once. @throws UsageError, which never quotes the key. */
export function readEndpoint(baseUrl: string, apiKey: string | null): Endpoint {
  const address = parseAddress(baseUrl)
  const key = apiKey?.trim() || null
  // A header cannot carry other characters, and the runtime's own error would quote the key.
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError('bad-api-key', `The API key for ${address.host} has characters that no key has.`, {
      hint: 'Look for line breaks, spaces or typographic quotes that were copied along with it.',
    })
  }
  const password = decode(address.password)
  const basic = Buffer.from(`${decode(address.username)}:${password}`).toString('base64')
  const hasLogin = address.username !== '' || address.password !== ''
  if (hasLogin && key !== null) {
    throw new UsageError('two-credentials', `The base URL for ${address.host} holds a login beside the API key.`, {
      hint: 'Only one of the two can be sent: take the login out of the URL, or unset the key.',
    })
  }
  const query = Object.fromEntries(address.searchParams)
  const queryKeys = Object.entries(query).flatMap(([name, value]) =>
    /key|token|secret|sig|auth/i.test(name) ? [value] : [],
  )
  const secrets = [key ?? '', hasLogin ? basic : '', password, address.password, ...queryKeys]
  return {
    url: `${address.origin}${address.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|responses)$/, '')}`,
    host: address.host,
    query,
    authorization: key !== null ? `Bearer ${key}` : hasLogin ? `Basic ${basic}` : null,
    redact: (text) => redact(text, secrets),
  }
}

function parseAddress(baseUrl: string): URL {
  const hint = 'It looks like https://api.example.com/v1 or http://localhost:11434/v1.'
  const address = URL.parse(baseUrl.trim())
  // What cannot be parsed is not quoted: a login in it could not be told from the rest.
  if (address === null) throw new UsageError('bad-base-url', 'The base URL of the model is not a URL.', { hint })
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    const message = `The base URL of the model begins with "${address.protocol}", not with http: or https:.`
    throw new UsageError('bad-base-url', message, { hint })
  }
  return address
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The text without the secrets, and without what looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    // Shorter ones stand in for a key that nobody checks (`none`, `ollama`): hiding the word would garble messages.
    if (secret.length < 8) continue
    clean = clean.replaceAll(secret, '[secret]').replaceAll(JSON.stringify(secret).slice(1, -1), '[secret]')
  }
  return clean.replace(/\b(Bearer|Basic)\s+[\w.~+/*=-]{6,}/gi, '$1 [secret]').replace(/\bsk-[\w*.-]{6,}/g, '[secret]')
}
