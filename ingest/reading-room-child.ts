/**
 * The process in which files are read: see `reading-room.ts`. It is given bytes and gives back text; what a hostile
 * file can do to it costs that file.
 */
import { readParts } from './parts.ts'
import type { RoomMessage, RoomRequest } from './reading-room-messages.ts'
import type { SourceFile } from './reading.ts'

const ROWS_AT_ONCE = 2000

// What a library throws outside of any promise: said before it ends this process, as it must.
process.on('uncaughtException', (error) => {
  process.send?.({ kind: 'failed', message: error.message.slice(0, 500) } satisfies RoomMessage, () => process.exit(1))
})

let messages: AsyncGenerator<RoomMessage> | null = null

process.on('message', (request: RoomRequest) => {
  if (request.kind === 'read') messages = read(request.file)
  void messages?.next().then(({ value }) => process.send?.(value))
})

async function* read(file: SourceFile): AsyncGenerator<RoomMessage> {
  for await (const { result, ...about } of readParts(file)) {
    if ('error' in result) {
      yield { kind: 'part', part: { ...about, result } }
      continue
    }
    const { document, tables } = result
    const heads = tables.map(({ rows, ...head }) => ({ ...head, rowCount: rows.length }))
    yield { kind: 'part', part: { ...about, result: { document, tables: heads } } }
    for (const [table, { rows }] of tables.entries()) {
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
        yield { kind: 'rows', table, rows: rows.slice(start, start + ROWS_AT_ONCE) }
    }
  }
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const seconds = (userCPUTime + systemCPUTime) / 1e6
  yield { kind: 'done', bytes: process.memoryUsage.rss(), peak: maxRSS * 1024, seconds }
}
