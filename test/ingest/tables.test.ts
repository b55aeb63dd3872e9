import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import { jsonReader } from '../../ingest/readers/json.ts'
import { yamlReader } from '../../ingest/readers/yaml.ts'
import type { Reading, Table } from '../../ingest/reading.ts'
import type { InputError } from '../../src/model/errors.ts'
import { expectWellFormed } from './well-formed.ts'

const shared = join(import.meta.dirname, '../../../shared')
const formats = join(shared, 'data/formats')
const organisation = join(shared, 'data/organisation')

async function read(path: string, content: string | Uint8Array): Promise<Reading> {
  const reading = await readSource({ path, bytes: Buffer.from(content) })
  if (reading.document.units.length > 0) expectWellFormed(reading.document)
  for (const { columns, rows } of reading.tables ?? []) {
    expect(new Set(columns).size).toBe(columns.length)
    expect(columns.every((name) => name !== '')).toBe(true)
    expect(rows.every(({ cells }) => cells.length === columns.length)).toBe(true)
    expect(rows.every(({ row }, index) => index === 0 || row > (rows[index - 1]?.row ?? 0))).toBe(true)
  }
  return reading
}

async function errorOf(path: string, content: string | Uint8Array): Promise<string> {
  return read(path, content).then(
    () => 'none',
    (error: InputError) => error.code,
  )
}

function textsOf({ document }: Reading): string[] {
  return document.units.map(({ start, end }) => document.text.slice(start, end))
}

function codesOf({ document }: Reading): string[] {
  return document.notes.map(({ code }) => code)
}

function only({ tables = [] }: Reading): Table {
  expect(tables).toHaveLength(1)
  return tables[0] as Table
}

describe('CSV', () => {
  test('a large table has no units, and its rows keep their lines', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"Name\n${index}",00${index}`)
    const reading = await read('a.csv', ['id,name,code', ...rows].join('\n'))
    expect(reading.document.units).toEqual([])
    expect(only(reading).rows.at(-1)).toEqual({ row: 120_000, cells: ['59999', 'Name\n59999', '0059999'] })
  })

  test('a quote that is never closed costs one line', async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => `${index},${index === 7 ? '"open' : 'Name'},North Dock`)
    const reading = await read('a.csv', ['id,name,site', ...rows].join('\n'))
    expect(codesOf(reading)).toEqual(['broken-quotes'])
    expect(reading.document.notes[0]?.where).toBe('row 9')
    expect(only(reading).rows).toHaveLength(40_000)
    expect(only(reading).rows[7]).toEqual({ row: 9, cells: ['7', '"open', 'North Dock'] })
  })

  test('broken quotes everywhere are read line by line', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `${index},"a"b,"c, d"`)
    const { rows: found } = only(await read('a.csv', ['id,x,y', ...rows].join('\n')))
    expect(found).toHaveLength(30_000)
    expect(found.at(-1)).toEqual({ row: 30_001, cells: ['29999', '"a"b', 'c, d'] })
  })

  test('one wild row does not widen all others', async () => {
    const wild = Array.from({ length: 50_000 }, (_, index) => index).join(',')
    const rows = Array.from({ length: 5000 }, (_, index) => `${index},Name`)
    const table = only(await read('a.csv', ['id,name', ...rows, wild].join('\n')))
    expect(table.columns).toHaveLength(102)
    expect(table.rows.at(-1)?.cells.at(-1)).toMatch(/^101,102,.*/)
  })

  test('cells are cut at 32 KB with a note, not between the halves of a letter', async () => {
    const long = `${'x'.repeat(32 * 1024 - 1)}\u{1f600}${'y'.repeat(2_000_000)}`
    const reading = await read('a.csv', `id,text\n1,${long}\n2,"${'z '.repeat(20_000)}"\n`)
    expect(codesOf(reading)).toEqual(['long-cell'])
    expect(only(reading).rows.map(({ cells }) => cells[1]?.length)).toEqual([32 * 1024 - 1, 32 * 1024])
  })

  test('more cells than a reader can hold are refused', async () => {
    expect(await errorOf('a.csv', ','.repeat(7_000_000))).toBe('limit')
    expect(await errorOf('a.csv', `a,b\n${'1,2\n'.repeat(3_100_000)}`)).toBe('limit')
  }, 60_000)

  test.each([
    ['commas in prose after semicolons', 'name;says\nAna;"one, two, three"\nBo;four, five\n', ';'],
    ['a bar', 'name|says\nAna|a,b\nBo|c\n', '|'],
    ['tabs in a .tsv with commas', 'name\tsays, at length\nAna\ta,b\nBo\tc,d\n', '\t'],
  ])('the delimiter is found: %s', async (_, text, delimiter) => {
    const table = only(await read(delimiter === '\t' ? 'a.tsv' : 'a.csv', text))
    expect(table.columns).toHaveLength(2)
    expect(table.rows[0]?.cells[0]).toBe('Ana')
  })

  test('an empty first column of a tab separated file stays', async () => {
    const table = only(await read('a.tsv', '\tlead\tsince\nNorth\t\t2019\n\tBo\t2020\n'))
    expect(table.columns).toEqual(['column 1', 'lead', 'since'])
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ['North', '', '2019'],
      ['', 'Bo', '2020'],
    ])
  })

  test('a text without delimiters is text', async () => {
    const reading = await read('notes.csv', 'Meeting of the dock group.\nImke leads. Reza takes notes.\n')
    expect(reading.tables).toBeUndefined()
    expect(textsOf(reading)).toEqual(['Meeting of the dock group.', 'Imke leads.', 'Reza takes notes.'])
  })

  test('a row that comes again below is no header', async () => {
    const table = only(await read('a.csv', 'yes,no,North\nno,yes,South\nyes,yes,North\n'))
    expect([table.headerRow, table.columns, table.rows.length]).toEqual([null, ['column 1', 'column 2', 'column 3'], 3])
  })
})

describe('JSON', () => {
  // Straight to the reader: the one for transcripts may see broken JSON first.
  test.each([
    ['cut off', 'a.json', '{"a": 1,\n "b": [1, 2\n', 'corrupt', /^a\.json, line 3: it ends too early/],
    ['a comma missing', 'a.json', '{"a": 1\n "b": 2}', 'corrupt', /line 2: a comma or a closing bracket is missing/],
    ['an open string', 'a.json', '["x\ny"]', 'corrupt', /line 1: a string is not closed/],
    ['an open list in YAML', 'a.yaml', 'a: [1, 2\nb: 3\n', 'corrupt', /^a\.yaml, line 2/],
    ['open brackets', 'a.json', '['.repeat(200_000), 'limit', /nested more than 64 deep/],
    ['deep records', 'a.json', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, 'limit', /nested more than 64 deep/],
    ['too many values', 'a.json', `[${'0,'.repeat(3_100_000)}0]`, 'limit', /more than 3,000,000 values/],
    ['open brackets in YAML', 'a.yaml', '['.repeat(100_000), 'limit', /nested/],
    [
      'deep YAML',
      'a.yaml',
      Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'limit',
      /nested/,
    ],
    ['long YAML', 'a.yaml', `a: ${'x '.repeat(1_100_000)}`, 'limit', /2 MB/],
  ])(
    '%s that cannot be taken says why',
    (_, path, text, code, message) => {
      const read = () => (path.endsWith('.yaml') ? yamlReader : jsonReader).read({ path, text, notes: [] })
      expect(read).toThrow(message)
      expect(read).toThrow(expect.objectContaining({ code }))
    },
    60_000,
  )

  test('aliases are written out, but no bomb', async () => {
    const bomb = Array.from({ length: 12 }, (_, index) =>
      index === 0
        ? 'a0: &a0 [x, x]'
        : `a${index}: &a${index} [${Array(9)
            .fill(`*a${index - 1}`)
            .join(', ')}]`,
    )
    expect(await errorOf('a.yaml', bomb.join('\n'))).toBe('limit')
    expect(await errorOf('a.yaml', 'a: &a [*a]')).toBe('limit')
    expect(await errorOf('a.yaml', 'a: *nobody')).toBe('corrupt')
    expect(textsOf(await read('a.yaml', 'a: &a North\nb: *a\n'))).toEqual(['a: North', 'b: North'])
  })

  test('tags of YAML mean nothing', async () => {
    expect(textsOf(await read('a.yaml', 'a: !!js/function "x"\nb: !date 2025-03-18\nc: !!binary aGk=\n'))).toEqual([
      'a: x',
      'b: 2025-03-18',
      'c: aGk=',
    ])
  })

  test('numbers stay as they are written', async () => {
    const { columns, rows } = only(
      await read('a.json', '[{"n": 4.70, "m": 12345678901234567890},\n{"n": -1E-7, "m": 0}]'),
    )
    expect(columns).toEqual(['n', 'm'])
    expect(rows).toEqual([
      { row: 1, cells: ['4.70', '12345678901234567890'] },
      { row: 2, cells: ['-1E-7', '0'] },
    ])
    expect(only(await read('a.yaml', '- code: 007\n  on: 2025-03-18\n- code: 0x1F\n  on: ~\n')).rows).toEqual([
      { row: 1, cells: ['007', '2025-03-18'] },
      { row: 3, cells: ['0x1F', ''] },
    ])
  })

  test('lists of records in records become a table of their own that names the outer record', async () => {
    const { tables = [] } = await read(
      'a.json',
      '{"teams": [{"id": 1, "name": "Docks", "people": [{"name": "Ana"}, {"name": "Bo"}]}, {"id": 2, "people": [{"name": "Cy"}]}]}',
    )
    expect(tables.map(({ name, columns, rows }) => [name, columns, rows.map(({ cells }) => cells)])).toEqual([
      [
        'teams',
        ['id', 'name'],
        [
          ['1', 'Docks'],
          ['2', ''],
        ],
      ],
      [
        'teams.people',
        ['teams.name', 'name', 'teams.id'],
        [
          ['Docks', 'Ana', ''],
          ['Docks', 'Bo', ''],
          ['', 'Cy', '2'],
        ],
      ],
    ])
  })

  test('names of records on two sides never collide', async () => {
    const table = only(await read('a.json', '{"t": {"a": [{"t": "x", "t 2": "y"}], "b": [{"t": "z", "t 2": "w"}]}}'))
    expect(table.columns).toEqual(['t', 't 2', 't 2 2'])
  })

  test('JSON Lines are known under .json and without an extension', async () => {
    const lines = '{"who": "Ana", "at": 1}\n{"who": "Bo", "at": 2}\n'
    expect(only(await read('a.json', lines)).rows.map(({ row }) => row)).toEqual([1, 2])
    expect(only(await read('events', lines)).columns).toEqual(['who', 'at'])
  })

  test('text that begins with a bracket is text', async () => {
    const { document } = await read('notes.txt', '[10:00] Ana: hello\n{aside} Bo: hello\n')
    expect(document.mediaType).toBe('text/plain')
  })

  test('a key that is prose, or a value of many lines, is no danger', async () => {
    const reading = await read('a.json', JSON.stringify({ 'line\nbreak': 'x', y: 'One.\nTwo.\n\nThree.' }))
    expect(textsOf(reading)).toEqual(['line break: x', 'y:', 'One.', 'Two.', 'Three.'])
  })

  test('megabytes in one value stay linear', async () => {
    await read('a.json', JSON.stringify({ a: 'word '.repeat(400_000), b: '\\"'.repeat(300_000) }))
    await read('a.json', `{"a": ${' '.repeat(2_000_000)} 1}`)
    expect(await errorOf('a.json', `{"a": /*${'/*'.repeat(500_000)}`)).toBe('corrupt')
  }, 60_000)

  test('records with ever other names have no thousand columns', async () => {
    const records = Array.from({ length: 400 }, (_, index) => ({
      id: index,
      scores: { [`k${index}`]: 1, [`l${index}`]: 2 },
    }))
    const table = only(await read('a.json', JSON.stringify(records)))
    expect(table.columns.length).toBeLessThanOrEqual(302)
    expect(table.rows.at(-1)?.cells).toContain('{"k399":1,"l399":2}')
  })
})

const CONTENT_TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A workbook of one sheet. `cells` are `[name, text]`; `after` is what follows the cells. */
function workbook(cells: readonly (readonly [string, string])[], after = ''): Uint8Array {
  const rows = new Map<string, string[]>()
  for (const [name, text] of cells) {
    const row = name.replace(/\D/g, '')
    const list = rows.get(row) ?? []
    rows.set(row, list)
    list.push(`<c r="${name}" t="inlineStr"><is><t>${text}</t></is></c>`)
  }
  const data = [...rows].map(([row, list]) => `<row r="${row}">${list.join('')}</row>`).join('')
  const part = (type: string, target: string) =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${RELATIONS}/${type}" Target="${target}"/></Relationships>`
  return zipSync({
    '[Content_Types].xml': strToU8(CONTENT_TYPES),
    '_rels/.rels': strToU8(part('officeDocument', 'xl/workbook.xml')),
    'xl/_rels/workbook.xml.rels': strToU8(part('worksheet', 'worksheets/sheet1.xml')),
    'xl/workbook.xml': strToU8(
      `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${RELATIONS}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data}</sheetData>${after}</worksheet>`,
    ),
  })
}

describe('workbooks', () => {
  test('cells in the far corner and merges over everything cost nothing', async () => {
    const reading = await read(
      'a.xlsx',
      workbook(
        [
          ['A1', 'Start'],
          ['XFD1048576', 'End'],
        ],
        '<mergeCells count="2"><mergeCell ref="A1:XFD1048575"/><mergeCell ref="B2:XFD1048576"/></mergeCells>',
      ),
    )
    expect(textsOf(reading)).toEqual(['Data', 'Start', 'End'])
    expect(reading.document.units.at(-1)?.place).toEqual({ sheet: 'Data', cell: 'XFD1048576' })
  })

  test('a chessboard of cells is no danger', async () => {
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))
    const cells = Array.from({ length: 1500 }, (_, row) =>
      letters.flatMap((letter, column) => ((row + column) % 2 ? [] : [[`${letter}${row + 1}`, 'x'] as const])),
    )
    await read('a.xlsx', workbook(cells.flat()))
  })

  test('stairs of cells are no danger', async () => {
    const letter = (index: number): string =>
      (index >= 26 ? letter(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26))
    const stairs = Array.from({ length: 5000 }, (_, index) => [
      [`${letter(index)}${index + 1}`, 'x'] as const,
      [`${letter(index + 1)}${index + 1}`, 'y'] as const,
    ])
    await read('a.xlsx', workbook(stairs.flat()))
  })

  test('a table goes on after an empty row', async () => {
    const rows = [
      ['name', 'since'],
      ['Ana', '2019'],
      ['Bo', '2020'],
      ['Cy', '2021'],
      null,
      ['Di', '2022'],
      ['Ed', '2023'],
    ]
    const cells = rows.flatMap((row, index) =>
      row === null ? [] : [[`B${index + 2}`, row[0] ?? ''] as const, [`C${index + 2}`, row[1] ?? ''] as const],
    )
    const table = only(await read('a.xlsx', workbook(cells)))
    expect([table.firstColumn, table.headerRow, table.rows.map(({ row }) => row)]).toEqual(['B', 2, [3, 4, 5, 7, 8]])
  })

  test('what is no workbook is damaged', async () => {
    expect(
      await errorOf('a.xlsx', zipSync({ '[Content_Types].xml': strToU8('<x/>'), 'xl/x.xml': strToU8('<x/>') })),
    ).toBe('corrupt')
    expect(await errorOf('a.xlsx', workbook([['A1', 'x']]).slice(0, 500))).toBe('corrupt')
  })

  test('a spreadsheet that repeats one cell a thousand million times is no danger', async () => {
    const content = `<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="A"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`
    const bytes = zipSync({
      mimetype: strToU8('application/vnd.oasis.opendocument.spreadsheet'),
      'content.xml': strToU8(content),
      'META-INF/manifest.xml': strToU8('<manifest/>'),
    })
    expect(['limit', 'none', 'corrupt']).toContain(await errorOf('a.ods', bytes))
  }, 60_000)
})

describe('Parquet', () => {
  test('damaged files say so and leave nothing behind', async () => {
    const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('whygraph-parquet-'))
    expect(
      await errorOf('a.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(4000, 7), Buffer.from('PAR1')])),
    ).toBe('corrupt')
    const whole = readFileSync(join(import.meta.dirname, '../../fixtures/ingest/parquet/nested/input.parquet'))
    expect(await errorOf('a.parquet', whole.subarray(0, 900))).toBe('corrupt')
    expect(only(await read('a.parquet', whole)).rows).toHaveLength(2)
    expect(scratch()).toEqual([])
  })
})

describe.skipIf(!existsSync(formats))('tables of the collection of formats', () => {
  const manifest = existsSync(formats)
    ? (JSON.parse(readFileSync(join(formats, 'MANIFEST.json'), 'utf8')) as { file: string; expect: string }[])
    : []
  for (const { file, expect: expected } of manifest.filter(({ file }) => /\.(?:csv|xlsx)$/.test(file))) {
    test(`${file}: ${expected}`, async () => {
      expect(expected).toBe('text')
      expect((await read(file, readFileSync(join(formats, file)))).document.units.length).toBeGreaterThan(0)
    })
  }

  test('numbers keep their digits, and tables that touch at a corner are two', async () => {
    const numbers = only(await read('n.xlsx', readFileSync(join(formats, 'testEXCEL_big_numbers.xlsx'))))
    expect(numbers.rows.map(({ cells }) => cells)).toEqual([
      ['123456789012345', '123456789012346'],
      ['1234567890123450', '1234567890123451'],
    ])
    const { tables = [] } = await read('e.xlsx', readFileSync(join(formats, 'xlsx_06_edge_cases_.xlsx')))
    expect(tables.map(({ name, firstColumn, headerRow }) => [name, firstColumn, headerRow])).toEqual([
      ['missing_header_head', 'A', 1],
      ['Attached_left', 'A', 2],
      ['Diagonal', 'A', 1],
      ['Diagonal (2)', 'G', 5],
    ])
  })
})

describe.skipIf(!existsSync(organisation))('structured data of real organisations', () => {
  test('people inside records are rows that name the group', async () => {
    const { tables = [] } = await read('sigs.yaml', readFileSync(join(organisation, 'kubernetes-community/sigs.yaml')))
    const leadership = tables.find(({ name }) => name === 'sigs.leadership')
    expect(leadership?.columns).toEqual(['sigs.name', 'leadership', 'github', 'name', 'company', 'email'])
    expect(leadership?.rows[0]).toEqual({
      row: 11,
      cells: ['API Machinery', 'chairs', 'deads2k', 'David Eads', 'Red Hat', 'deads@redhat.com'],
    })
  })

  test('decisions and action items of a call are units', async () => {
    const path = 'ethereum-pm/calls/acdt/2026-08-10_091/tldr.json'
    const reading = await read(path, readFileSync(join(organisation, path)))
    expect(reading.document.title).toBe('ACDT #91 - August 10, 2026')
    expect(reading.document.date).toBe('2026-08-10')
    expect(textsOf(reading)).toContain('00:58:30 | EIP-8070 mandatory for DevNet 8; no objections raised')
    expect(reading.tables?.map(({ name }) => name)).toEqual(['highlights', 'action_items', 'decisions', 'targets'])
  })
})
