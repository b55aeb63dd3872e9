import { expect, it } from 'vitest'
import { derivation } from '../../src/resolve/derivation.ts'
import { Store } from '../../src/store/store.ts'
import { eachStore } from '../stores.ts'
import { withMethods } from './with-methods.ts'

eachStore('rules that people confirmed', (open) => {
  it('are read once for all replies that are taken at the same time', async () => {
    const { store } = await open()
    let reads = 0
    const read: typeof store.database.read = (work) => {
      reads++
      return store.database.read(work)
    }
    const counted = new Store(withMethods(store.database, { read }), derivation)
    const all = await Promise.all(Array.from({ length: 16 }, () => counted.readingRules()))
    expect(all).toEqual(Array.from({ length: 16 }, () => []))
    expect(reads).toBe(1)
  })
})
