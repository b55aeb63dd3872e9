import { deflateRawSync, crc32 } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { childOf, childrenOf, descendantsOf, parseXml, textOf } from '../../ingest/xml.ts'
import { openZip, type Zip } from '../../ingest/zip.ts'
import { InputError } from '../../src/model/errors.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

// A library that throws where nobody listens would end the process of the reader.
const uncaught: unknown[] = []
const keep = (error: unknown): void => void uncaught.push(error)
beforeEach(() => {
  uncaught.length = 0
  process.on('uncaughtException', keep)
  process.on('unhandledRejection', keep)
})
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  process.off('uncaughtException', keep)
  process.off('unhandledRejection', keep)
  expect(uncaught).toEqual([])
})

interface RawEntry {
  readonly name: string | Uint8Array
  readonly content: Uint8Array
  readonly method?: number
  readonly flags?: number
  /** What the directory claims, where it lies. */
  readonly size?: number
  readonly packedSize?: number
  readonly crc?: number
  readonly madeBy?: number
  readonly attributes?: number
  readonly extra?: Uint8Array
}

/** An archive written field by field, for those that no program would write. */
function rawZip(entries: readonly RawEntry[], options: { zip64?: boolean } = {}): Uint8Array {
  const local: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { content, method = 8, flags = 0, madeBy = 20, attributes = 0 } = entry
    const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : Buffer.from(entry.name)
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const sizes = { packed: entry.packedSize ?? packed.length, full: entry.size ?? content.length }
    const zip64 = options.zip64
      ? uint(2, 1, 2, 24, 8, sizes.full, 8, sizes.packed, 8, offset)
      : Buffer.from(entry.extra ?? [])
    const shown = options.zip64 ? { packed: 0xffffffff, full: 0xffffffff, offset: 0xffffffff } : { ...sizes, offset }
    const crc = entry.crc ?? crc32(content)
    const head = uint(4, 0x04034b50, 2, 20, 2, flags, 2, method, 4, 0, 4, crc, 4, sizes.packed, 4, sizes.full)
    const written = Buffer.concat([head, uint(2, name.length, 2, 0), name, packed])
    directory.push(
      uint(4, 0x02014b50, 2, madeBy, 2, 20, 2, flags, 2, method, 4, 0, 4, crc, 4, shown.packed, 4, shown.full),
      uint(2, name.length, 2, zip64.length, 2, 0, 2, 0, 2, 0, 4, attributes, 4, shown.offset),
      name,
      zip64,
    )
    local.push(written)
    offset += written.length
  }
  const list = Buffer.concat(directory)
  const count = entries.length
  const end64 = uint(4, 0x06064b50, 8, 44, 2, 45, 2, 45, 4, 0, 4, 0, 8, count, 8, count, 8, list.length, 8, offset)
  const locator = uint(4, 0x07064b50, 4, 0, 8, offset + list.length, 4, 1)
  const end = uint(4, 0x06054b50, 2, 0, 2, 0, 2, count, 2, count, 4, list.length, 4, offset, 2, 0)
  const end0 = uint(4, 0x06054b50, 2, 0, 2, 0, 2, 0xffff, 2, 0xffff, 4, 0xffffffff, 4, 0xffffffff, 2, 0)
  return Buffer.concat([...local, list, ...(options.zip64 ? [end64, locator, end0] : [end])])
}

/** Numbers of 2, 4 or 8 bytes, little-endian: `uint(size, value, size, value, …)`. */
function uint(...fields: number[]): Buffer {
  const parts: Buffer[] = []
  for (let index = 0; index < fields.length; index += 2) {
    const buffer = Buffer.alloc(8)
    buffer.writeBigUInt64LE(BigInt(fields[index + 1] ?? 0))
    parts.push(buffer.subarray(0, fields[index]))
  }
  return Buffer.concat(parts)
}

async function contents(zip: Zip): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of zip.names) found[name] = decode(await zip.read(name))
  return found
}

async function codeOf(what: () => unknown): Promise<string> {
  try {
    await what()
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toContain('a.zip')
    expect((error as InputError).hint).toBeTruthy()
    return (error as InputError).code
  }
  return 'none'
}

describe('an archive', () => {
  test('gives its files, not its folders', async () => {
    const zip = await openZip(zipSync({ 'notes/': new Uint8Array(), 'notes/one.txt': encode('One.') }), 'a.zip')
    expect(await contents(zip)).toEqual({ 'notes/one.txt': 'One.' })
    expect(zip.has('notes/one.txt')).toBe(true)
    expect(await codeOf(() => zip.read('toString'))).toBe('corrupt')
  })

  test('written in zip64 is read', async () => {
    const zip = await openZip(
      rawZip(
        [
          { name: 'one.txt', content: encode('One.') },
          { name: 'two.txt', content: encode('Two.'), method: 0 },
        ],
        {
          zip64: true,
        },
      ),
      'a.zip',
    )
    expect(await contents(zip)).toEqual({ 'one.txt': 'One.', 'two.txt': 'Two.' })
  })

  test('names are UTF-8 where they can be, with or without the flag, else of DOS', async () => {
    const unicode = Buffer.from('übersicht.txt')
    const old = Buffer.from('?bersicht.txt')
    const extra = Buffer.concat([
      uint(2, 0x7075, 2, 5 + unicode.length),
      Buffer.from([1]),
      uint(4, crc32(old)),
      unicode,
    ])
    const zip = await openZip(
      rawZip([
        { name: 'Müller.txt', content: encode('a'), flags: 0x800 },
        { name: 'Günther.txt', content: encode('b') },
        { name: Uint8Array.of(0x4a, 0x81, 0x72, 0x67, 0x2e, 0x74, 0x78, 0x74), content: encode('c') },
        { name: old, content: encode('d'), extra },
        { name: 'folder\\from\\windows.txt', content: encode('e') },
        { name: './here.txt', content: encode('f') },
      ]),
      'a.zip',
    )
    expect(zip.names).toEqual([
      'Müller.txt',
      'Günther.txt',
      'Jürg.txt',
      'übersicht.txt',
      'folder/from/windows.txt',
      'here.txt',
    ])
  })

  test('names that lead out of it, links and nameless entries are left out and named', async () => {
    const zip = await openZip(
      rawZip([
        { name: '../../etc/evil.txt', content: encode('a') },
        { name: '/etc/passwd', content: encode('b') },
        { name: 'C:\\evil.txt', content: encode('c') },
        { name: 'a/../../evil.txt', content: encode('d') },
        { name: '..\\evil.txt', content: encode('e') },
        { name: 'nul\0.txt', content: encode('f') },
        { name: 'x'.repeat(5000), content: encode('g') },
        { name: 'link.txt', content: encode('/etc/passwd'), madeBy: 0x0314, attributes: 0xa1ed0000 },
        { name: 'fine..txt', content: encode('h') },
      ]),
      'a.zip',
    )
    expect(await contents(zip)).toEqual({ 'fine..txt': 'h' })
    expect(zip.leftOut.map(({ why }) => why)).toEqual([
      ...Array<string>(5).fill('would lie outside of the archive'),
      'has no usable name',
      'has no usable name',
      'is a link to another file',
    ])
  })

  test('of two entries with one name the later counts, and the other is named', async () => {
    const zip = await openZip(
      rawZip([
        { name: 'a.txt', content: encode('old') },
        { name: 'b.txt', content: encode('b') },
        { name: 'a.txt', content: encode('new') },
      ]),
      'a.zip',
    )
    expect(await contents(zip)).toEqual({ 'a.txt': 'new', 'b.txt': 'b' })
    expect(zip.leftOut).toEqual([{ name: 'a.txt', why: 'comes again later in the archive' }])
  })

  test('a locked entry costs itself only', async () => {
    const zip = await openZip(
      rawZip([
        { name: 'locked.txt', content: encode('x'), flags: 1 },
        { name: 'open.txt', content: encode('o') },
      ]),
      'a.zip',
    )
    expect(await codeOf(() => zip.read('locked.txt'))).toBe('encrypted')
    expect(decode(await zip.read('open.txt'))).toBe('o')
    const strong = rawZip([{ name: 'a.txt', content: encode('x'), flags: 0x41 }])
    expect(await codeOf(() => openZip(strong, 'a.zip'))).toBe('encrypted')
  })

  test('an unknown way of packing and damaged bytes cost their entry only', async () => {
    const zip = await openZip(
      rawZip([
        { name: 'lzma.txt', content: encode('x'), method: 14 },
        { name: 'flipped.txt', content: encode('x'), crc: 1 },
        { name: 'stored.txt', content: encode('x'), method: 0, crc: 1 },
        { name: 'open.txt', content: encode('o') },
      ]),
      'a.zip',
    )
    expect(await codeOf(() => zip.read('lzma.txt'))).toBe('unsupported-format')
    expect(await codeOf(() => zip.read('flipped.txt'))).toBe('corrupt')
    expect(await codeOf(() => zip.read('stored.txt'))).toBe('corrupt')
    expect(decode(await zip.read('open.txt'))).toBe('o')
  })
})

describe('limits of an archive', () => {
  const zeros = new Uint8Array(20 * 1024 * 1024)

  test('what claims to unpack to more than it may is refused unopened', async () => {
    const one = rawZip([{ name: 'a', content: encode('x'), size: 60 * 1024 * 1024 }])
    expect(await codeOf(() => openZip(one, 'a.zip'))).toBe('limit')
    const ratio = rawZip([{ name: 'a', content: zeros }])
    expect(await codeOf(() => openZip(ratio, 'a.zip'))).toBe('limit')
    const some = { content: encode('x'), size: 40 * 1024 * 1024, packedSize: 39 * 1024 * 1024 }
    const sum = rawZip(['a', 'b', 'c'].map((name) => ({ ...some, name })))
    expect(await codeOf(() => openZip(sum, 'a.zip'))).toBe('limit')
  })

  test('sizes that lie are found out while unpacking', async () => {
    const less = await openZip(rawZip([{ name: 'a', content: zeros, size: 1000 }]), 'a.zip')
    expect(await codeOf(() => less.read('a'))).toBe('corrupt')
    const more = await openZip(rawZip([{ name: 'a', content: encode('x'), size: 1000 }]), 'a.zip')
    expect(await codeOf(() => more.read('a'))).toBe('corrupt')
    const beyond = await openZip(rawZip([{ name: 'a', content: encode('x'), packedSize: 100_000 }]), 'a.zip')
    expect(await codeOf(() => beyond.read('a'))).toBe('corrupt')
    const stored = rawZip([{ name: 'a', content: encode('x'), method: 0, size: 1000 }])
    expect(await codeOf(() => openZip(stored, 'a.zip'))).toBe('corrupt')
  })

  test('more than 2,000 entries', async () => {
    const entries = (count: number): RawEntry[] =>
      Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, content: encode('x') }))
    expect((await openZip(rawZip(entries(2000)), 'a.zip')).names).toHaveLength(2000)
    expect(await codeOf(() => openZip(rawZip(entries(2001)), 'a.zip'))).toBe('limit')
  })

  test('cut off anywhere, an archive is damaged and nothing else', async () => {
    const whole = zipSync({ 'one.txt': encode('One.'), 'two.txt': encode('Two, three.') })
    for (let length = 0; length < whole.length; length += 1)
      expect(await codeOf(() => openZip(whole.subarray(0, length), 'a.zip'))).toBe('corrupt')
  })

  test('with any byte changed, it is read or refused, and never falls over', async () => {
    const whole = zipSync({ 'one.txt': encode('One.'), 'two.txt': encode('Two, three.') })
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Uint8Array.from(whole, (byte, at) => (at === index ? byte ^ 0xff : byte))
      expect(['none', 'corrupt', 'encrypted', 'limit', 'unsupported-format']).toContain(
        await codeOf(async () => contents(await openZip(changed, 'a.zip'))),
      )
    }
  })
})

describe('XML', () => {
  const parse = (text: string): ReturnType<typeof parseXml> => parseXml(encode(text), 'a.zip')

  test('gives elements, attributes and text in their order', () => {
    const root = parse(
      '<?xml version="1.0"?>\n<a:r xmlns:a="x">one <b k="v">two</b> <![CDATA[<three> & ]]>four<b/></a:r>\n',
    )
    expect(root.name).toBe('a:r')
    expect(textOf(root)).toBe('one two <three> & four')
    expect(childOf(root, 'b')?.attributes['k']).toBe('v')
    expect(childrenOf(root, 'b')).toHaveLength(2)
    expect([...descendantsOf(root)].map(({ name }) => name)).toEqual(['a:r', 'b', 'b'])
  })

  test('is read in the encodings that it names or shows', () => {
    const text = '<?xml version="1.0" encoding="UTF-16"?><r>Zürich – 日本</r>'
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><r>Zürich</r>', 'latin1')
    const shown = [
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      little,
      big,
      encode(`\ufeff${text}`),
      encode(text),
    ]
    for (const bytes of shown) expect(textOf(parseXml(bytes, 'a.zip'))).toBe('Zürich – 日本')
    expect(textOf(parseXml(latin, 'a.zip'))).toBe('Zürich')
    expect(textOf(parse('<?xml version="1.0" encoding="no-such"?><r>Zürich</r>'))).toBe('Zürich')
  })

  test('a DOCTYPE is passed over; nothing that it points to is read, nothing that it declares is expanded', async () => {
    expect(textOf(parse('<!DOCTYPE r PUBLIC "-//X" "http://127.0.0.1:9/x.dtd"><r>x &amp; &#x79;</r>'))).toBe('x & y')
    const attacks = {
      laughs: '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>',
      outside: '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
      parameter: '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><r/>',
    }
    for (const attack of Object.values(attacks)) expect(await codeOf(() => parse(attack))).toBe('limit')
    expect(await codeOf(() => parse('<r>&undeclared;</r>'))).toBe('corrupt')
  })

  test('depth and number of elements are bounded', async () => {
    expect(textOf(parse(`${'<a>'.repeat(256)}x${'</a>'.repeat(256)}`))).toBe('x')
    expect(await codeOf(() => parse('<a>'.repeat(100_000)))).toBe('limit')
    expect(await codeOf(() => parse(`<r>${'<a/>'.repeat(1_000_001)}</r>`))).toBe('limit')
  })

  test('50 MB of text are read', () => {
    const words = 'A sentence of some words that stands in a paragraph of its own. '
    const root = parse(`<r>${`<p>${words.repeat(10)}</p>`.repeat(75_000)}</r>`)
    expect(root.children).toHaveLength(75_000)
  })

  test('damage is told with its place', async () => {
    for (const damaged of ['', ' ', 'no markup', '<a>', '<a></b>', '<a b=c/>', '<a/><b/>', '<a>\u0001</a>', '\0\0'])
      expect(await codeOf(() => parse(damaged))).toBe('corrupt')
    expect(() => parse('<r>\n<a>')).toThrow(/2:\d+/)
  })

  test('names of Object are names like others', () => {
    const root = parse('<constructor __proto__="x" toString="y"><__proto__/></constructor>')
    expect(root.attributes['toString']).toBe('y')
    expect(Object.keys(root.attributes)).toEqual(['__proto__', 'toString'])
    expect(childOf(root, '__proto__')).toBeDefined()
  })
})
