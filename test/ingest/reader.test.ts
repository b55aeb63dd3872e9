import { describe, expect, test } from 'vitest'
import { documentId, toDocument } from '../../ingest/identify.ts'
import { MAX_FILE_BYTES } from '../../ingest/reader.ts'
import { bytesId } from '../../src/model/ids.ts'
import { InputError } from '../../src/model/errors.ts'
import { readDocument } from './read.ts'

async function refusal(path: string, content: string | Uint8Array): Promise<InputError> {
  try {
    await readDocument({ path, bytes: typeof content === 'string' ? Buffer.from(content, 'latin1') : content })
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`${path} was read`)
}

describe('readDocument refuses', () => {
  test('formats that have no reader, each with its reason', async () => {
    const reasons = ['settings.toml', 'x.pages', 'p.png', 'v.mp4', 'z.tar', 'a.ts']
    for (const path of reasons) {
      const error = await refusal(path, 'x')
      expect(error.code).toBe('unsupported-format')
      expect(error.message).toMatch(/^\S+: .{10,}$/)
      expect(error.hint).toBeTruthy()
    }
    expect((await refusal('a.ts', 'x')).message).toBe('a.ts: .ts files are not read')
  })

  test('files without text', async () => {
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
      expect((await refusal(path, content)).code, path).toBe('empty-file')
    }
  })

  test('what is binary under the name of a text', async () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index * index * 31 + index * 7) % 251)
    const cases: [string | Uint8Array, RegExp][] = [
      ['\x89PNG\r\n\x1a\n\x00', /PNG/],
      ['\x1f\x8b\x08\x00', /gzip/],
      ['SQLite format 3\x00', /SQLite/],
      [noise, /binary data/],
    ]
    for (const [content, reason] of cases) {
      const error = await refusal('notes.md', content)
      expect(error.code).toBe('binary-content')
      expect(error.message).toMatch(reason)
    }
    const text = await readDocument({ path: 'a.txt', bytes: Buffer.from('ID3 is a kind of tag. BZh is none.') })
    expect(text.units).toHaveLength(2)
  })

  test('what is too large, before decoding it', async () => {
    expect((await refusal('a.txt', new Uint8Array(MAX_FILE_BYTES + 1))).code).toBe('too-large')
    expect((await refusal('a.html', `<p>${'x'.repeat(5 * 1024 * 1024)}`)).code).toBe('too-large')
  })
})

describe('readDocument chooses', () => {
  const kindOf = async (path: string, text: string) => {
    const { kind, mediaType } = await readDocument({ path, bytes: Buffer.from(text) })
    return `${kind} ${mediaType}`
  }
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n'

  test('by extension, and by content under .txt or no extension', async () => {
    expect(await kindOf('a.MD', 'x')).toBe('document text/markdown')
    expect(await kindOf('a.htm', 'x')).toBe('document text/html')
    expect(await kindOf('LICENSE', 'x')).toBe('document text/plain')
    expect(await kindOf('a.txt', vtt)).toBe('transcript text/vtt')
    expect(await kindOf('page', '<!DOCTYPE html><p>x')).toBe('document text/html')
    expect(await kindOf('a.txt', '10:00:00\tAna\thello\n')).toBe('chat text/plain')
    expect(await kindOf('a.txt', 'Ana (00:01): hello\nBo (00:05): hi\n')).toBe('transcript text/plain')
    expect(await kindOf('a.md', '10:00:00\tAna\thello\n')).toBe('document text/markdown')
  })

  test('a text that mentions times is not a conversation', async () => {
    expect(
      await kindOf('a.txt', 'The call was at 10:00:00.\nAna (00:01) spoke.\nSee [00:05] in the film: good.\n'),
    ).toBe('document text/plain')
  })
})

test('identity: source and path make the id, bytes the hash', async () => {
  const bytes = Buffer.from('Ana leads.')
  const parsed = await readDocument({ path: 'a.txt', bytes })
  const one = toDocument({ source: 's', path: 'a.txt', contentHash: bytesId(bytes), parsed })
  const other = toDocument({ source: 's', path: 'a.txt', contentHash: bytesId(Buffer.from('Bo leads.')), parsed })
  expect(one).toMatchObject({ id: documentId('s', 'a.txt'), source: 's', path: 'a.txt', text: 'Ana leads.' })
  expect(other.id).toBe(one.id)
  expect(other.contentHash).not.toBe(one.contentHash)
  expect(documentId('t', 'a.txt')).not.toBe(one.id)
})

test('the title of a link is read where its words do not say it', async () => {
  const page = '<p>See <a href="x" title="Charter of Heron">this</a> by <a title="Ana Ruiz" href="y">Ana Ruiz</a>.</p>'
  const parsed = await readDocument({ path: 'a.html', bytes: Buffer.from(page) })
  expect(parsed.text).toBe('See this (Charter of Heron) by Ana Ruiz.')
})

describe('what was struck out', () => {
  test('keeps the mark that says so', async () => {
    const parsed = await readDocument({ path: 'a.md', bytes: Buffer.from('- ~~Ben Elder~~\n- Ana **Ruiz**\n') })
    expect(parsed.units.map((unit) => parsed.text.slice(unit.start, unit.end))).toEqual(['~~Ben Elder~~', 'Ana Ruiz'])
  })
})
