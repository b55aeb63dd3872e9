import { expect, it, vi } from 'vitest'
import { Pending } from '../../src/desk/pending.ts'
import { eachStoreAtLength } from '../stores.ts'

/** Above this number what nobody waits for is read a page at a time, beside what reviewers do. */
const MANY = 2_500

eachStoreAtLength('what waits for a person', (open) => {
  it('is read once nothing else is waited for, unless it is wanted itself', async () => {
    const { store } = await open()
    await store.database.write((writer) =>
      writer.putNodes(
        Array.from({ length: MANY }, (_, index) => ({
          kind: 'Link',
          id: `l${index}`,
          properties: { type: 'OWNS', status: 'proposed', confidence: 0.5, subjectId: 'a', objectId: 'b' },
        })),
      ),
    )
    const { signal } = new AbortController()
    let isBusy = true
    const pending = new Pending(store, { signal, isBusy: () => isBusy })
    const read = vi.spyOn(store.database, 'read')
    await pending.lookAround()
    // Their count, and none of them.
    expect(read).toHaveBeenCalledTimes(1)
    expect(pending.isRead).toBe(false)
    isBusy = false
    await vi.waitFor(() => expect(pending.isRead).toBe(true), 10_000)
    expect(pending.all.size).toBe(MANY)

    const wanted = new Pending(store, { signal, isBusy: () => true })
    await wanted.lookAround()
    await wanted.readAll()
    expect(wanted.all.size).toBe(MANY)
  })
})
