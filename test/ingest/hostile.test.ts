import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../ingest/chunk.ts'
import { toDocument } from '../../ingest/identify.ts'
import { readDocument } from './read.ts'
import { bytesId } from '../../src/model/ids.ts'
import { InputError } from '../../src/model/errors.ts'
import { expectWellFormed } from './well-formed.ts'

function times(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length))
}

// Without their guards these take minutes, all memory or the stack; here they have the time of a usual test.
const CUE = 'WEBVTT\n\n00:00.000 --> 00:01.000\n'
const SAID = '10:00:01 From Bo to Ana: hi\n'
const SAID_TABBED = '10:00:01\tBo\thi\n'
const cases: Record<string, [path: string, text: string]> = {
  'emphasis that opens and closes at once': ['a.md', times('*a_ ', 300_000)],
  'the same over many lines': ['a.md', times('*a_ \n', 300_000)],
  'the same behind deep indentation': ['a.md', `x\n${times('        - *a_ *a_ *a_\n', 200_000)}`],
  'open brackets': ['a.md', times('[', 300_000)],
  'half links': ['a.md', times('[a](', 300_000)],
  'backticks of every length': ['a.md', Array.from({ length: 700 }, (_, index) => '`'.repeat(index)).join(' ')],
  'a list 1,500 deep': ['a.md', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(2 * depth)}- x`).join('\n')],
  'list markers in one line': ['a.md', `${times('- ', 300_000)}x`],
  'quotes in one line': ['a.md', `${times('> ', 300_000)}x`],
  'a long table': ['a.md', `| a | b |\n|---|---|\n${times('| x *y* | z |\n', 200_000)}`],
  'a row of one megabyte': ['a.md', `| a | b |\n|---|---|\n| ${times('*a_ ', 1_000_000)} | z |`],
  'the same in many paragraphs': ['a.md', times(`${times('*a_ ', 8000)}\n\n`, 1_000_000)],
  'the same behind what looks like a fence or a table': [
    'a.md',
    `<div>\n\`\`\`\n\n${times('*a_ ', 100_000)}\n\nx\n${times('| *a_ *a_\n', 200_000)}`,
  ],
  'front matter of aliases': ['a.md', `---\n${times('a: &a [*a,*a]\n', 100_000)}---\nText`],
  'open comments': ['a.md', times('x <!-- ', 300_000)],
  'divisions in divisions': ['a.html', `${times('<div>', 5_000_000)}x`],
  'formatting that is opened again in each paragraph': [
    'a.html',
    Array.from({ length: 100_000 }, (_, index) => `<font color=${index}><p>x`).join(''),
  ],
  'tables in tables': ['a.html', `${times('<table><tr><td>', 1_000_000)}x`],
  'tags without an end': ['a.html', `x${times('<"', 1_000_000)}`],
  'markup 600,000 deep in a cue': ['a.vtt', `${CUE}${times('<b>', 2_000_000)}x`],
  'open voices': ['a.vtt', `${CUE}x${times('<v ', 1_000_000)}`],
  'arrows only': ['a.vtt', `${CUE}x\n\n${times('-->\n', 1_000_000)}`],
  'a long name': ['a.vtt', `${CUE}${times('A ', 1_000_000)}: x`],
  'two megabytes in one line': ['a.txt', times('The committee noted item 7. ', 2_000_000)],
  'two megabytes without a stop': ['a.txt', times('word ', 2_000_000)],
  'two megabytes without a space': ['a.txt', times('x', 2_000_000)],
  'spaces before the end': [
    'a.txt',
    `x${times(' ', 1_000_000)}\n${times(' ', 1_000_000)}y\u200b${times(' ', 1_000_000)}z`,
  ],
  'abbreviations only': ['a.txt', times('Dr. ', 1_000_000)],
  'a word in each line': ['a.txt', times('word\n', 1_000_000)],
  'blanks behind what may begin a message': ['a.txt', times(`${SAID}10:00:02 From${' '.repeat(8000)}\n`, 100_000)],
  'blanks behind a name in a chat': ['a.txt', times(`${SAID}10:00:02 From Ana to${' '.repeat(8000)}x\n`, 100_000)],
  'blanks behind a time and a tab': ['a.txt', times(`${SAID_TABBED}10:00:02\t${' '.repeat(8000)}x\n`, 100_000)],
  'blanks before a line separator': ['a.txt', times(`${SAID}10:00:02 From A:${' '.repeat(99_000)}x\u2028y\n`, 900_000)],
  'blanks before a line separator in the first line of captions': [
    'a.vtt',
    `WEBVTT${' '.repeat(200_000)}x\u2028y\n\n00:00.000 --> 00:01.000\nHi`,
  ],
  'blanks behind the dashes of a table': ['a.md', `|\n-${' '.repeat(400_000)}x`],
  'a fence before a line separator': ['a.md', `x\n${'`'.repeat(400_000)}\u2028`],
  'blanks in TOML': ['a.md', `+++\na=${' '.repeat(4000)}"x"y\n+++\nText`],
  'rows that a quote does not hold': ['a.md', times(`> |-|\n${'|-|\n'.repeat(8000)}`, 60_000)],
  'a chat of one endless message': ['a.txt', `10:00:00\tAna\tx\n${times('y\n', 1_000_000)}`],
}

describe('hostile files', () => {
  for (const [name, [path, text]] of Object.entries(cases)) {
    test(`${name} are no danger`, { timeout: 60_000 }, async () => {
      const bytes = Buffer.from(text)
      try {
        const parsed = await readDocument({ path, bytes })
        expectWellFormed(parsed)
        const chunks = chunkDocument(toDocument({ source: 'test', path, contentHash: bytesId(bytes), parsed }))
        expect(chunks.length).toBeGreaterThan(0)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        expect(error.code).toBe('empty-file')
      }
    })
  }

  test('guards do not cost words: a table over 64 KB keeps every row and its line', async () => {
    const rows = Array.from({ length: 9000 }, (_, index) => `| Row ${index} | [*cell*](x) |`)
    const bytes = Buffer.from(['Before.', '', '| a | b |', '|---|---|', ...rows, '', 'After.'].join('\n'))
    const { units, text } = await readDocument({ path: 'a.md', bytes })
    expect(units).toHaveLength(9003)
    const found = units.slice(2, -1).map((unit) => [unit.place.line, text.slice(unit.start, unit.end)])
    expect(found).toEqual(rows.map((_, index) => [index + 5, `Row ${index} | cell`]))
    expect(units.at(-1)?.place.line).toBe(9006)
  })

  test('long code keeps its lines', async () => {
    const code = Array.from({ length: 3000 }, (_, index) => (index % 3 ? `run --step *${index}*` : ''))
    const bytes = Buffer.from(['Before:', '```sh', ...code, '```', 'After *it*.', '', '~~~', ...code].join('\n'))
    const { units, text } = await readDocument({ path: 'a.md', bytes })
    expect(units).toHaveLength(4002)
    expect(units[1]?.place.line).toBe(4)
    const after = units[2001]
    expect([after?.place.line, after && text.slice(after.start, after.end)]).toEqual([3004, 'After it.'])
    expect(units.at(-1)?.place.line).toBe(6006)
  })

  test('a long file keeps its lines and its link definitions over the cuts', async () => {
    const lines = Array.from({ length: 6000 }, (_, index) =>
      index % 2 ? '' : `Line ${index + 1} names [Ana][a] and [Bo].`,
    )
    const bytes = Buffer.from([...lines, '', '[a]: http://x.example', '[bo]: http://y.example'].join('\n'))
    const { units, text } = await readDocument({ path: 'a.md', bytes })
    expect(units).toHaveLength(3000)
    for (const unit of units) {
      expect(text.slice(unit.start, unit.end)).toBe(`Line ${unit.place.line} names Ana and Bo.`)
    }
  })
})
