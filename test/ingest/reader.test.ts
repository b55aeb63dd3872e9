import { describe, expect, test } from 'vitest'
import { documentId, toDocument } from '../../ingest/identify.ts'
import { MAX_FILE_BYTES, readDocument } from '../../ingest/reader.ts'
import { InputError } from '../../src/model/errors.ts'

function refusal(path: string, content: string | Uint8Array): InputError {
  try {
    readDocument({ path, bytes: typeof content === 'string' ? Buffer.from(content, 'latin1') : content })
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`${path} was read`)
}

describe('readDocument refuses', () => {
  test('formats that have no reader, each with its reason', () => {
    const reasons = [
      'a.csv',
      'a.TSV',
      'b/sigs.yaml',
      'tldr.json',
      'plan.pdf',
      'x.docx',
      'x.pptx',
      'm.eml',
      'p.png',
      'v.mp4',
      'z.zip',
      'a.ts',
    ]
    for (const path of reasons) {
      const error = refusal(path, 'x')
      expect(error.code).toBe('unsupported-format')
      expect(error.message).toMatch(/^\S+: .{10,}$/)
      expect(error.hint).toBeTruthy()
    }
    expect(refusal('a.csv', 'x').message).toBe('a.csv: tables are not read yet')
    expect(refusal('a.ts', 'x').message).toBe('a.ts: .ts files are not read')
  })

  test('files without text', () => {
    for (const [path, content] of [
      ['a.txt', ''],
      ['a.md', ' \n\t\n'],
      ['b.md', '<!-- only a comment -->\n\n---\n'],
      ['a.html', '<p> </p><script>x</script>'],
      ['a.vtt', 'WEBVTT\n'],
      ['b.vtt', '1\n00:00.000 --> 00:01.000\nno header\n'],
      ['c.txt', '\xef\xbb\xbf'],
      ['d.txt', '\xe2\x80\x8b\n'],
    ] as const) {
      expect(refusal(path, content).code, path).toBe('empty-file')
    }
  })

  test('what is binary under the name of a text', () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index * index * 31 + index * 7) % 251)
    const cases: [string | Uint8Array, RegExp][] = [
      ['%PDF-1.7\n1 0 obj', /a PDF/],
      ['PK\x03\x04\x14\x00', /zip archive or Office/],
      ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /old Office/],
      ['\x89PNG\r\n\x1a\n\x00', /PNG/],
      ['\x1f\x8b\x08\x00', /gzip/],
      ['SQLite format 3\x00', /SQLite/],
      [noise, /binary data/],
    ]
    for (const [content, reason] of cases) {
      const error = refusal('notes.md', content)
      expect(error.code).toBe('binary-content')
      expect(error.message).toMatch(reason)
    }
    const text = readDocument({ path: 'a.txt', bytes: Buffer.from('ID3 is a kind of tag. BZh is none.') })
    expect(text.units).toHaveLength(2)
  })

  test('what is too large, before decoding it', () => {
    expect(refusal('a.txt', new Uint8Array(MAX_FILE_BYTES + 1)).code).toBe('too-large')
    expect(refusal('a.html', `<p>${'x'.repeat(5 * 1024 * 1024)}`).code).toBe('too-large')
  })
})

describe('readDocument chooses', () => {
  const kindOf = (path: string, text: string) => {
    const { kind, mediaType } = readDocument({ path, bytes: Buffer.from(text) })
    return `${kind} ${mediaType}`
  }
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n'

  test('by extension, and by content under .txt or no extension', () => {
    expect(kindOf('a.MD', 'x')).toBe('document text/markdown')
    expect(kindOf('a.htm', 'x')).toBe('document text/html')
    expect(kindOf('LICENSE', 'x')).toBe('document text/plain')
    expect(kindOf('a.txt', vtt)).toBe('transcript text/vtt')
    expect(kindOf('page', '<!DOCTYPE html><p>x')).toBe('document text/html')
    expect(kindOf('a.txt', '10:00:00\tAna\thello\n')).toBe('chat text/plain')
    expect(kindOf('a.txt', 'Ana (00:01): hello\nBo (00:05): hi\n')).toBe('transcript text/plain')
    expect(kindOf('a.md', '10:00:00\tAna\thello\n')).toBe('document text/markdown')
  })

  test('a text that mentions times is not a conversation', () => {
    expect(kindOf('a.txt', 'The call was at 10:00:00.\nAna (00:01) spoke.\nSee [00:05] in the film: good.\n')).toBe(
      'document text/plain',
    )
  })
})

test('identity: source and path make the id, bytes the hash', () => {
  const bytes = Buffer.from('Ana leads.')
  const parsed = readDocument({ path: 'a.txt', bytes })
  const one = toDocument({ source: 's', path: 'a.txt', bytes, parsed })
  const other = toDocument({ source: 's', path: 'a.txt', bytes: Buffer.from('Bo leads.'), parsed })
  expect(one).toMatchObject({ id: documentId('s', 'a.txt'), source: 's', path: 'a.txt', text: 'Ana leads.' })
  expect(other.id).toBe(one.id)
  expect(other.contentHash).not.toBe(one.contentHash)
  expect(documentId('t', 'a.txt')).not.toBe(one.id)
})

describe('what was struck out', () => {
  test('keeps the mark that says so', () => {
    const parsed = readDocument({ path: 'a.md', bytes: Buffer.from('- ~~Ben Elder~~\n- Ana **Ruiz**\n') })
    expect(parsed.units.map((unit) => parsed.text.slice(unit.start, unit.end))).toEqual(['~~Ben Elder~~', 'Ana Ruiz'])
  })
})
