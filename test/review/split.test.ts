import { expect, it } from 'vitest'
import { linkIdBetween, SAME_AS } from '../../src/model/link.ts'
import { unite } from '../../src/resolve/unite.ts'
import { planSplit } from '../../src/review/plan-same.ts'
import type { Named } from '../../src/review/naming-texts.ts'
import type { StoredLink } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'

/** Things of which the first holds the others together. */
function starOf(count: number): { things: Named[]; store: Store } {
  const things = Array.from({ length: count }, (_, i): Named => {
    const thing = { id: `ana-${i}`, type: 'Actor', name: `Ana ${i}`, aliases: [] }
    return { ...thing, standing: thing }
  })
  const [first, ...others] = things as [Named, ...Named[]]
  const links = others.map(({ id }, rank) => {
    const bond = { kind: 'accepted', rank }
    return { id: linkIdBetween(first.id, SAME_AS, id), subjectId: first.id, objectId: id, status: 'accepted', bond }
  }) as unknown as StoredLink[]
  const linksById = async (ids: readonly string[]) => links.filter(({ id }) => ids.includes(id))
  const planned = () => {
    throw new Error('it is planned')
  }
  return { things, store: { linksById, unite, link: planned } as unknown as Store }
}

const split = (count: number, apart: number) => {
  const { things, store } = starOf(count)
  return planSplit(
    store,
    things,
    things.slice(apart, apart + 1).map(({ id }) => id),
    { reviewer: 'rita' },
    new Date(),
  )
}

it('decides about no more pairs at once than a person can wait for, while nobody else can write', async () => {
  await expect(split(17, 0)).rejects.toThrow('that says something of 31 pairs, more than 30 at once')
  await expect(split(16, 0)).rejects.toThrow('it is planned')
  await expect(split(100, 1)).rejects.toThrow('it is planned')
})
