import { ulid } from 'ulid'
import { expect, it } from 'vitest'
import { takeBackAll } from '../../src/review/batch.ts'
import { decideLink } from '../../src/review/decide.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'

eachStoreAtLength('taking back what was decided together', (open) => {
  it('leaves what somebody else decides meanwhile, though two names were taken for one in the batch', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), {
      'a.md': 'Ana leads Kestrel.\n\nAna knows Anna.\n\nBob leads Kite.\n\nCid leads Kilo.\n',
    })
    const who = { reviewer: 'rita', batch: ulid() }
    const pair = await findPair(store, actorId('Ana'), actorId('Anna'))
    const outcomes = [await decideSame(store, pair, 'accept', who, new Date())]
    const links = await store.links(['proposed'])
    const idOf = (name: string): string =>
      links.find(({ subject, type }) => subject === name && type === 'LEADS')?.id ?? ''
    for (const name of ['Ana', 'Bob', 'Cid'])
      outcomes.push(await decideLink(store, idOf(name), 'accept', who, new Date()))
    const decisions = outcomes.flatMap(({ decision }) => decision ?? [])
    expect(decisions).toHaveLength(4)

    const decideAll = store.decideAll.bind(store)
    let isFirst = true
    store.decideAll = async (...args) => {
      if (isFirst) {
        isFirst = false
        await decideLink(store, idOf('Bob'), 'reject', { reviewer: 'sam' }, new Date())
      }
      return decideAll(...args)
    }
    const { decided, refused } = await takeBackAll(
      store,
      decisions,
      { reviewer: 'rita' },
      {
        now: () => new Date(),
        signal: new AbortController().signal,
      },
    )
    expect(refused.map(({ draft }) => draft.linkId)).toEqual([idOf('Bob')])
    expect(decided).toHaveLength(3)
    expect((await store.link(idOf('Bob')))?.status).toBe('rejected')
    expect((await store.link(idOf('Ana')))?.status).toBe('proposed')
  })
})
