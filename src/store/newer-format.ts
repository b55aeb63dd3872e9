import { StoreError } from '../model/errors.ts'

/**
 * A store is never read or written by a whygraph that does not know its format: nothing of it was changed. `since` is the
 * version that its format came with, `own` the one that came with the newest format that is known.
 */
export function newerFormat(
  where: string,
  {
    format,
    known,
    since,
    own,
  }: { readonly format: number; readonly known: number; readonly since?: unknown; readonly own?: string | undefined },
): StoreError {
  if (!Number.isInteger(format))
    return new StoreError('no-format', `${where} does not say which format it has. Nothing was changed.`, {
      hint: 'Something has altered it: restore a backup (whygraph restore), or name another store.',
    })
  const needed = typeof since === 'string' && /^\d+(\.\d+){0,2}$/.test(since) ? since : null
  const message = `${where} has format ${format}, and this whygraph reads formats up to ${known}. Nothing was changed.`
  return new StoreError('newer-format', message, { hint: hintFor(needed, own) })
}

function hintFor(needed: string | null, own: string | undefined): string {
  // A version that is not out yet has formats that come and go: its number tells this build from no other.
  if (needed === null || needed === own)
    return 'A newer build wrote it: open it with that one, or bring this one up to date (npm install -g whygraph@latest, or git pull where it runs from its source).'
  return `It needs whygraph ${needed} or later: npm install -g whygraph@'>=${needed}'`
}
