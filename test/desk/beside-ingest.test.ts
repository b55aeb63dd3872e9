import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { openSlowModel, type SlowModel } from '../slow-model.ts'
import { eachStoreAtLength } from '../stores.ts'
import { whygraph } from '../whygraph.ts'
import { HAS_TMUX, useDesks } from './tmux.ts'

const NAMES = ['Ana', 'Ben', 'Cid', 'Dan']
const { folder, sit } = useDesks()
let model: SlowModel

beforeAll(() => {
  mkdirSync(join(folder(), 'docs'))
  for (const name of NAMES) writeFileSync(join(folder(), `docs/${name}.md`), `${name} serves Kes.\n`)
})
beforeEach(async () => {
  model = await openSlowModel()
})
afterEach(() => model.close())

/** Until so many links are there. */
async function waitFor(store: Store, count: number): Promise<void> {
  for (;;) {
    const links = await store.links(['proposed', 'accepted', 'rejected'])
    if (links.filter(({ type }) => type === 'SERVES').length >= count) return
    await pause(50)
  }
}

eachStoreAtLength('the desk beside an ingest', (open) => {
  it.skipIf(!HAS_TMUX)(
    'takes in what another process proposes, and nothing moves under the fingers',
    { timeout: 180_000 },
    async () => {
      const { store, address, environment } = await open()
      const ingesting = whygraph(['ingest', 'docs', ...model.flags, '--store', address], { cwd: folder(), environment })
      const variables = Object.entries(environment).map(([name, value]) => `${name}='${value}'`)
      const { press, enter, sees, screen } = sit(address, { variables: variables.join(' ') })

      // Nothing is there yet: what is being typed goes on when the first card comes.
      await sees('Nothing waits for a person now')
      press('/')
      await sees('filter:')
      press('-l', 'type=')
      model.answer('Ana')
      await waitFor(store, 1)
      enter('SERVES')
      await sees(/ 1\/1 · type=SERVES · [^]*Ana ──SERVES──▶ Kes/)
      press('/')
      enter('')
      await sees(/ 1\/1 · [^]*all links/)

      // A card that is looked at stays as it is but for how many wait, and so does what is written about it.
      const before = screen()
      model.answer('Ben')
      await waitFor(store, 2)
      await sees(/ 1\/2 · /)
      expect(screen().replace(' 1/2 · ', ' 1/1 · ')).toBe(before)
      press('n')
      await sees('note:')
      press('-l', 'as the')
      model.answer('Cid', 'Dan')
      await waitFor(store, 4)
      await pause(1500)
      enter(' text says')
      await sees(/Ana ──SERVES──▶ Kes[^]*NOTE OF YOURS {2}as the text says/)
      expect((await ingesting).code).toBe(0)

      press('a')
      await sees(/ 2\/4 · [^]*accepted {2}saved ✓/)
      const shown: string[] = []
      for (const [place, key] of [
        [2, 'x'],
        [3, 's'],
        [4, '2'],
      ] as const) {
        shown.push(/(\w+) ──SERVES──▶ Kes/.exec(await sees(new RegExp(`^ ${place}/4 · `)))?.[1] ?? '')
        press(key)
      }
      await sees('Nothing waits')
      press('q')
      await sees('3 decided, 1 skipped')
      expect(shown.toSorted()).toEqual(['Ben', 'Cid', 'Dan'])
      const decisions = await store.decisions({ order: 'sequence' })
      expect(decisions.map(({ verdict, reason, note }) => [verdict, reason, note])).toEqual([
        ['accept', null, 'as the text says'],
        ['reject', null, null],
        ['skip', null, null],
        ['reject', 'wrong type', null],
      ])
      // One in twenty is drawn by chance.
      for (const { order } of decisions) expect(['entity', 'random']).toContain(order)
    },
  )
})
