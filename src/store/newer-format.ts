import { StoreError } from '../model/errors.ts'

/** A store is never read or written by a whygraph that does not know its format: nothing of it was changed. */
export function newerFormat(
  where: string,
  { format, known, since }: { readonly format: number; readonly known: number; readonly since?: unknown },
): StoreError {
  const needed = typeof since === 'string' && /^\d+(\.\d+){0,2}$/.test(since) ? since : null
  const message = `${where} has format ${format}, which is newer than this whygraph knows (${known}). Nothing was changed.`
  const what = needed === null ? 'a newer whygraph' : `whygraph ${needed} or later`
  const version = needed === null ? 'latest' : `'>=${needed}'`
  return new StoreError('newer-format', message, { hint: `It needs ${what}: npm install -g whygraph@${version}` })
}
