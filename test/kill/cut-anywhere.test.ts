import { expect, it } from 'vitest'
import { schemaFile, type Schema } from '../../src/model/schema.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { namingEngine } from '../resolving/naming-engine.ts'
import { wholeGraph } from '../resolving/whole-graph.ts'
import { withMethods } from '../store/with-methods.ts'
import { eachStoreAtLength, TESTS_LONG } from '../stores.ts'

/** Who leads what contradicts each other only once their names are one: within a document, and across documents. */
const NAMES = {
  Person: ['Dr. Amara Okafor', 'Amara Okafor', 'Ben Lindqvist', 'Cid Marchetti', 'Zuzana Novak'],
  Organization: ['University College London Hospitals', 'UCLH', 'Dovrelund Systems GmbH', 'Dovrelund Systems'],
}
const TEXTS = {
  '2025-03-18.md':
    'Dr. Amara Okafor leads University College London Hospitals (UCLH).\n\nZuzana Novak leads Dovrelund Systems GmbH.\n',
  '2025-06-10.md': 'Ben Lindqvist leads UCLH.\n\nAmara Okafor knows Cid Marchetti.\n',
  '2025-06-24.md': 'Cid Marchetti leads Dovrelund Systems.\n\nZuzana Novak knows Ben Lindqvist.\n',
}
const CHANGED = {
  ...TEXTS,
  '2025-03-18.md':
    'University College London Hospitals (UCLH) knows Zuzana Novak.\n\nZuzana Novak leads Dovrelund Systems GmbH.\n',
  '2025-07-01.md': 'Dr. Amara Okafor leads UCLH.\n',
}
const RULED = schemaFile.parse({
  linkTypes: [{ name: 'LEADS', singleValued: 'from', supersedes: 'later' }, { name: 'KNOWS' }],
})
const UNRULED = schemaFile.parse({ linkTypes: [{ name: 'LEADS' }, { name: 'KNOWS' }] })
/** At length each point between two writes of the local store; else some. */
const strideOn = (kind: string): number => (TESTS_LONG && kind === 'local' ? 1 : 5)

type Texts = Readonly<Record<string, string>>

interface Cut {
  /** After so many writes. */
  readonly after: number
  /** As a process that is killed, and does nothing any more; or as one that is told to end, and comes to its end. */
  readonly how: 'killed' | 'told'
}

/** Whether it was cut before its end. */
async function read(store: Store, texts: Texts, schema: Schema, cut?: Cut): Promise<boolean> {
  const stop = new AbortController()
  let writes = 0
  const database = withMethods(store.database, {
    async write(work) {
      if (cut?.how === 'killed' && writes >= cut.after) throw new Error('killed')
      const result = await store.database.write(work)
      if (++writes === cut?.after && cut.how === 'told') stop.abort()
      return result
    },
  })
  const options = { chunkTokens: 24, concurrency: 1, signal: stop.signal }
  const ingested = ingestTexts(
    new Store(database, derivation),
    namingEngine(NAMES),
    texts,
    options,
    schema,
    new Tables(null),
  )
  if (cut === undefined) await ingested
  else await ingested.catch((error: unknown) => expect(String(error)).toContain('killed'))
  return cut !== undefined && writes >= cut.after
}

eachStoreAtLength('an ingest that is cut between any two writes', (open, kind) => {
  it.each([
    ['of new documents', {}, TEXTS],
    ['of changed ones, by other rules', TEXTS, CHANGED],
  ] as const)('%s is made good by one more', { timeout: 1_200_000 }, async (_, before: Texts, texts: Texts) => {
    const begun = async (): Promise<Store> => {
      const { store } = await open()
      await read(store, before, UNRULED)
      return store
    }
    const calm = await begun()
    await read(calm, texts, RULED)
    const whole = await wholeGraph(calm)
    const conflicts = (await calm.links(['proposed', 'accepted'])).filter(({ betweenLinks }) => betweenLinks)
    expect(conflicts.map(({ type }) => type).toSorted()).toEqual(['SUPERSEDES', 'SUPERSEDES'])
    for (const how of ['killed', 'told'] as const)
      for (let after = 1, isCut = true; isCut; after += strideOn(kind)) {
        const store = await begun()
        isCut = await read(store, texts, RULED, { after, how })
        await read(store, texts, RULED)
        expect(await wholeGraph(store), `${how} after ${after} writes`).toEqual(whole)
        await store.close()
      }
  })
})
