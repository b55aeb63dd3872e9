import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { joinLineEnd, vocabularyOf } from '../../ingest/readers/pdf/hyphens.ts'
import { readOcrText } from '../../ingest/readers/pdf/ocr-text.ts'
import { pdfReader } from '../../ingest/readers/pdf.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import { expectWellFormed } from './well-formed.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/ingest/pdf')
const formats = join(import.meta.dirname, '../../../shared/data/formats')
const slides = join(
  import.meta.dirname,
  '../../../shared/data/organisation/ethereum-pm/Interop-Notes/Berlinterop/Slides-notes',
)

/** A PDF by hand: what is drawn on each page. `extra` goes into every page's dictionary. */
function tinyPdf(pages: readonly string[], extra = ''): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}] >>`,
    '<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>',
  ]
  for (const [index, content] of pages.entries()) {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources 3 0 R /Contents ${5 + index * 2} 0 R ${extra} >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    )
  }
  let file = '%PDF-1.4\n'
  const offsets = objects.map((body, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return String(offset).padStart(10, '0')
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${offset} 00000 n \n`).join('')}`
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

function show(text: string, x: number, y: number, size = 11): string {
  return `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${text.replace(/[()\\]/g, '\\$&')}) Tj ET\n`
}

/** Lines below each other from the upper margin on. */
function column(lines: readonly string[], x = 60, top = 700): string {
  return lines.map((line, index) => show(line, x, top - index * 14)).join('')
}

async function read(bytes: Uint8Array, path = 'report.pdf'): Promise<ParsedDocument> {
  return (await pdfReader.read({ path, bytes })).document
}

function unitsOf(document: ParsedDocument): string[] {
  return document.units.map(
    ({ kind, place, start, end }) =>
      `${place.page}:${place.line ?? place.part} ${kind} ${document.text.slice(start, end)}`,
  )
}

describe('what stands on a page', () => {
  test('a sentence goes over the end of a page and is placed where it begins', async () => {
    const document = await read(
      tinyPdf([
        column([
          'Everything on this page is about one thing. The harbour office decided',
          'to close the southern gate until the',
        ]),
        column(['end of the month. Nobody objected.']),
      ]),
    )
    expect(unitsOf(document)).toEqual([
      '1:1 sentence Everything on this page is about one thing.',
      '1:1 sentence The harbour office decided to close the southern gate until the end of the month.',
      '2:1 sentence Nobody objected.',
    ])
  })

  test('rotated pages are read upright, text along the side after the rest', async () => {
    const turned = await read(tinyPdf([column(['First line of it.', 'Second line of it.'])], '/Rotate 90'))
    expect(unitsOf(turned).map((unit) => unit.slice(0, 4))).toEqual(['1:1 ', '1:2 '])
    const side = `BT /F1 11 Tf 0 1 -1 0 30 200 Tm (Archive copy) Tj ET\n`
    const document = await read(tinyPdf([side + column(['The text of the page.'])]))
    expect(unitsOf(document)).toEqual(['1:1 sentence The text of the page.', '1:2 sentence Archive copy'])
  })

  test('words drawn letter by letter stay whole, and words far apart stay apart', async () => {
    const letters = show('w', 60, 700) + show('o', 67.9, 700) + show('r', 74.1, 700) + show('d', 77.7, 700)
    const document = await read(tinyPdf([letters + show('and', 87, 700) + show('more', 108.5, 700)]))
    expect(document.text).toBe('word and more')
  })

  test('text drawn twice to look bold is read once', async () => {
    const document = await read(tinyPdf([show('Deadline', 60, 700) + show('Deadline', 60.4, 700)]))
    expect(document.text).toBe('Deadline')
  })

  test('a page number and a running head are left out with one note, equal lines inside a page are not', async () => {
    const page = (number: number): string =>
      show('Harbour rules', 60, 770, 9) +
      column(['The same sentence stands here.', `Rule ${number * 7} is new.`], 60, 500) +
      show(`${number}`, 300, 30, 9)
    const document = await read(tinyPdf([1, 2, 3, 4].map(page)))
    expect(document.notes).toEqual([
      {
        code: 'running-head',
        message: 'Left out as running heads, feet and page numbers: 8 lines on 4 pages, such as “Harbour rules”.',
        where: 'p. 1',
      },
    ])
    expect(unitsOf(document).slice(0, 2)).toEqual([
      '1:2 sentence The same sentence stands here.',
      '1:3 sentence Rule 7 is new.',
    ])
    expect(document.text.match(/same sentence/g)).toHaveLength(4)
  })

  test('numbers at the foot that do not count pages stay', async () => {
    const document = await read(
      tinyPdf([7, 90, 4].map((sum) => column(['Sum of the day.'], 60, 400) + show(`${sum}`, 300, 30))),
    )
    expect(document.notes).toEqual([])
    expect(document.text).toContain('90')
  })

  test('a page that cannot be read costs itself', async () => {
    const bytes = Buffer.from(tinyPdf([column(['Good page.']), column(['Lost page.'])]))
    const broken = Buffer.from(
      bytes.toString('latin1').replace('6 0 obj\n<< /Type /Page ', '6 0 obj\n(/Type /Page) '),
      'latin1',
    )
    const document = await read(broken)
    expect(document.text).toBe('Good page.')
    expect(document.notes.map((note) => [note.code, note.where])).toEqual([['bad-page', 'p. 2']])
  })

  test('a file without its end is read as far as it goes, with a note', async () => {
    const bytes = tinyPdf([column(['Kept sentence.']), column(['Lost sentence.'])])
    // Files made for the web say at the beginning where everything is.
    const cut = Buffer.from(bytes).toString('latin1').slice(9, Buffer.from(bytes).indexOf('7 0 obj'))
    const document = await read(
      Buffer.from(`%PDF-1.4\ntrailer << /Root 1 0 R /Size 8 >>\n${cut}${' '.repeat(5000)}`, 'latin1'),
    )
    expect(document.text).toContain('Kept sentence.')
    expect(document.notes.map((note) => note.code)).toContain('pages-missing')
  })
})

describe('what cannot be read', () => {
  test('scans, passwords and rubbish have codes of their own', async () => {
    const fixture = (name: string): Uint8Array => readFileSync(join(fixtures, 'scanned-page', name))
    await expect(read(fixture('scan-only.pdf'))).rejects.toMatchObject({
      code: 'no-text',
      message: 'report.pdf: no text layer on any of its 3 pages',
      hint: 'Run OCR first, or give --ocr COMMAND.',
    })
    await expect(read(fixture('needs-password.pdf'))).rejects.toMatchObject({ code: 'encrypted' })
    expect((await read(fixture('owner-password.pdf'))).text).toBe('Only the owner may print this sentence.')
    await expect(read(Buffer.from('%PDF-1.7\nrubbish'))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(tinyPdf(['0 0 100 100 re f']))).rejects.toMatchObject({ code: 'no-text' })
    expect((await read(tinyPdf(['']))).units).toEqual([])
  })

  test('the bytes still belong to the caller', async () => {
    const bytes = new Uint8Array(tinyPdf([column(['Once.'])]))
    await read(bytes)
    expect((await read(bytes)).text).toBe('Once.')
  })

  test('more pages than anybody reads', async () => {
    const bytes = tinyPdf(Array.from({ length: 5001 }, () => ''))
    await expect(read(bytes)).rejects.toMatchObject({ code: 'limit' })
  })

  test('a page full of scattered signs takes no long time', async () => {
    const scattered = Array.from({ length: 6000 }, (_, index) =>
      show('ab', (index * 37) % 580, (index * 91) % 790, 4),
    ).join('')
    const started = Date.now()
    expect((await read(tinyPdf([scattered]))).text.length).toBeGreaterThan(10_000)
    expect(Date.now() - started).toBeLessThan(10_000)
  })
})

describe('hyphens at the end of lines', () => {
  const vocabulary = vocabularyOf(['a well-known fact', 'the information desk', 'state and based work', 'user-defined'])
  test.each([
    ['the infor-', 'mation is', 'the infor', ''],
    ['a well-', 'known man', 'a well-', ''],
    ['of Smith-', 'Jones', 'of Smith-', ''],
    ['since COVID-', '19 began', 'since COVID-', ''],
    ['state-of-the-', 'art tools', 'state-of-the-', ''],
    ['long-', 'and short-term', 'long-', ' '],
    ['the 2020s-', 'era', 'the 2020s-', ''],
    ['soft\u00ad', 'ware', 'soft', ''],
    ['see https://example.org/', 'wells', 'see https://example.org/', ''],
    ['日本', '語', '日本', ''],
    ['plain', 'words', 'plain', ' '],
  ])('%s | %s', (line, next, text, gap) => {
    expect(joinLineEnd(line, next, vocabulary)).toEqual({ text, gap })
  })
})

describe('text from an OCR command', () => {
  test('pages, places, paragraphs and hyphens', () => {
    const text =
      'HARBOUR OFFICE\n\nThe office decided to close the sou-\nthern gate at once.\n\n- Ana Ruiz keeps the key.\n- It is returned on Monday.\n\f\nName    Amount\nRope       12\nTar         7\n\f'
    const document = readOcrText('scan.pdf', text)
    expectWellFormed(document)
    expect(unitsOf(document)).toEqual([
      '1:1 sentence HARBOUR OFFICE',
      '1:2 sentence The office decided to close the southern gate at once.',
      '1:4 item Ana Ruiz keeps the key.',
      '1:5 item It is returned on Monday.',
      '2:1 row Name | Amount',
      '2:2 row Rope | 12',
      '2:3 row Tar | 7',
    ])
    expect(document.notes.map((note) => note.code)).toEqual(['ocr'])
  })

  test('nothing comes of nothing', () => {
    expect(readOcrText('scan.pdf', '\f\n\f').units).toEqual([])
  })
})

describe.skipIf(!existsSync(formats))('odd files', () => {
  const manifest = existsSync(formats) ? readFileSync(join(formats, 'MANIFEST.json'), 'utf8') : ''
  const names = existsSync(formats)
    ? readdirSync(formats).filter((name) => name.endsWith('.pdf') && name !== 'zero.pdf')
    : []
  test.each(names)('%s comes out as its manifest says', async (name) => {
    const expected = new RegExp(`"file": ?"${name.replaceAll('.', '\\.')}"[^}]*?"expect": ?"([^"]+)"`).exec(
      manifest,
    )?.[1]
    const outcome = await read(readFileSync(join(formats, name)), name).then(
      (document) => {
        if (document.units.length > 0) expectWellFormed(document)
        return document.units.length > 0 ? 'text' : 'empty'
      },
      (error: { code?: string }) => `error:${error.code}`,
    )
    expect(expected?.startsWith(outcome)).toBe(true)
  })

  test('two columns are read one after the other', async () => {
    const { text } = await read(readFileSync(join(formats, 'multi-column-2p.pdf')))
    expect(text).toContain('When evaluated on a wide range of open-domain QA datasets, our dense retriever outperforms')
    expect(text).toContain(
      'the question “Who is the bad guy in lord of the rings?”, which can be answered from the context',
    )
    expect(text).toContain('a d-dimensional real-valued vectors')
  })
})

describe.skipIf(!existsSync(slides))('real slides and pre-reads', () => {
  test.each(existsSync(slides) ? readdirSync(slides).filter((name) => name.endsWith('.pdf')) : [])(
    '%s',
    async (name) => {
      expectWellFormed(await read(readFileSync(join(slides, name)), name))
    },
  )
})
