import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import { expectWellFormed } from './well-formed.ts'

/** A book of these chapters, with more files or without (null) some. */
function book(chapters: readonly string[], more: Readonly<Record<string, string | null>> = {}): Uint8Array {
  const items = chapters.map(
    (_, index) => `<item id="c${index}" href="c${index}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  const files: Record<string, string | null> = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
    'b.opf': `<package><metadata><dc:title xmlns:dc="d">Book</dc:title></metadata><manifest>${items.join('')}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine toc="ncx">${chapters.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    'toc.ncx': `<ncx><navMap>${chapters.map((_, index) => `<navPoint><navLabel><text>Chapter ${index + 1}</text></navLabel><content src="c${index}.xhtml"/></navPoint>`).join('')}</navMap></ncx>`,
    'nav.xhtml': '<html/>',
    ...Object.fromEntries(chapters.map((text, index) => [`c${index}.xhtml`, text])),
    ...more,
  }
  const kept = Object.entries(files).flatMap(([name, text]) =>
    text === null ? [] : [[name, new TextEncoder().encode(text)]],
  )
  // Packed, the hostile ones would be refused for how small they get.
  return zipSync(Object.fromEntries(kept) as Record<string, Uint8Array>, { level: 0 })
}

async function read(bytes: Uint8Array): Promise<ParsedDocument> {
  const { document } = await readSource({ path: 'a.epub', bytes })
  expectWellFormed(document)
  return document
}

const LOCK = (file: string): string =>
  `<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/><CipherData><CipherReference URI="${file}"/></CipherData></EncryptedData></encryption>`

describe('a book', () => {
  test('without a table of contents has chapters by its headings', async () => {
    const chapters = ['<h1>One</h1><p>First.</p>', '<h1>Two</h1><p>Second.</p>', '<title>Back</title><p>Third.</p>']
    const { units, notes } = await read(book(chapters, { 'toc.ncx': null, 'nav.xhtml': null }))
    expect(units.map(({ place }) => place.chapter)).toEqual(['One', 'One', 'Two', 'Two', 'Back'])
    expect(notes.map(({ code }) => code)).toEqual(['unreadable-contents', 'unreadable-contents'])
  })

  test('elements that close themselves do not swallow what follows', async () => {
    const page = `<html><head><title/><script src="x"/><style/></head><body><p/><a id="x"/><b/>All <i/>of it. <![CDATA[Even this.]]><textarea/> <iframe src="y"/>And the end.</body></html>`
    expect((await read(book([page]))).text).toBe('All of it. Even this. And the end.')
  })

  test('chapters that begin in the middle of one line keep apart', async () => {
    const page = '<p>Before.</p><div id="a"><p>A one. A two.</p></div><p>A<span id="b">b</span> three.</p><p>B one.</p>'
    const toc = ['a', 'b'].map(
      (id) => `<navPoint><navLabel><text>${id}</text></navLabel><content src="c0.xhtml#${id}"/></navPoint>`,
    )
    const { units, text } = await read(book([page], { 'toc.ncx': `<ncx><navMap>${toc.join('')}</navMap></ncx>` }))
    expect(units.map(({ start, end, place }) => `${place.chapter ?? '-'}: ${text.slice(start, end)}`)).toEqual([
      '-: Before.',
      'a: A one.',
      'a: A two.',
      'a: Ab three.',
      'b: B one.',
    ])
    expect(new Set(units.map(({ place }) => place.line))).toEqual(new Set([1]))
  })

  test('that is locked is refused; scrambled fonts are no lock', async () => {
    const locked = book(['<p>x</p>'], { 'META-INF/encryption.xml': LOCK('c0.xhtml') })
    await expect(read(locked)).rejects.toMatchObject({ code: 'encrypted' })
    await read(book(['<p>x</p>'], { 'META-INF/encryption.xml': LOCK('fonts/a.otf') }))
  })

  test('a chapter that is missing or too long costs itself', async () => {
    const { notes, text } = await read(
      book(['<p>One.</p>', `<p>${'x'.repeat(5_500_000).replaceAll('xxxxx', 'ab, c')}</p>`, '<p>Three.</p>', ''], {
        'c2.xhtml': null,
      }),
    )
    expect(text).toBe('One.')
    expect(notes.map(({ code, where }) => [code, where])).toEqual([
      ['unreadable-chapter', 'c1.xhtml'],
      ['unreadable-chapter', 'c2.xhtml'],
    ])
  })

  test('without a chapter is damaged, without words has no text', async () => {
    await expect(read(book(['x'], { 'c0.xhtml': null }))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(book(['<p><img src="x"/></p>']))).rejects.toMatchObject({ code: 'no-text' })
    await expect(read(book(['x'], { 'b.opf': null }))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(book(['x'], { 'b.opf': '<package' }))).rejects.toMatchObject({ code: 'corrupt' })
  })
})

describe('hostile books are read in the time of a usual test', () => {
  const times = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length))
  const points = (depth: number): string =>
    `${'<navPoint><navLabel><text>Part</text></navLabel><content src="c0.xhtml#x"/>'.repeat(depth)}${'</navPoint>'.repeat(depth)}`
  const cases: Record<string, Uint8Array> = {
    'divisions in divisions': book([`${times('<div>', 1_000_000)}x`]),
    'elements that close themselves': book([`x${times('<b/>', 1_000_000)}`]),
    'ends without a beginning': book([`x${times('/>', 2_000_000)}`]),
    'beginnings without an end': book([`x${times('<a ', 2_000_000)}`]),
    'ids without an end': book([`x${times(' id="', 2_000_000)}`]),
    'shields without an end': book([`x${times('<![CDATA[', 1_000_000)}`]),
    'contents 240 deep': book(['<p id="x">x</p>'], { 'toc.ncx': `<ncx><navMap>${points(240)}</navMap></ncx>` }),
    'contents of a hundred thousand entries': book(['<p id="x">x</p>'], {
      'toc.ncx': `<ncx><navMap>${points(1).repeat(100_000)}</navMap></ncx>`,
    }),
    'a spine of a hundred thousand': book(['<p>x</p>'], {
      'b.opf': `<package><manifest><item id="a" href="c0.xhtml" media-type="text/html"/></manifest><spine>${'<itemref idref="a"/>'.repeat(100_000)}</spine></package>`,
    }),
  }
  for (const [what, bytes] of Object.entries(cases)) {
    test(what, async () => {
      expect((await read(bytes)).text).toContain('x')
    })
  }
})

const file = join(import.meta.dirname, '../../../shared/data/formats/winter-sports.epub')

test.skipIf(!existsSync(file))('a book of Project Gutenberg is read in order, chapter by chapter', async () => {
  const document = await read(readFileSync(file))
  expect(document).toMatchObject({ title: 'Winter Sports in Switzerland', date: '2019-08-23' })
  expect(document.metadata).toMatchObject({ author: 'E. F. Benson', language: 'en' })
  const chapters = [...new Set(document.units.map(({ place }) => place.chapter ?? ''))]
  const numbered = chapters
    .filter((chapter) => /^CHAPTER \w+ [^›]*$/.test(chapter))
    .map((chapter) => chapter.split(' ')[1])
  expect(numbered).toEqual(['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII'])
  expect(document.notes).toEqual([])
})
