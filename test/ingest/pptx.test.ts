import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import { formatPlace } from '../../src/model/place.ts'
import { expectWellFormed } from './well-formed.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const fixture = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, `../../fixtures/ingest/pptx/${name}/input.pptx`))

const NAMESPACES =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

/** The fixture with some parts put in, replaced, or (null) left away. */
function changed(name: string, parts: Readonly<Record<string, string | Uint8Array | null>>): Uint8Array {
  const files: Record<string, Uint8Array> = unzipSync(fixture(name))
  for (const [part, content] of Object.entries(parts)) {
    if (content === null) delete files[part]
    else files[part] = typeof content === 'string' ? encode(content) : content
  }
  return zipSync(files)
}

/** A presentation of one slide with these shapes. */
function deck(shapes: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipSync(
    Object.fromEntries(
      Object.entries({
        '[Content_Types].xml': '<Types/>',
        'ppt/presentation.xml': `<p:presentation ${NAMESPACES}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>`,
        'ppt/_rels/presentation.xml.rels': `<Relationships><Relationship Id="r1" Type="${types}/slide" Target="slides/a.xml"/></Relationships>`,
        'ppt/slides/a.xml': `<p:sld ${NAMESPACES}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
        ...parts,
      }).map(([name, text]) => [name, encode(text)]),
    ),
    // Packed, the hostile ones would be refused for how small they get.
    { level: 0 },
  )
}

function box(text: string, at = ''): string {
  return `<p:sp><p:spPr>${at}</p:spPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`
}

async function texts(bytes: Uint8Array): Promise<string[]> {
  const { document } = await readSource({ path: 'a.pptx', bytes })
  return document.units.map(({ start, end }) => document.text.slice(start, end))
}

describe('a presentation', () => {
  test('places lead to the slide and say what is note and comment', async () => {
    const { document } = await readSource({ path: 'winter.pptx', bytes: fixture('notes-and-comments') })
    const placeOf = (text: string): string => {
      const unit = document.units.find(({ start, end }) => document.text.slice(start, end) === text)
      return unit === undefined ? 'missing' : formatPlace('winter.pptx', unit.place)
    }
    expect(placeOf('Do not name the buyer.')).toBe('winter.pptx slide 2 (note)')
    expect(placeOf('It is a quarter.')).toBe('winter.pptx slide 2 (comment) Tomas Reik')
  })

  test('a slide that is damaged or missing costs itself', async () => {
    const bytes = changed('notes-and-comments', {
      'ppt/slides/slide1.xml': '<p:sld',
      'ppt/slides/slide4.xml': null,
      'ppt/notesSlides/notesSlide1.xml': '<a></b>',
      'ppt/slideLayouts/slideLayout1.xml': 'nothing',
      'ppt/authors.xml': '<!DOCTYPE a [<!ENTITY x "y">]><a/>',
      'docProps/core.xml': '<a',
    })
    const { document } = await readSource({ path: 'a.pptx', bytes })
    expectWellFormed(document)
    expect(document.title).toBe('Winter timetable')
    expect(document.notes.map(({ code, where }) => `${code} ${where ?? ''}`)).toEqual([
      'unreadable-part ppt/presentation.xml',
      'unreadable-part slide 1',
      'unreadable-slide slide 2',
      'unreadable-slide slide 3',
      'hidden-slide ',
      'unreadable-properties docProps',
    ])
    expect(new Set(document.units.map(({ place }) => place.slide))).toEqual(new Set([1, 4]))
  })

  test('without a readable slide it is damaged, without words it has no text', async () => {
    const damaged = deck('<p:sp>')
    await expect(readSource({ path: 'a.pptx', bytes: damaged })).rejects.toMatchObject({ code: 'corrupt' })
    const lost = changed('figures', { 'ppt/presentation.xml': null })
    await expect(readSource({ path: 'a.pptx', bytes: lost })).rejects.toMatchObject({ code: 'corrupt' })
    await expect(readSource({ path: 'a.pptx', bytes: deck('<p:pic/>') })).rejects.toMatchObject({ code: 'no-text' })
  })

  test('prefixes are the program’s own choice', async () => {
    const slide = `<sld xmlns="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/main"><cSld><spTree><sp><nvSpPr><nvPr><ph type="title"/></nvPr></nvSpPr><txBody><d:p><d:r><d:t>Plain</d:t></d:r></d:p></txBody></sp></spTree></cSld></sld>`
    const { document } = await readSource({ path: 'a.pptx', bytes: deck('', { 'ppt/slides/a.xml': slide }) })
    expect(document.title).toBe('Plain')
  })

  test('shapes are read from top to bottom and from left to right, in bands', async () => {
    const at = (x: number, y: number): string => `<a:xfrm><a:off x="${x}" y="${y}"/></a:xfrm>`
    const shapes = [
      box('four', at(0, 3_000_000)),
      box('three', at(5_000_000, 1_000_000)),
      box('two', at(0, 1_100_000)),
      box('one', at(9_000_000, 0)),
    ]
    expect(await texts(deck(shapes.join('')))).toEqual(['one', 'two', 'three', 'four'])
  })

  test('labels of charts on several levels carry on', async () => {
    const level = (values: Record<number, string>): string =>
      `<c:lvl>${Object.entries(values)
        .map(([index, value]) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`)
        .join('')}</c:lvl>`
    const labels = level({ 0: 'Jan', 1: 'Feb', 2: 'Jan' }) + level({ 0: '2023', 2: '2024' })
    const chart = `<c:chartSpace xmlns:c="c"><c:chart><c:plotArea><c:barChart><c:ser><c:cat><c:multiLvlStrRef><c:multiLvlStrCache>${labels}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat><c:val><c:numRef><c:numCache>${level({ 0: '1', 1: '2', 2: '3' })}</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`
    const frame =
      '<p:graphicFrame><a:graphic><a:graphicData><c:chart xmlns:c="c" r:id="c1"/></a:graphicData></a:graphic></p:graphicFrame>'
    const parts = {
      'ppt/charts/c.xml': chart,
      'ppt/slides/_rels/a.xml.rels':
        '<Relationships><Relationship Id="c1" Type="x/chart" Target="/ppt/charts/c.xml"/></Relationships>',
    }
    expect(await texts(deck(frame, parts))).toEqual(['2023 Jan | 1', '2023 Feb | 2', '2024 Jan | 3'])
    // One chart in a thousand places is read once.
    expect(await texts(deck(frame.repeat(1000), parts))).toHaveLength(3)
  })
})

describe('hostile presentations are read or refused in the time of a usual test', () => {
  const group = '<p:grpSp>'
  const cases: Record<string, [bytes: () => Uint8Array, code: string]> = {
    'groups as deep as XML may be': [() => deck(group.repeat(240) + box('x') + '</p:grpSp>'.repeat(240)), 'none'],
    'groups that are deeper': [() => deck(group.repeat(100_000)), 'corrupt'],
    'alternatives in alternatives': [
      () =>
        deck(
          `${'<mc:AlternateContent><mc:Choice>'.repeat(110)}${box('x').repeat(5000)}${'</mc:Choice></mc:AlternateContent>'.repeat(110)}`,
        ),
      'none',
    ],
    'a hundred thousand shapes': [() => deck(box('Words.').repeat(100_000)), 'none'],
    'a hundred thousand frames that point nowhere': [
      () =>
        deck(
          `${box('x')}${'<p:graphicFrame><a:graphic><a:graphicData><c:chart r:id="c1"/></a:graphicData></a:graphic></p:graphicFrame>'.repeat(100_000)}`,
        ),
      'none',
    ],
    'a hundred thousand slides that are one': [
      () =>
        deck(box('x'), {
          'ppt/presentation.xml': `<p:presentation ${NAMESPACES}><p:sldIdLst>${'<p:sldId r:id="r1"/>'.repeat(100_000)}</p:sldIdLst></p:presentation>`,
        }),
      'limit',
    ],
    'a layout that is its own master': [
      () =>
        deck(box('x'), {
          'ppt/slides/_rels/a.xml.rels': '<R><Relationship Id="l" Type="x/slideLayout" Target="l.xml"/></R>',
          'ppt/slides/_rels/l.xml.rels': '<R><Relationship Id="m" Type="x/slideMaster" Target="l.xml"/></R>',
          'ppt/slides/l.xml': '<p:sldLayout/>',
        }),
      'none',
    ],
    'entities that expand': [
      () => deck('', { 'ppt/slides/a.xml': '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>' }),
      'corrupt',
    ],
    'targets outside': [
      () =>
        deck('', {
          'ppt/_rels/presentation.xml.rels':
            '<R><Relationship Id="r1" Type="x/slide" Target="../../../../etc/passwd"/></R>',
        }),
      'corrupt',
    ],
  }
  for (const [what, [bytes, code]] of Object.entries(cases)) {
    test(what, async () => {
      const result = await readSource({ path: 'a.pptx', bytes: bytes() }).then(
        ({ document }) => {
          expectWellFormed(document)
          expect(document.notes.length).toBeLessThanOrEqual(1010)
          return 'none'
        },
        (error: { code: string }) => error.code,
      )
      expect(result).toBe(code)
    })
  }
})

const formats = join(import.meta.dirname, '../../../shared/data/formats')

describe.skipIf(!existsSync(formats))('presentations of others', () => {
  for (const file of existsSync(formats) ? readdirSync(formats).filter((name) => name.endsWith('.pptx')) : []) {
    test(file, async () => {
      const { document } = await readSource({ path: file, bytes: readFileSync(join(formats, file)) })
      expectWellFormed(document)
      expect(document.units.every(({ place }) => place.slide !== undefined)).toBe(true)
    })
  }
})
