import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findFiles } from '../ingest/job.ts'
import type { Engine } from '../src/engines/engine.ts'
import { createReplayEngine } from '../src/engines/replay.ts'
import { priceShape } from '../src/money/price.ts'
import { readSchema } from '../src/read-schema.ts'
import { ingestTexts } from './ingest-texts.ts'
import { SAMPLE } from './recorded.ts'
import { eachStoreAtLength } from './stores.ts'

const schema = readSchema(join(SAMPLE, 'schema.yaml'))

/** The model that the sample's replies were recorded from, as if it were asked again: it counts its tokens and costs. */
async function recordedModel(): Promise<Engine> {
  const { offline: _, ...engine } = await createReplayEngine({ folder: join(SAMPLE, 'replies') })
  return engine
}

async function sampleTexts(): Promise<[string, Uint8Array][]> {
  const texts: [string, Uint8Array][] = []
  for await (const { path, absolute } of findFiles([join(SAMPLE, 'repository')], SAMPLE))
    if (!path.endsWith('.csv')) texts.push([path, await readFile(absolute)])
  return texts
}

eachStoreAtLength('a forecast', (open) => {
  it(
    'is within a fifth of what recorded replies take: by what is assumed, and by what four replies took',
    { timeout: 120_000 },
    async () => {
      const { store } = await open()
      const engine = await recordedModel()
      const prices = { currency: 'usd', models: { [engine.model]: priceShape.parse({ input: 1, output: 4 }) } }
      const texts = await sampleTexts()
      const plan = async (some: typeof texts) => {
        const { plan } = await ingestTexts(store, engine, Object.fromEntries(some), { dryRun: true, prices }, schema)
        return plan?.models[0]
      }
      const ask = async (some: typeof texts) => {
        const { usage } = await ingestTexts(store, engine, Object.fromEntries(some), { prices }, schema)
        return usage[engine.model]
      }
      const [some, others] = [texts.slice(0, 4), texts.slice(4)]
      const near = (planned: Awaited<ReturnType<typeof plan>>, took: Awaited<ReturnType<typeof ask>>): void => {
        for (const [one, other] of [
          [planned?.input, took?.input],
          [planned?.output, took?.output],
          [planned?.cost, took?.cost['usd']],
        ]) {
          expect(one).toBeGreaterThan((other ?? 0) / 1.2)
          expect(one).toBeLessThan((other ?? 0) * 1.2)
        }
      }
      const assumed = await plan(some)
      expect(assumed).toMatchObject({ calls: 4, replies: 0 })
      near(assumed, await ask(some))
      const learnt = await plan(others)
      expect(learnt).toMatchObject({ calls: 5, replies: 4 })
      near(learnt, await ask(others))
    },
  )
})
