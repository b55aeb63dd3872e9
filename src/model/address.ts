/** An address to connect to: the same without user name and password. */
export function withoutLogin(url: string): string {
  const { scheme, rest } = split(url)
  return scheme + rest.slice(rest.lastIndexOf('@') + 1)
}

/**
 * An address as people may see it: no user name, no password, and of a query only the names of its values, which are
 * keys and tokens often enough. A path stays as it is.
 */
export function withoutCredentials(url: string): string {
  const { scheme, rest } = split(url)
  if (scheme === '' && /^(?:[/\\]|[a-z]:[/\\])/i.test(url)) return url
  const at = rest.lastIndexOf('@')
  const end = rest.search(/[/?#]/)
  // A password in which `/`, `?` or `#` are not encoded reaches into what looks like the path: nothing before the
  // last `@` can be told from it. Where the `@` was a part of the path after all, one sees that something is missing.
  const gap = end >= 0 && at > end ? '…@' : ''
  const [address = '', query] = rest.slice(at + 1).split(/[?#]/)
  return scheme + gap + address + (query === undefined ? '' : `?${namesOf(query)}`)
}

function namesOf(query: string): string {
  return query
    .split('&')
    .map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=…` : '…'))
    .join('&')
}

/** One letter before the colon is a drive. An address that was taken for a folder has lost one of its slashes. */
function split(url: string): { scheme: string; rest: string } {
  const colon = url.indexOf(':/', 2)
  const length = colon < 0 ? 0 : colon + (url.startsWith('://', colon) ? 3 : 2)
  return { scheme: url.slice(0, length), rest: url.slice(length) }
}
