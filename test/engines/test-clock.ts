import { setImmediate as othersFirst } from 'node:timers/promises'

/** Time that passes only when the test lets it: sleepers wake in order. */
export function testClock() {
  let now = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 2; i++) await othersFirst()
  }
  return {
    now: () => now,
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((wake, reject) => {
        const sleeper = { at: now + milliseconds, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async run(until: number): Promise<void> {
      await settle()
      for (;;) {
        const next = [...sleepers].toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > until) break
        now = Math.max(now, next.at)
        sleepers.delete(next)
        next.wake()
        await settle()
      }
      now = until
    },
  }
}
