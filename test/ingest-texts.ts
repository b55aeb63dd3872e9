import { afterAll } from 'vitest'
import { ReadingRoom } from '../ingest/reading-room.ts'
import type { Engine } from '../src/engines/engine.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { IngestTally } from '../src/tally/ingest-tally.ts'
import { DEFAULT_SCHEMA, type Schema } from '../src/model/schema.ts'
import { ingest, type IngestOptions, type IngestParts } from '../src/pipeline.ts'
import type { Incoming, SourceRules } from '../src/sources.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'

const OPTIONS: Omit<IngestOptions, 'route'> = {
  concurrency: 4,
  chunkTokens: 1200,
  limit: Infinity,
  dryRun: false,
}

/** Its processes are used by all tests of a file, and end with it. */
const room = new ReadingRoom()
afterAll(() => room.close())

/** Ingests files that exist only in a test, by their paths. Their tables are in memory. */
export async function ingestTexts(
  store: Store,
  engine: Engine,
  texts: Readonly<Record<string, string | Uint8Array>>,
  {
    journal,
    signal = new AbortController().signal,
    ...options
  }: Partial<IngestOptions> & Pick<IngestParts, 'journal'> & { readonly signal?: AbortSignal } = {},
  schema: Schema = DEFAULT_SCHEMA,
  tables: Tables = new Tables(null),
  about: Partial<SourceRules> = {},
): Promise<IngestSummary> {
  const route = { engine, schema }
  const rules = { name: 'test', route, labels: [], ...about }
  async function* files(): AsyncGenerator<Incoming> {
    for (const path of Object.keys(texts)) yield { absolute: path, path, rules }
  }
  const readFile = async (path: string) => ({ bytes: Buffer.from(texts[path] as string), modifiedAt: null })
  const parts = { store, tables, room, readFile, tally: new IngestTally(() => {}), ...(journal && { journal }) }
  return ingest(files(), parts, { ...OPTIONS, route, ...options }, signal)
}
