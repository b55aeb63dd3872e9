/** A process that receives a reply while the disk is full, and ends: `node full-process.ts FOLDER`, a folder of a small disk. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FileJournal } from '../../src/journal/file-journal.ts'
import { HEAD, WHOLE } from './words.ts'

const [folder = ''] = process.argv.slice(2)
const journal = new FileJournal(join(folder, 'replies'), 'here', () => {})
const entry = journal.begin({ ...HEAD, chunkId: 'whole' })
const long = { type: 'reasoning-delta', text: 'Let me see. '.repeat(50_000) } as const
journal.claim('request')
fill(join(folder, 'filler'))
for (const event of [long, ...WHOLE]) entry.note(event)
entry.end('stop')
journal.close()

/** To the last byte. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (let size = 1 << 20; size >= 1; size >>= 1)
    try {
      for (;;) writeSync(file, Buffer.alloc(size))
    } catch {
      // Less may still fit.
    }
  closeSync(file)
}
