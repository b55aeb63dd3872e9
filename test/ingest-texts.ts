import type { Engine } from '../src/engines/engine.ts'
import { type IngestSummary, IngestTally } from '../src/ingest-summary.ts'
import { DEFAULT_SCHEMA, type Schema } from '../src/model/schema.ts'
import { ingest, type IngestOptions } from '../src/pipeline.ts'
import type { Store } from '../src/store/store.ts'

export const OPTIONS: IngestOptions = {
  source: 'test',
  concurrency: 4,
  chunkTokens: 1200,
  limit: Infinity,
  dryRun: false,
}

/** Ingests files that exist only in a test, by their paths. */
export async function ingestTexts(
  store: Store,
  engine: Engine,
  texts: Readonly<Record<string, string>>,
  options: Partial<IngestOptions> = {},
  schema: Schema = DEFAULT_SCHEMA,
): Promise<IngestSummary> {
  async function* files() {
    for (const path of Object.keys(texts)) yield { absolute: path, path }
  }
  const readFile = async (file: { path: string }): Promise<Uint8Array> => Buffer.from(texts[file.path] as string)
  const parts = { store, engine, schema, readFile, tally: new IngestTally(() => {}) }
  return ingest(files(), parts, { ...OPTIONS, ...options }, new AbortController().signal)
}
