import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { chunkDocument } from '../../ingest/chunk.ts'
import { toDocument } from '../../ingest/identify.ts'
import { findFiles } from '../../ingest/job.ts'
import { ReadingRoom } from '../../ingest/reading-room.ts'
import { flagUnits } from '../../src/extract/injection/flag-units.ts'
import { bytesId } from '../../src/model/ids.ts'
import { formatPlace } from '../../src/model/place.ts'

/**
 * `npm run measure:injection -- DIR… [--json]`: reads all files below the folders and lists the units that are flagged
 * because they address the model. Over documents that nobody meant to plant anything in, all of them are false alarms.
 */
const args = process.argv.slice(2)
const folders = args.filter((arg) => !arg.startsWith('--'))
if (folders.length === 0) {
  process.stderr.write('Usage: npm run measure:injection -- DIR… [--json]\n')
  process.exit(2)
}

const flagged: { place: string; forms: readonly string[]; text: string }[] = []
const sum = { files: 0, unread: 0, units: 0, characters: 0, chunks: 0, flaggedChunks: 0, milliseconds: 0 }
const room = new ReadingRoom()
for (const folder of folders)
  for await (const { absolute, path } of findFiles(['.'], resolve(folder))) {
    const bytes = readFileSync(absolute)
    sum.files += 1
    try {
      for await (const event of room.read({ path, bytes })) {
        if (event.kind !== 'part') continue
        if ('error' in event.part.result) sum.unread += 1
        else {
          const parsed = event.part.result.document
          const document = toDocument({ source: folder, path: event.part.path, contentHash: bytesId(bytes), parsed })
          for (const chunk of chunkDocument(document)) look(chunk, document)
        }
      }
    } catch {
      sum.unread += 1
    }
  }
room.close()

function look(chunk: ReturnType<typeof chunkDocument>[number], { path, title }: { path: string; title: string }): void {
  const started = performance.now()
  const { units, title: titleForms } = flagUnits(chunk, title)
  sum.milliseconds += performance.now() - started
  sum.chunks += 1
  sum.units += chunk.units.length
  sum.characters += chunk.text.length
  if (units.size > 0 || titleForms.length > 0) sum.flaggedChunks += 1
  if (titleForms.length > 0) flagged.push({ place: `${path} (title)`, forms: titleForms, text: title })
  for (const unit of chunk.units) {
    const forms = units.get(unit.s)
    if (forms !== undefined) flagged.push({ place: formatPlace(path, unit.place), forms, text: unit.text })
  }
}

if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ...sum, flagged }, null, 2)}\n`)
else {
  for (const { place, forms, text } of flagged)
    process.stdout.write(`${place}  ${forms.join(', ')}\n    ${JSON.stringify(text.slice(0, 200))}\n`)
  const rate = sum.units === 0 ? 0 : (1000 * flagged.length) / sum.units
  process.stdout.write(
    `${sum.files} files (${sum.unread} not read), ${sum.units} units in ${sum.chunks} chunks: ${flagged.length} flagged, ${rate.toFixed(3)} of 1000 units, in ${sum.flaggedChunks} chunks; ${Math.round(sum.milliseconds)} ms for ${(sum.characters / 1e6).toFixed(1)} million characters\n`,
  )
}
