/** `sources[2].folder`: where a value stands in a file. Items are counted from 1, as a person would. */
export function formatKey(path: readonly PropertyKey[]): string {
  let key = ''
  for (const part of path) key += typeof part === 'number' ? `[${part + 1}]` : `${key === '' ? '' : '.'}${String(part)}`
  return key
}
