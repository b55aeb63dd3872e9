import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readParts, type Part } from '../../ingest/parts.ts'
import { readSource } from '../../ingest/reader.ts'
import { uniqueNames } from '../../ingest/readers/zip/unique-names.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

async function partsOf(path: string, bytes: Uint8Array): Promise<Part[]> {
  const parts: Part[] = []
  for await (const part of readParts({ path, bytes })) parts.push(part)
  return parts
}

describe('an archive', () => {
  test('has no text; its files are read as documents of their own, also those of archives inside', async () => {
    const inner = zipSync({ 'deep.txt': encode('Deep inside.') })
    const bytes = zipSync({ 'b.txt': encode('Bo writes.'), 'a/a.txt': encode('Ana writes.'), 'c.zip': inner })
    const parts = await partsOf('papers.zip', bytes)
    expect(parts.map(({ path, container }) => [path, container])).toEqual([
      ['papers.zip', null],
      ['papers.zip/a/a.txt', 'papers.zip'],
      ['papers.zip/b.txt', 'papers.zip'],
      ['papers.zip/c.zip', 'papers.zip'],
      ['papers.zip/c.zip/deep.txt', 'papers.zip/c.zip'],
    ])
    const [archive] = parts
    expect(archive?.result).toMatchObject({ document: { kind: 'archive', text: '', units: [] } })
  })

  test('names cannot pose as something else, and stay apart', async () => {
    const bytes = zipSync({
      'a\nb.txt': encode('1'),
      'a\u202eb.txt': encode('2'),
      'a_b.txt': encode('3'),
      'x//y.txt': encode('4'),
      'x/y.txt': encode('5'),
    })
    const { attachments = [] } = await readSource({ path: 'a.zip', bytes })
    expect(attachments.map(({ name }) => name)).toEqual([
      'a_b.txt',
      'a_b (2).txt',
      'a_b (3).txt',
      'x/y.txt',
      'x/y (2).txt',
    ])
  })

  test('an archive of settings and other programs’ files only holds nothing', async () => {
    const bytes = zipSync({
      '.git/config': encode('x'),
      '__MACOSX/a.txt': encode('x'),
      'node_modules/b.md': encode('x'),
    })
    await expect(readSource({ path: 'a.zip', bytes })).rejects.toMatchObject({ code: 'empty-file' })
    await expect(readSource({ path: 'a.zip', bytes: zipSync({}) })).rejects.toMatchObject({ code: 'empty-file' })
  })

  test('what cannot be unpacked is noted, and the rest read; if nothing can, that is the error', async () => {
    const whole = zipSync({ 'one.txt': encode('One sentence.'), 'two.txt': encode('Two sentences.') })
    const lock = (count: number): Uint8Array => {
      const bytes = Buffer.from(whole)
      // The flag of encryption in the archive's directory.
      let at = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
      for (let index = 0; index < count; index += 1) {
        bytes[at + 8] = 1
        at = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'), at + 1)
      }
      return bytes
    }
    const { document, attachments = [] } = await readSource({ path: 'a.zip', bytes: lock(1) })
    expect(document.notes).toEqual([
      { code: 'entry-unreadable', message: 'one.txt cannot be read (encrypted).', where: 'one.txt' },
    ])
    expect(attachments.map(({ name }) => name)).toEqual(['two.txt'])
    await expect(readSource({ path: 'a.zip', bytes: lock(2) })).rejects.toMatchObject({ code: 'encrypted' })
  })

  test('a thousand files of one name take no time', () => {
    const names = uniqueNames(Array.from({ length: 20_000 }, () => 'a/notes.txt'))
    expect(new Set(names).size).toBe(20_000)
    expect(names.slice(0, 3)).toEqual(['a/notes.txt', 'a/notes (2).txt', 'a/notes (3).txt'])
    expect(uniqueNames(['', 'x', 'x', 'x (2)', '.rc', '.rc'])).toEqual([
      'unnamed',
      'x',
      'x (2)',
      'x (2) (2)',
      '.rc',
      '.rc (2)',
    ])
  })
})

const formats = join(import.meta.dirname, '../../../shared/data/formats')

test.skipIf(!existsSync(formats))('an archive that holds itself is followed a few levels deep', async () => {
  const parts = await partsOf('droste.zip', readFileSync(join(formats, 'droste.zip')))
  expect(parts.length).toBeLessThan(20)
  expect(parts.at(-1)?.result).toMatchObject({ error: { code: 'limit' } })
})
