import { sitDown, type Sitting } from '../../src/desk/desk.ts'
import type { Frame, FrontEvents } from '../../src/desk/front.ts'
import type { Order } from '../../src/desk/order.ts'
import type { Store } from '../../src/store/store.ts'

/** A desk without a terminal: keys go in, frames come out. */
export interface TestDesk {
  readonly press: (...keys: string[]) => void
  /** The frame as soon as nothing is being read and it shows this, as one text. */
  readonly sees: (what: RegExp | string) => Promise<string>
  /** Leaves, and resolves to what came of it when the desk is closed. */
  readonly leave: () => Promise<Sitting>
}

export function openDesk(
  store: Store,
  order: Order,
  random: () => number = () => 0.5,
  follow: () => Promise<string> = async () => '',
): TestDesk {
  let events: FrontEvents | null = null
  let shown = ''
  let look: () => void = () => {}
  const draw = ({ lines, message, prompt, busy, top }: Frame): number => {
    if (!busy) shown = [...lines, message, prompt].join('\n')
    look()
    return top
  }
  const over = sitDown({
    store,
    order,
    reviewer: 'rita',
    openFront: (given) => {
      events = given
      return { width: 80, draw, close: () => {} }
    },
    follow,
    now: () => new Date('2026-01-02'),
    random,
    signal: new AbortController().signal,
  })
  return {
    press: (...keys) => {
      shown = ''
      events?.onKeys(keys)
    },
    sees: async (what) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`the desk does not show ${what}, but:\n${shown}`)), 20_000)
        look = () => {
          if (shown === '' || !(typeof what === 'string' ? shown.includes(what) : what.test(shown))) return
          clearTimeout(timer)
          resolve(shown)
        }
        over.catch(reject)
        look()
      }),
    leave: async () => {
      events?.onKeys(['q'])
      return over
    },
  }
}
