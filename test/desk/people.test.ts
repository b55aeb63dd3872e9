import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaFile } from '../../src/model/schema.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { decideLink } from '../../src/review/decide.ts'
import { remarkOn } from '../../src/review/remark.ts'
import { leaseBlock } from '../../src/review/lease.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { readingEngine } from '../scripted-engine.ts'
import { HAS_TMUX, useDesks } from './tmux.ts'

const RULED = schemaFile.parse({ linkTypes: [{ name: 'LEADS', fourEyes: true }] })
const TEXT = ['Ana leads Kestrel.', 'Ben knows Osprey.', 'Cleo knows Merlin.', 'Dora knows Hobby.', 'Eve knows Kite.']

const { folder, sit } = useDesks()
let store: Store
beforeAll(async () => {
  store = new Store(await openLocalDatabase(join(folder(), 'store')), derivation)
  await ingestTexts(store, readingEngine(), { 'a.md': TEXT.join('\n\n') }, {}, RULED)
})
afterAll(() => store.close())

async function idOf(subject: string): Promise<string> {
  return (await store.links(['proposed'])).find((link) => link.subject === subject)?.id ?? ''
}

describe.skipIf(!HAS_TMUX)('the desk beside other people', () => {
  it(
    'passes over what others look at and what was skipped, skips and flags for good, and keeps the first verdict to itself',
    { timeout: 120_000 },
    async () => {
      const now = new Date()
      await remarkOn(store, await idOf('Ben'), 'skip', { reviewer: 'rita' }, now)
      await leaseBlock(store, 'tom', [await idOf('Cleo')], now)
      await decideLink(store, await idOf('Ana'), 'reject', { reviewer: 'sam', note: 'she left' }, now)

      const { press, sees } = sit(join(folder(), 'store'), { flags: '--order uncertain' })
      const seen: string[] = []
      const keys: Readonly<Record<string, string>> = { Ana: 'x', Dora: 's', Eve: 'F' }
      const said = { Ana: 'rejected  saved ✓', Dora: 'skipped  saved ✓', Eve: 'flagged  saved ✓' }
      for (let place = 1; place <= 3; place++) {
        const card = await sees(new RegExp(`^ ${place}/[^]*confidence[^]*s skip`, 'm'))
        const name = /(\w+) ──/.exec(card)?.[1] ?? ''
        if (name === 'Ana') {
          expect(card).toContain("a second person's verdict is awaited")
          expect(card).toContain('sam: a verdict, not told before you have given')
          expect(card).not.toContain('she left')
        }
        seen.push(name)
        press(keys[name] ?? 'q')
        await sees(said[name as keyof typeof said])
      }
      expect(seen.toSorted()).toEqual(['Ana', 'Dora', 'Eve'])
      await sees('Nothing waits')
      press('q')
      await sees('1 decided, 2 skipped')
      const verdicts = (await store.decisions({ order: 'sequence' })).map(({ reviewer, verdict }) => [
        reviewer,
        verdict,
      ])
      expect(verdicts.toSorted()).toEqual(
        [
          ['rita', 'skip'],
          ['sam', 'reject'],
          ['rita', 'reject'],
          ['rita', 'skip'],
          ['rita', 'flag'],
        ].toSorted(),
      )
      expect((await store.links(['rejected'])).map(({ subject }) => subject)).toEqual(['Ana'])
    },
  )
})
