import { expect, it, vi } from 'vitest'
import { AskedFor } from '../../src/desk/asked-for.ts'
import { parseWhere } from '../../src/review/where.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'

/** More than are looked at together. */
const MANY = 160

eachStoreAtLength('what a filter asks for', (open) => {
  it('is told of what is new at once, of nothing that is gone, and in spite of faults', async () => {
    const { store } = await open()
    const text = Array.from({ length: MANY }, (_, at) => `Ann${at} ${at === 0 ? 'knows' : 'leads'} Bob${at}.`).join(
      '\n\n',
    )
    await ingestTexts(store, readingEngine(), { 'a.md': text })
    const links = await store.links(['proposed'])
    expect(links).toHaveLength(MANY)
    const some = (count: number) => new Map(links.slice(0, count).map((link) => [link.id, link]))
    const { signal } = new AbortController()
    const asked = new AskedFor(store, parseWhere('doc=a.md'), { reviewer: 'rita', signal })

    const linksById = store.linksById.bind(store)
    const looked: string[] = []
    let calls = 0
    vi.spyOn(store, 'linksById').mockImplementation(async (ids) => {
      calls += 1
      if (calls % 2 === 0) throw new Error('away')
      looked.push(...ids)
      return linksById(ids)
    })
    const first = some(MANY - 10)
    await vi.waitFor(() => expect(asked.among(first)?.size).toBe(MANY - 10), 20_000)
    expect(looked.toSorted()).toEqual([...first.keys()].toSorted())

    expect(asked.among(some(100))?.size).toBe(100)
    const all = some(MANY)
    const before = looked.length
    await vi.waitFor(() => expect(asked.among(all)?.size).toBe(MANY), 20_000)
    // Those that were gone for a moment are not known any more.
    expect(looked.slice(before)).toEqual(expect.arrayContaining([...all.keys()].slice(-10)))
    asked.stop()
  })
})
