/** The process that runs one Cypher query on the projection. It may be killed at any moment. */
import { setTimeout as pause } from 'node:timers/promises'
import { WhygraphError } from '../../model/errors.ts'
import { splitMode } from '../read-only.ts'
import { isInTheWay, openForReading, statusOf } from './grafeo.ts'
import { forget, upToDateFile } from './projection.ts'
import type { ChildMessage, ChildRequest } from './query-messages.ts'
import { quoteReservedNames } from './reserved-words.ts'
import { toPlain } from './plain.ts'
import { asWritten, withSums } from './sum-of-nothing.ts'

/** https://www.iso.org/standard/76120.html, table of GQLSTATUS codes */
const SYNTAX = '42001'

process.on('disconnect', () => process.exit())
process.once('message', (request: ChildRequest) => {
  void run(request).then((message) => process.send?.(message, () => process.exit()))
})

async function run(request: ChildRequest): Promise<ChildMessage> {
  try {
    return await answer(request)
  } catch (error) {
    if (error instanceof WhygraphError) {
      const { code, message, hint } = error
      return { kind: 'failed', code, message, ...(hint === undefined ? {} : { hint }) }
    }
    return { kind: 'failed', code: 'query', message: error instanceof Error ? error.message : String(error) }
  }
}

async function answer({ folder, storePath, parameters, ...request }: ChildRequest): Promise<ChildMessage> {
  const written = quoteReservedNames(request.text)
  const text = withSums(written)
  const graph = await open(folder, storePath)
  process.send?.({ kind: 'ready' } satisfies ChildMessage)
  try {
    const loading = await filesRead(graph, { text, written }, parameters)
    if (loading !== undefined) return { kind: 'refused', message: loading }
    const result = await graph.executeCypher(text, parameters)
    const rows = result.toArray() as Record<string, unknown>[]
    const columns = result.columns
    const names = columns.map(asWritten)
    return { kind: 'result', columns: names, rows: rows.map((row) => columns.map((column) => toPlain(row[column]))) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const status = statusOf(error)
    if (status.startsWith('25')) return { kind: 'refused', message }
    if (status.startsWith('4') || status.startsWith('22'))
      return { kind: 'wrong', message, syntax: status.startsWith('42') }
    return { kind: 'failed', code: 'query', message }
  }
}

/** The operator of the plan that reads a file of the machine: read-only mode lets it pass. */
async function filesRead(
  graph: ReturnType<typeof openForReading>,
  { text, written }: { readonly text: string; readonly written: string },
  parameters: ChildRequest['parameters'],
): Promise<string | undefined> {
  try {
    const plan = await graph.executeCypher(`EXPLAIN ${splitMode(text).rest}`, parameters)
    return /^[ \t]*(Load\w*)/m.exec(String(plan.scalar()))?.[1]
  } catch (error) {
    // The same error once more, now with the places of the text as it was written.
    if (statusOf(error) === SYNTAX) await graph.executeCypher(written, parameters)
    throw error
  }
}

/** Between the look at the pointer and the opening, another process may have begun to change that file. */
async function open(folder: string, storePath: string): Promise<ReturnType<typeof openForReading>> {
  let forgotten = 0
  for (let attempt = 0; ; attempt++) {
    const file = await upToDateFile(folder, storePath)
    try {
      return openForReading(file)
    } catch (error) {
      if (attempt >= 200 || forgotten >= 2) throw error
      if (!isInTheWay(error)) {
        forgotten++
        await forget(folder, file)
      }
    }
    await pause(5 + Math.random() * 20)
  }
}
