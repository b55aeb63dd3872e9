import { Trouble } from './trouble.ts'

/**
 * Waits for `work`, but no longer than `milliseconds`, and not once `signal` is aborted. The work itself is not
 * stopped by this: whoever started it closes the connection.
 * @throws Trouble `stalled` or `aborted`
 */
export async function watch<T>(work: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T> {
  // The loser of the race may still fail, when nobody listens any more.
  work.catch(() => undefined)
  if (signal.aborted) throw new Trouble('aborted', 'aborted')
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  const bell = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Trouble('aborted', 'aborted'))
    signal.addEventListener('abort', stop, { once: true })
    const stalled = () => reject(new Trouble('stalled', `nothing came for ${formatSeconds(milliseconds)}`))
    timer = setTimeout(stalled, Math.min(milliseconds, LONGEST_TIMER))
  })
  try {
    return await Promise.race([work, bell])
  } finally {
    clearTimeout(timer)
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}

/** Node turns a longer timer (24.8 days) into one of a millisecond. */
export const LONGEST_TIMER = 2_147_483_647

export function formatSeconds(milliseconds: number): string {
  return `${milliseconds >= 10_000 ? Math.round(milliseconds / 1000) : Math.ceil(milliseconds / 100) / 10} s`
}
