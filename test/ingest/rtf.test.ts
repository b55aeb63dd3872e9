import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import { expectWellFormed } from './well-formed.ts'

async function read(source: string): Promise<ParsedDocument> {
  const { document } = await readSource({ path: 'a.rtf', bytes: Buffer.from(source, 'latin1') })
  expectWellFormed(document)
  return document
}

describe('rich text', () => {
  test('what is cut off is read as far as it goes, with a note', async () => {
    const fixture = join(import.meta.dirname, '../../fixtures/ingest/rtf/word-processor/input.rtf')
    const whole = readFileSync(fixture, 'latin1')
    const { text, notes } = await read(whole.slice(0, whole.indexOf('See the fare table')))
    expect(text).toContain('Present: six members.')
    expect(notes.map(({ code }) => code)).toEqual(['cut-off'])
    for (let length = 6; length < whole.length; length += 1)
      await read(whole.slice(0, length)).catch((error: { code?: string }) => expect(error.code).toBe('empty-file'))
  })

  test('raw bytes of a picture are passed over, whatever they look like', async () => {
    expect((await read('{\\rtf1 Before {\\pict\\bin5 }}{{\\} after.}')).text).toBe('Before after.')
    await expect(read('{\\rtf1 {\\pict 0102}}')).rejects.toMatchObject({ code: 'no-text' })
  })

  test('signs for programs that know no Unicode are left away, as many as are said', async () => {
    expect((await read('{\\rtf1\\uc0\\u8364 1 {\\uc2\\u8364 EU2} \\uc1\\u8364?3}')).text).toBe('€1 €2 €3')
  })

  test('a header that is repeated is read once', async () => {
    const { units } = await read('{\\rtf1{\\header Ferries\\par}Text.\\par{\\headerf Ferries\\par}More.\\par}')
    expect(units.map(({ place }) => place)).toEqual([{ paragraph: 1 }, { paragraph: 2 }, { part: 'header' }])
  })

  test('groups deeper than any program writes are refused', async () => {
    await expect(read(`{\\rtf1 x${'{'.repeat(100_000)}`)).rejects.toMatchObject({ code: 'limit' })
  })

  test('a long cell of many paragraphs takes no time', async () => {
    const { units } = await read(`{\\rtf1\\intbl ${'x\\par '.repeat(200_000)}\\cell\\row}`)
    expect(units).toHaveLength(1)
  })
})
