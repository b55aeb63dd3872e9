/**
 * Waits until all have come to an end, and throws what the first of them ran into only then: whoever hears of it closes the
 * store and the journal, which the others still write paid replies to.
 */
export async function settleAll<T>(works: Iterable<Promise<T>>): Promise<T[]> {
  const results = await Promise.allSettled(works)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
