import { sitDown } from '../../src/desk/desk.ts'
import type { Frame, Front, FrontEvents } from '../../src/desk/front.ts'
import type { Order } from '../../src/desk/order.ts'
import type { Store } from '../../src/store/store.ts'

/** What a reviewer waited for, in milliseconds. */
export interface Sitting {
  /** From opening the desk to the first card. */
  readonly opening: number
  /** From each key to "saved ✓". */
  readonly saved: readonly number[]
  /** From each key to the card after it, which lies there to be read while the decision is saved. */
  readonly next: readonly number[]
}

const WIDTH = 80

/** Opens the desk, and decides about so many links, each a while after it was shown, by turns accepting and rejecting. */
export async function sit(store: Store, order: Order, decisions: number, reading: number): Promise<Sitting> {
  const saved: number[] = []
  const next: number[] = []
  const started = performance.now()
  let opening = NaN
  let pressed = NaN
  let before: string | undefined
  let events: FrontEvents | null = null
  let isSaved = false
  let isNext = true

  let verdict = ''

  const press = (key: string): void => {
    pressed = performance.now()
    isSaved = false
    isNext = false
    // By turns, so that what is shown still of the last key tells nothing of this one.
    verdict = key === 'a' ? 'accepted' : 'rejected'
    events?.onKeys([key])
  }
  const draw = ({ lines: [, ...card], message, busy, top }: Frame): number => {
    const now = performance.now()
    if (!Number.isNaN(pressed) && !isSaved && message.startsWith(verdict)) {
      isSaved = true
      saved.push(now - pressed)
    }
    const shown = card.join('\n')
    if (!isNext && shown !== '' && shown !== before) {
      isNext = true
      next.push(now - pressed)
    }
    if (busy || shown === before) return top
    // Nothing waits in this order (any more).
    if (shown === '') events?.onKeys(['q'])
    if (shown === '') return top
    before = shown
    if (Number.isNaN(opening)) opening = now - started
    setTimeout(() => press(next.length >= decisions ? 'q' : next.length % 2 === 0 ? 'a' : 'x'), reading)
    return top
  }
  await sitDown({
    store,
    order,
    reviewer: 'bench',
    openFront: (given): Front => {
      events = given
      return { width: WIDTH, draw, close: () => {} }
    },
    follow: async () => '',
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
  })
  return { opening, saved, next }
}

/** The value below which so large a part of some lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? NaN
}
