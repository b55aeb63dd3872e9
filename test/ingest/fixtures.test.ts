import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import { expectWellFormed } from './well-formed.ts'

const root = join(import.meta.dirname, '../../fixtures/ingest')

// Places in the expected files were checked by hand against the inputs. WRITE_EXPECTED=1 writes those that are missing.
for (const reader of readdirSync(root)) {
  describe(`${reader} reader`, () => {
    for (const name of readdirSync(join(root, reader))) {
      test(`${name} is read as expected`, async () => {
        const folder = join(root, reader, name)
        const path = readdirSync(folder).find((file) => file.startsWith('input')) ?? ''
        const { document, attachments, tables } = await readSource({ path, bytes: readFileSync(join(folder, path)) })
        if (document.units.length > 0) expectWellFormed(document)
        const { text, units, ...rest } = document
        const found = {
          ...rest,
          units: units.map((unit) => ({ kind: unit.kind, place: unit.place, text: text.slice(unit.start, unit.end) })),
          ...(attachments === undefined ? {} : { attachments: attachments.map((one) => one.name) }),
          ...(tables === undefined ? {} : { tables }),
        }
        const expected = join(folder, 'expected.json')
        if (process.env['WRITE_EXPECTED'] && !existsSync(expected)) {
          writeFileSync(expected, `${JSON.stringify(found, null, 2)}\n`)
        }
        expect(found).toEqual(JSON.parse(readFileSync(expected, 'utf8')))
      })
    }
  })
}
