import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Reading } from '../../ingest/reading.ts'
import { docxReader } from '../../ingest/readers/docx.ts'
import { odtReader } from '../../ingest/readers/odt.ts'
import { readSource } from '../../ingest/reader.ts'
import { expectWellFormed } from './well-formed.ts'

const NAMESPACES = [
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"',
].join(' ')
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

interface Part {
  readonly type: string
  readonly name: string
  readonly xml: string
}

/** A file with a body and, where wanted, other parts; `rId1` is the first of them. */
function docx(body: string, parts: readonly Part[] = []): Promise<Reading> {
  const targets = parts.map(
    ({ type, name }, index) => `<Relationship Id="rId${index + 1}" Type="${TYPE}/${type}" Target="${name}"/>`,
  )
  const bytes = zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    'word/document.xml': strToU8(`<w:document ${NAMESPACES}><w:body>${body}</w:body></w:document>`),
    'word/_rels/document.xml.rels': strToU8(`<Relationships>${targets.join('')}</Relationships>`),
    ...Object.fromEntries(parts.map(({ name, xml }) => [`word/${name}`, strToU8(xml)])),
  })
  return docxReader.read({ path: 'plan.docx', bytes })
}

function run(text: string): string {
  return `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`
}

function paragraph(content: string, properties = ''): string {
  return `<w:p><w:pPr>${properties}</w:pPr>${content.startsWith('<') ? content : run(content)}</w:p>`
}

function table(...rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string => row.map((cell) => `<w:tc>${cell}</w:tc>`).join('')
  return `<w:tbl>${rows.map((row) => `<w:tr>${cells(row)}</w:tr>`).join('')}</w:tbl>`
}

function part(type: string, name: string, root: string, xml: string): Part {
  return { type, name, xml: `<w:${root} ${NAMESPACES}>${xml}</w:${root}>` }
}

/** `heading 1 Owners`: kind, paragraph and text of every unit, with the part it is in. */
function unitsOf({ document }: Reading): string[] {
  expectWellFormed(document)
  return document.units.map(({ kind, start, end, place }) =>
    [kind, place.paragraph, place.part, document.text.slice(start, end)].filter((each) => each !== undefined).join(' '),
  )
}

describe('styles and numbering', () => {
  test('headings go by name, id, outline level and what a style is based on', async () => {
    const styles = [
      '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Level"/></w:style>',
      '<w:style w:type="paragraph" w:styleId="Level"><w:name w:val="Level"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>',
      '<w:style w:type="paragraph" w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Ring"/></w:style>',
    ].join('')
    const reading = await docx(
      [
        paragraph('By its base', '<w:pStyle w:val="Mine"/>'),
        paragraph('By its id', '<w:pStyle w:val="Heading2"/>'),
        paragraph('In German', '<w:pStyle w:val="Überschrift1"/>'),
        paragraph('By its level', '<w:outlineLvl w:val="0"/>'),
        paragraph('Body text', '<w:outlineLvl w:val="9"/>'),
        paragraph('In a circle', '<w:pStyle w:val="Ring"/>'),
      ].join(''),
      [part('styles', 'styles.xml', 'styles', styles)],
    )
    expect(unitsOf(reading)).toEqual([
      'heading 1 By its base',
      'heading 2 By its id',
      'heading 3 In German',
      'heading 4 By its level',
      'sentence 5 Body text',
      'sentence 6 In a circle',
    ])
  })

  test('a whole paragraph in a heading style is prose; numbering may be switched off', async () => {
    const long = 'The gateway is restarted by whoever is on call. '.repeat(6).trim()
    const numbering = (id: number): string => `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${id}"/></w:numPr>`
    const reading = await docx(
      paragraph(long, '<w:pStyle w:val="Heading1"/>') +
        paragraph('Keys', numbering(3)) +
        paragraph('No item', numbering(0)) +
        paragraph('• Typed by hand'),
    )
    expect(unitsOf(reading).slice(5)).toEqual([
      'sentence 1 The gateway is restarted by whoever is on call.',
      'item 2 Keys',
      'sentence 3 No item',
      'item 4 Typed by hand',
    ])
  })
})

describe('what is in the text and what is not', () => {
  test('moved words stay once, deleted rows and notes go', async () => {
    const deleted = `<w:tr><w:trPr><w:del/></w:trPr><w:tc>${paragraph('Fax')}</w:tc></w:tr>`
    const reading = await docx(
      paragraph(`<w:moveFrom>${run('Bern ')}</w:moveFrom>${run('Basel ')}<w:moveTo>${run('Bern')}</w:moveTo>`) +
        table([paragraph('Mail'), paragraph('yes')]).replace('</w:tbl>', `${deleted}</w:tbl>`) +
        paragraph(`${run('End.')}<w:del><w:r><w:footnoteReference w:id="1"/></w:r></w:del>`),
      [part('footnotes', 'footnotes.xml', 'footnotes', `<w:footnote w:id="1">${paragraph('Gone.')}</w:footnote>`)],
    )
    expect(unitsOf(reading)).toEqual(['sentence 1 Basel Bern', 'row 2 Mail | yes', 'sentence 5 End.'])
    expect(reading.document.notes).toEqual([expect.objectContaining({ code: 'tracked-deletions' })])
  })

  test('fields show their results, whatever is nested or left open', async () => {
    const mark = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
    const code = (text: string): string => `<w:r><w:instrText>${text}</w:instrText></w:r>`
    const inner = mark('begin') + code('MERGEFIELD x') + mark('separate') + run('secret') + mark('end')
    const reading = await docx(
      paragraph(
        run('Ask ') + mark('begin') + code('IF ') + inner + mark('separate') + run('Ana') + mark('end') + run('.'),
      ) +
        paragraph(run('Left ') + mark('begin') + code('TOC')) +
        paragraph('Still read.'),
    )
    expect(unitsOf(reading)).toEqual(['sentence 1 Ask Ana.', 'sentence 2 Left', 'sentence 3 Still read.'])
  })

  test('text boxes and diagrams belong to the paragraph that holds them, in cells too', async () => {
    const box = (text: string): string =>
      `<w:r><w:drawing><w:txbxContent>${paragraph(text)}</w:txbxContent></w:drawing></w:r>`
    const diagram = '<w:r><w:drawing><dgm:relIds r:dm="rId1"/></w:drawing></w:r>'
    const points = ['Plan', 'Build'].map(
      (text) => `<dgm:pt><dgm:t><a:p><a:r><a:t>${text}</a:t></a:r></a:p></dgm:t></dgm:pt>`,
    )
    const reading = await docx(
      paragraph(run('Above.') + box('Boxed.') + diagram) +
        table([paragraph(run('Cell') + box('boxed')), paragraph('b')]),
      [{ type: 'diagramData', name: 'd.xml', xml: `<dgm:dataModel ${NAMESPACES}>${points.join('')}</dgm:dataModel>` }],
    )
    expect(unitsOf(reading)).toEqual([
      'sentence 1 Above.',
      'sentence 1 Boxed.',
      'item 1 Plan',
      'item 1 Build',
      'row 2 Cell boxed | b',
    ])
  })

  test('a frame around text is no row; a line in one cell is', async () => {
    const frame = paragraph('Note', '<w:pStyle w:val="Heading3"/>') + paragraph('Lock it. Twice.')
    const reading = await docx(table([frame]) + table([paragraph('alone')]))
    expect(unitsOf(reading)).toEqual(['heading 1 Note', 'sentence 2 Lock it.', 'sentence 2 Twice.', 'row 3 alone'])
  })

  test('comments that begin between paragraphs belong to the next one; lost ones come last', async () => {
    const comment = (id: number, text: string): string =>
      `<w:comment w:id="${id}" w:author="Ana">${paragraph(text)}</w:comment>`
    const reading = await docx(
      `${paragraph('One.')}<w:commentRangeStart w:id="7"/>${paragraph('Two.')}${paragraph('Three.')}`,
      [part('comments', 'comments.xml', 'comments', comment(5, 'Lost.') + comment(7, 'Found.'))],
    )
    expect(unitsOf(reading)).toEqual([
      'sentence 1 One.',
      'sentence 2 Two.',
      'sentence 2 comment Found.',
      'sentence 3 Three.',
      'sentence comment Lost.',
    ])
  })

  test('notes that refer to each other come once', async () => {
    const note = (id: number, other: number): string =>
      `<w:footnote w:id="${id}">${paragraph(`${run(`Note ${id}.`)}<w:r><w:footnoteReference w:id="${other}"/></w:r>`)}</w:footnote>`
    const reading = await docx(paragraph(`${run('Text.')}<w:r><w:footnoteReference w:id="1"/></w:r>`), [
      part('footnotes', 'footnotes.xml', 'footnotes', note(1, 2) + note(2, 1)),
    ])
    expect(unitsOf(reading)).toEqual(['sentence 1 Text.', 'sentence 1 footnote Note 1.', 'sentence 1 footnote Note 2.'])
  })

  test('headers of several sections come once', async () => {
    const section = (id: number): string => `<w:sectPr><w:headerReference r:id="rId${id}"/></w:sectPr>`
    const header = (name: string): Part =>
      part('header', name, 'hdr', paragraph('Helios AG') + paragraph('Page 3 of 9'))
    const reading = await docx(paragraph('A.', section(1)) + paragraph('B.') + section(2), [
      header('header1.xml'),
      header('header2.xml'),
    ])
    expect(unitsOf(reading)).toEqual(['sentence 1 A.', 'sentence 2 B.', 'sentence header Helios AG'])
  })
})

describe('odd and broken files', () => {
  test('prefixes are a matter of taste', async () => {
    const uri = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
    const xml = `<document xmlns="${uri}" xmlns:ns0="${uri}"><body><p><pPr><pStyle ns0:val="Heading1"/></pPr><ns0:r><t>Owners</t></ns0:r></p></body></document>`
    const bytes = zipSync({ '[Content_Types].xml': strToU8('<Types/>'), 'word/document.xml': strToU8(xml) })
    expect(unitsOf(await docxReader.read({ path: 'a.docx', bytes }))).toEqual(['heading 1 Owners'])
  })

  test('a broken side part costs itself only', async () => {
    const reading = await docx(paragraph('Text.'), [{ type: 'comments', name: 'comments.xml', xml: '<w:comments><w:' }])
    expect(unitsOf(reading)).toEqual(['sentence 1 Text.'])
    expect(reading.document.notes).toEqual([
      { code: 'broken-part', message: expect.any(String), where: 'word/comments.xml' },
    ])
  })

  test('pictures alone are no text, and a file without a body is damaged', async () => {
    const picture = { type: 'image', name: 'media/scan.png', xml: '' }
    await expect(docx(paragraph(''), [picture])).rejects.toMatchObject({ code: 'no-text', place: 'plan.docx' })
    const bytes = zipSync({ 'word/document.xml': strToU8(`<w:document ${NAMESPACES}/>`) })
    await expect(docxReader.read({ path: 'a.docx', bytes })).rejects.toMatchObject({ code: 'corrupt' })
  })

  test('documents inside are handed on, objects are told about', async () => {
    const files = ['embeddings/Plan.docx', 'embeddings/oleObject1.bin', 'afchunk1.html']
    const reading = await docx(
      paragraph('Text.'),
      files.map((name) => ({ type: name.startsWith('af') ? 'aFChunk' : 'package', name, xml: 'x' })),
    )
    expect(reading.attachments?.map(({ name }) => name)).toEqual(['Plan.docx', 'afchunk1.html'])
    expect(reading.document.notes).toEqual([expect.objectContaining({ code: 'embedded-object' })])
  })
})

describe('Teams transcripts', () => {
  const turns = (...lines: readonly string[]): Promise<Reading> => docx(lines.map((line) => paragraph(line)).join(''))

  test('names and times may have lost their spaces', async () => {
    const reading = await turns('Ana 0:03', 'Hello.', 'Jo 0:09', 'Hi. All well?', 'Ana 1:00:15', 'Yes.')
    expect(unitsOf(reading)).toEqual(['utterance 2 Hello.', 'utterance 4 Hi. All well?', 'utterance 6 Yes.'])
    expect(reading.document.units[2]?.place).toEqual({ paragraph: 6, time: '01:00:15', speaker: 'Ana' })
  })

  test('an agenda is none', async () => {
    const plain = await turns('Opening   9:00', 'Coffee   10:30', 'Talks   11:00')
    const told = await turns('Opening   9:00', 'By Ana.', 'Coffee   10:30', 'In the hall.', 'Talks   11:00', 'By Jo.')
    expect([plain.document.kind, told.document.kind]).toEqual(['document', 'document'])
  })

  test('one cue quoted in a long document is none', async () => {
    const about = Array.from({ length: 20 }, (_, index) => `Rule ${index} about captions.`)
    const reading = await turns(...about, '0:0:1.0 --&gt; 0:0:2.0', 'Ana', 'Hello.')
    expect(reading.document.kind).toBe('document')
  })
})

describe('odt', () => {
  const names = ['office', 'text', 'table', 'manifest'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  )
  const odt = (body: string, parts: Readonly<Record<string, string>> = {}): Promise<Reading> => {
    const content = `<office:document-content ${names.join(' ')}><office:body><office:text>${body}</office:text></office:body></office:document-content>`
    const files = { 'content.xml': content, ...parts }
    const bytes = zipSync(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(xml)])))
    return odtReader.read({ path: 'plan.odt', bytes })
  }

  test('encrypted files say so', async () => {
    const manifest = `<manifest:manifest ${names[3]}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`
    const reading = odt('', { 'META-INF/manifest.xml': manifest })
    await expect(reading).rejects.toMatchObject({ code: 'encrypted', place: 'plan.odt' })
  })

  test('contents are lines, endnotes follow their paragraph, empty cells repeat', async () => {
    const note =
      '<text:note text:note-class="endnote"><text:note-body><text:p>From May.</text:p></text:note-body></text:note>'
    const row =
      '<table:table-row><table:table-cell table:number-columns-repeated="1000000"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
    const reading = await odt(
      `<text:table-of-content><text:index-body><text:p>Rules 1</text:p></text:index-body></text:table-of-content><text:h>Rules</text:h><text:p>Lock it.${note}</text:p><table:table>${row}</table:table>`,
    )
    expect(unitsOf(reading).slice(0, 4)).toEqual([
      'item 1 Rules 1',
      'heading 2 Rules',
      'sentence 3 Lock it.',
      'sentence 3 endnote From May.',
    ])
    expect(unitsOf(reading)[4]).toMatch(/^row 4 (?:\| +)+x$/)
  })
})

const formats = join(import.meta.dirname, '../../../shared/data/formats')

describe.skipIf(!existsSync(formats))('files of others', () => {
  const read = (name: string): Promise<Reading> => readSource({ path: name, bytes: readFileSync(join(formats, name)) })

  test.each([
    ['doc-default.docx', 'empty-file'],
    ['testWORD_truncated.docx', 'corrupt'],
    ['testWORD_protected_passtika.docx', 'encrypted'],
    ['zip-bomb.docx', 'limit'],
    ['billion-laughs.docx', 'limit'],
  ])('%s is refused: %s', async (name, code) => {
    await expect(read(name)).rejects.toMatchObject({ code, place: expect.stringContaining(name) })
  })

  test.each(['path-traversal', 'test_recursive_embedded', 'docx_comments', 'docx-tables', 'tbl-cell-access'])(
    '%s.docx is read',
    async (name) => expectWellFormed((await read(`${name}.docx`)).document),
  )

  test('teams_chat.docx has turns', async () => {
    const { document } = await read('teams_chat.docx')
    expect(document.kind).toBe('transcript')
    expect(document.units.map(({ place }) => place.speaker)).toEqual(['Some Body', 'James Bond', undefined])
    expect(document.units[1]?.place).toMatchObject({ paragraph: 2, time: '00:00:03', endTime: '00:00:04' })
  })

  test('872 pages are read within seconds', async () => {
    const start = performance.now()
    const { document } = await read('handbook-872p.docx')
    expect(performance.now() - start).toBeLessThan(10_000)
    expectWellFormed(document)
    expect(document.units.length).toBeGreaterThan(7000)
    expect(document.units.some(({ place }) => place.part === 'footnote')).toBe(true)
  })
})
