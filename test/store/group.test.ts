import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import { inGroups } from '../../src/store/group.ts'

/** Doubles numbers in groups, and notes which came together. */
function doubling(fails: (items: readonly number[]) => Error | null = () => null) {
  const groups: number[][] = []
  const double = inGroups(3, async (items: readonly number[]) => {
    groups.push([...items])
    await new Promise((resolve) => setTimeout(resolve, 5))
    const error = fails(items)
    if (error !== null) throw error
    return items.map((item) => item * 2)
  })
  return { groups, double }
}

describe('calls in groups', () => {
  test('those that come in one turn or while one runs go together, at most so many, in order', async () => {
    const { groups, double } = doubling()
    const first = [1, 2].map(double)
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(await Promise.all([...first, ...[3, 4, 5, 6].map(double)])).toEqual([2, 4, 6, 8, 10, 12])
    expect(groups).toEqual([[1, 2], [3, 4, 5], [6]])
    expect(await double(7)).toBe(14)
  })

  test('one that fails does not take the others with it', async () => {
    const { groups, double } = doubling((items) => (items.includes(3) ? new Error('three') : null))
    const settled = await Promise.allSettled([1, 2, 3, 4].map(double))
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      2,
      4,
      'Error: three',
      8,
    ])
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3], [4]])
  })

  test('a store that does not answer is asked once for all of a group', async () => {
    const { groups, double } = doubling(() => new StoreError('store-unreachable', 'no answer', { retryable: true }))
    const settled = await Promise.allSettled([1, 2, 3].map(double))
    expect(settled.every((one) => one.status === 'rejected')).toBe(true)
    expect(groups).toEqual([[1, 2, 3]])
  })
})
