import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chunkDocument } from '../../ingest/chunk.ts'
import { toDocument } from '../../ingest/identify.ts'
import { bytesId } from '../../src/model/ids.ts'
import { readDocument } from './read.ts'

interface RecordedReply {
  source: string
  units: { s: number; speaker: string | null; start: string | null; text: string }[]
}

const sample = join(import.meta.dirname, '../../fixtures/sample')

async function readSample(path: string) {
  const bytes = readFileSync(join(sample, 'repository', path))
  return toDocument({
    source: 'sample',
    path,
    contentHash: bytesId(bytes),
    parsed: await readDocument({ path, bytes }),
  })
}

for (const name of readdirSync(join(sample, 'replies'))) {
  test(`the units of ${name} are what its engine was asked`, async () => {
    const reply = JSON.parse(readFileSync(join(sample, 'replies', name), 'utf8')) as RecordedReply
    const chunks = chunkDocument(await readSample(reply.source))
    expect(chunks).toHaveLength(1)
    const units = chunks[0]?.units.map((unit) => ({
      s: unit.s,
      speaker: unit.place.speaker ?? null,
      start: unit.place.time ?? null,
      text: unit.text,
    }))
    expect(units).toEqual(reply.units)
  })
}

test('titles, kinds and dates of the sample', async () => {
  const paths = [
    'documents/adr-007-migration-approach.md',
    'documents/memo-disputed-invoice.txt',
    'documents/project-charter.md',
    'documents/vendor-policy.md',
    'intranet/saltmarsh.html',
    'meetings/2025-03-18-steering.vtt',
    'meetings/2025-06-10-steering.vtt',
    'meetings/2025-06-24-chat.txt',
    'meetings/2025-06-24-dovrelund-call.txt',
  ]
  const facts = []
  for (const path of paths) {
    const { title, kind, date } = await readSample(path)
    facts.push([title, kind, date])
  }
  expect(facts).toEqual([
    ['ADR-007: Migration approach for billing accounts', 'document', '2025-03-11'],
    ['Dovrelund invoice DV-2207', 'document', '2025-05-06'],
    ['Project Saltmarsh: project charter', 'document', null],
    ['Vendor policy VP-12', 'document', null],
    ['Project Saltmarsh: who does what', 'document', '2025-06-02'],
    ['Steering group, Project Saltmarsh', 'transcript', '2025-03-18'],
    ['2025-06-10-steering', 'transcript', '2025-06-10'],
    ['2025-06-24-chat', 'chat', '2025-06-24'],
    ['2025-06-24-dovrelund-call', 'transcript', '2025-06-24'],
  ])
})

test('places of the sample lead to the line in the file', async () => {
  const memo = await readSample('documents/memo-disputed-invoice.txt')
  expect(memo.units[4]?.place).toEqual({ line: 9 })
  expect(memo.units[12]?.place).toEqual({ line: 19 })
  const meeting = await readSample('meetings/2025-03-18-steering.vtt')
  expect(meeting.units[0]?.place).toEqual({
    line: 6,
    time: '00:00:04',
    endTime: '00:00:13',
    speaker: 'Amara Okafor',
  })
  const page = await readSample('intranet/saltmarsh.html')
  expect(page.units.map((unit) => unit.place.line)).toEqual([
    8, 10, 11, 13, 15, 16, 17, 19, 21, 22, 23, 24, 25, 26, 27, 29, 31, 32, 33,
  ])
})
