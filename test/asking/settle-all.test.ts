import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { settleAll } from '../../src/asking/settle-all.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { reader, TEXT } from '../reading/scripted-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives what came of each, in their order', async () => {
  expect(await settleAll([later(20, 'one'), later(1, 'two')])).toEqual(['one', 'two'])
})

it('what one step runs into is heard of once the replies of the others are stored', async () => {
  const store = new Store(await openLocalDatabase(folder), derivation)
  let isStored = false
  const save = store.saveReply.bind(store)
  store.saveReply = async (reply, beside) => {
    if (reply.step?.name === 'verification') throw new Error('the disk is full')
    if (reply.step?.name !== 'counterfactual') return save(reply, beside)
    await later(200)
    isStored = await save(reply, beside)
    return isStored
  }
  const engine = reader({})
  const route = { engine, schema: DEFAULT_SCHEMA, effort: { level: 'thorough' as const, samples: 1, verifier: null } }
  const run = ingestTexts(store, engine, { 'a.txt': TEXT }, {}, DEFAULT_SCHEMA, undefined, { route })
  await expect(run).rejects.toThrow('the disk is full')
  expect(isStored).toBe(true)
  await store.close()
})
