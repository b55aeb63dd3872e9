import { Trouble } from './trouble.ts'

/** Waits for the steps of one request, one after the other; one timer and one listener serve them all. */
export interface Watch {
  /**
   * Waits for `work`, but no longer than `milliseconds`, and not once the signal is aborted. The work itself is not
   * stopped by this: whoever started it closes the connection.
   * @throws Trouble `stalled` or `aborted`
   */
  over<T>(work: Promise<T>, milliseconds: number): Promise<T>
  /** In all cases, once. */
  end(): void
}

export function createWatch(signal: AbortSignal): Watch {
  let giveUp: (trouble: Trouble) => void = () => undefined
  let timer: NodeJS.Timeout | undefined
  let patience = 0

  const stop = (): void => giveUp(new Trouble('aborted', 'aborted'))
  const stall = (): void => giveUp(new Trouble('stalled', `nothing came for ${formatSeconds(patience)}`))
  signal.addEventListener('abort', stop, { once: true })

  function wind(milliseconds: number): void {
    if (timer !== undefined && milliseconds === patience) return void timer.refresh()
    clearTimeout(timer)
    patience = milliseconds
    timer = setTimeout(stall, Math.min(milliseconds, LONGEST_TIMER))
  }

  return {
    over: (work, milliseconds) =>
      new Promise((resolve, reject) => {
        giveUp = reject
        // Work that is given up may still fail, when nobody listens any more.
        work.then(resolve, reject)
        if (signal.aborted) stop()
        else wind(milliseconds)
      }),
    end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    },
  }
}

/** Node turns a longer timer (24.8 days) into one of a millisecond. */
export const LONGEST_TIMER = 2_147_483_647

export function formatSeconds(milliseconds: number): string {
  return `${milliseconds >= 10_000 ? Math.round(milliseconds / 1000) : Math.ceil(milliseconds / 100) / 10} s`
}
