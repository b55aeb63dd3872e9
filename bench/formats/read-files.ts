import { readFileSync } from 'node:fs'
import { ReadingRoom } from '../../ingest/reading-room.ts'

/** Reads the files that are named, one after the other, as an ingest does; prints how many came out as text. */
const room = new ReadingRoom({ seconds: 120 })
let read = 0
for (const path of process.argv.slice(2)) {
  try {
    for await (const event of room.read({ path, bytes: readFileSync(path) }))
      if (event.kind === 'part' && 'document' in event.part.result && event.part.container === null) read += 1
  } catch {
    // Refused as a whole; counted by what is missing.
  }
}
room.close()
process.stdout.write(`${read}\n`)
