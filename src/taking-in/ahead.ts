/**
 * Works on up to `count` items at once and gives the results in the order of the items. Stops taking items when its
 * consumer stops; what was begun is waited for.
 */
export async function* ahead<Item, Result>(
  items: AsyncIterable<Item>,
  count: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const result = work(item)
      // Whoever awaits it hears of a failure; until then it is no unhandled one.
      result.catch(() => {})
      running.push(result)
      if (running.length >= count) yield await (running.shift() as Promise<Result>)
    }
    while (running.length > 0) yield await (running.shift() as Promise<Result>)
  } finally {
    await Promise.allSettled(running)
  }
}
