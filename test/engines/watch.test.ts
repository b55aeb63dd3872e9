import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createWatch } from '../../src/engines/request/watch.ts'

const never = (): Promise<never> => new Promise(() => undefined)

test('each step has all of its time, whatever the steps before it took', async () => {
  const watch = createWatch(new AbortController().signal)
  for (let step = 0; step < 4; step++) expect(await watch.over(pause(60, step), 100)).toBe(step)
  await pause(150)
  expect(await watch.over(pause(60, 'after a rest'), 100)).toBe('after a rest')
  const started = performance.now()
  await expect(watch.over(never(), 100)).rejects.toMatchObject({ kind: 'stalled' })
  expect(performance.now() - started).toBeGreaterThan(90)
  await expect(watch.over(never(), 30)).rejects.toMatchObject({ message: 'nothing came for 0.1 s' })
  watch.end()
})

test('work that is given up, or not begun to be waited for, may fail unheard', async () => {
  const controller = new AbortController()
  const watch = createWatch(controller.signal)
  const fails = (): Promise<never> => pause(20).then(() => Promise.reject(new Error('late')))
  const waiting = watch.over(fails(), 1000)
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ kind: 'aborted' })
  await expect(watch.over(fails(), 1000)).rejects.toMatchObject({ kind: 'aborted' })
  watch.end()
  await pause(40)
})

test('leaves nothing on the signal of a run', async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--
    removeEventListener.apply(signal, args)
  }
  const watch = createWatch(signal)
  for (let step = 0; step < 3; step++) await watch.over(Promise.resolve(), 1000)
  expect(listeners).toBe(1)
  watch.end()
  expect(listeners).toBe(0)
})
