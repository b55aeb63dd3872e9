import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../ingest/chunk.ts'
import { toDocument } from '../../ingest/identify.ts'
import { findFiles } from '../../ingest/job.ts'
import { readDocument } from './read.ts'
import { bytesId } from '../../src/model/ids.ts'
import { InputError } from '../../src/model/errors.ts'
import { expectWellFormed } from './well-formed.ts'

const shared = join(import.meta.dirname, '../../../shared/data')
const organisation = join(shared, 'organisation')
const formats = join(shared, 'formats')

describe.skipIf(!existsSync(organisation))('the files of real organisations', () => {
  for (const folder of ['openjs-cpc', 'kubernetes-community', 'ethereum-pm']) {
    test(`${folder} reads`, { timeout: 60_000 }, async () => {
      const refused = new Set<string>()
      for await (const { absolute, path } of findFiles([folder], organisation)) {
        const bytes = readFileSync(absolute)
        try {
          const parsed = await readDocument({ path, bytes })
          expectWellFormed(parsed)
          const document = toDocument({ source: folder, path, contentHash: bytesId(bytes), parsed })
          const chunks = chunkDocument(document)
          expect(chunks.flatMap((chunk) => chunk.units).length).toBeGreaterThanOrEqual(document.units.length)
          if (path.endsWith('.vtt')) {
            expect(parsed.kind).toBe('transcript')
            expect(parsed.units.filter((unit) => unit.place.speaker).length).toBeGreaterThan(parsed.units.length * 0.8)
            expect(parsed.date).toMatch(/^2026-/)
          }
          if (/chat\w*\.txt$/.test(path)) expect(parsed.kind).toBe('chat')
        } catch (error) {
          if (!(error instanceof InputError)) throw error
          refused.add(`${path.split('.').at(-1)} ${error.code}`)
        }
      }
      expect([...refused].filter((reason) => !/^(?:json|tsv|pdf|yaml) unsupported-format$/.test(reason))).toEqual([])
    })
  }
})

interface Sample {
  readonly file: string
  readonly expect: string
}

describe.skipIf(!existsSync(formats))('the collection of formats', () => {
  const manifest = existsSync(formats)
    ? (JSON.parse(readFileSync(join(formats, 'MANIFEST.json'), 'utf8')) as Sample[])
    : []
  for (const { file, expect: expected } of manifest.filter((sample) => /\.(?:md|txt|vtt|html?)$/.test(sample.file))) {
    test(`${file}: ${expected}`, async () => {
      const read = () => readDocument({ path: file, bytes: readFileSync(join(formats, file)) })
      if (expected === 'empty') await expect(read()).rejects.toThrow(expect.objectContaining({ code: 'empty-file' }))
      else {
        const document = await read()
        expectWellFormed(document)
        const codes = document.notes.map((note) => note.code).filter((code) => code !== 'guessed-encoding')
        expect(codes).toEqual(expected === 'text-lossy' ? ['lossy-decoding'] : [])
        if (expected === 'text:turns') expect(document.units.every((unit) => unit.place.speaker)).toBe(true)
      }
    })
  }
})
