import type { Database, GraphWriter } from './database.ts'
import { runNode, type Run } from './records.ts'

/** Remarks on names, which do not say in which documents these stand. */
const ON_NAMES: ReadonlySet<unknown> = new Set(['pair-failed', 'names-failed', 'name-refused'])

/** Takes what summaries of earlier runs say of documents out of them: their notes name paths and quote. */
export async function forgetInRuns(database: Database, paths: readonly string[]): Promise<void> {
  await database.write(async (writer) => {
    await holdSummaries(writer)
    const runs = await writer.list('Run')
    const patches = runs.flatMap(({ id, properties }) => {
      const { summary } = properties
      const left = typeof summary === 'string' ? withoutNotes(summary, paths) : null
      return left === null || left === summary ? [] : [{ id, properties: { summary: left } }]
    })
    await writer.patchNodes('Run', patches)
  })
}

/** Puts a run that is over, without what its summary says of documents that were forgotten meanwhile; `paths` by id. */
export async function endRun(database: Database, run: Run, paths: ReadonlyMap<string, string>): Promise<void> {
  await database.write(async (writer) => {
    await holdSummaries(writer)
    const there = new Set((await writer.get('Document', [...paths.keys()], ['id'])).map(({ id }) => id))
    const gone = [...paths].flatMap(([id, path]) => (there.has(id) ? [] : path))
    const summary = run.summary === null || gone.length === 0 ? run.summary : withoutNotes(run.summary, gone)
    await writer.putNodes([runNode({ ...run, summary })])
  })
}

/**
 * So that a summary which is written while a document is forgotten either is there when it is looked for or finds no
 * document any more. The node is held, not made.
 */
async function holdSummaries(writer: GraphWriter): Promise<void> {
  await writer.lock('Run', ['summaries'], [])
}

function withoutNotes(summary: string, paths: readonly string[]): string {
  const written = paths.map((path) => JSON.stringify(path).slice(1, -1))
  const { notes = [], ...others } = JSON.parse(summary) as { notes?: readonly { readonly code?: unknown }[] }
  const kept = notes.filter((note) => {
    const text = JSON.stringify(note)
    return !ON_NAMES.has(note.code) && !written.some((path) => text.includes(path))
  })
  return kept.length === notes.length ? summary : JSON.stringify({ ...others, notes: kept })
}
