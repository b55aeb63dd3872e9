import { describe, expect, test } from 'vitest'
import { decodeText } from '../../ingest/decode.ts'
import { readDocument } from './read.ts'

const text = 'Zuzana Křížová pays.\r\nAna – “later” 🙂\rEnd'
const lines = 'Zuzana Křížová pays.\nAna – “later” 🙂\nEnd'

function utf16(value: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(value, 'utf16le')
  return littleEndian ? bytes : bytes.swap16()
}

function utf32(value: string, littleEndian: boolean): Uint8Array {
  const codes = ['\ufeff', ...value].map((character) => character.codePointAt(0) ?? 0)
  const view = new DataView(new ArrayBuffer(codes.length * 4))
  for (const [index, code] of codes.entries()) view.setUint32(index * 4, code, littleEndian)
  return new Uint8Array(view.buffer)
}

describe('decodeText', () => {
  const latin = 'The rejection figures of May, said Ana.\r\nAnd more of the same.'
  const cases: [string, Uint8Array, string][] = [
    ['UTF-8', Buffer.from(text), lines],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), lines],
    ['UTF-16 LE with a mark', utf16(`\ufeff${text}`, true), lines],
    ['UTF-16 BE with a mark', utf16(`\ufeff${text}`, false), lines],
    ['UTF-16 LE without a mark', utf16(latin, true), latin.replace('\r', '')],
    ['UTF-16 BE without a mark', utf16(latin, false), latin.replace('\r', '')],
    ['UTF-32 LE', utf32(text, true), lines],
    ['UTF-32 BE', utf32(text, false), lines],
  ]
  for (const [name, bytes, expected] of cases) {
    test(`reads ${name}`, () => expect(decodeText(bytes)).toMatchObject({ text: expected, notes: [] }))
  }

  test('Latin-1', () => {
    const bytes = Buffer.from('Die Prüfung läuft. Größe: 5 m² für José und Brandão.', 'latin1')
    expect(decodeText(bytes)).toMatchObject({ text: 'Die Prüfung läuft. Größe: 5 m² für José und Brandão.' })
  })

  test('lists of names in Windows-1252 are not taken for Hebrew or Polish, and the guess is told', () => {
    const names = 'Name;Owner;Amount\n1;José Nuñez;5 €\n2;Jürgen Østby;6 €\n3;Peer Ångström;7 €\n4;Çelik Önder;8 €\n'
    for (const text of [names, 'Name;Owner\nA;Zed Ümlaut\n']) {
      const bytes = Buffer.from(text.replaceAll('€', '\u0080'), 'latin1')
      const { text: decoded, notes } = decodeText(bytes)
      expect(decoded).toBe(text)
      expect(notes.map((note) => note.code)).toEqual(['guessed-encoding'])
    }
  })

  test('Shift-JIS', () => {
    // 日本語の文章です。これは試験です。
    const bytes = Buffer.from('93fa967b8cea82cc95b68fcd82c582b7814282b182ea82cd8e8e8cb182c582b78142', 'hex')
    expect(decodeText(bytes).text).toBe('日本語の文章です。これは試験です。')
  })

  test('what a page declares is believed before the detector, unless it is UTF-8 and wrong', () => {
    const bytes = Buffer.from('caf\xe9', 'latin1')
    expect(decodeText(bytes, 'iso-8859-5').text).toBe('cafщ')
    expect(decodeText(bytes, 'utf-8').text).toBe('café')
    expect(decodeText(bytes, 'no-such-encoding').text).toBe('café')
  })

  test('NULs and broken bytes are dropped with a note', () => {
    const { text: found, notes } = decodeText(Buffer.from('Ali\x00ce met\x07 Bob.'))
    expect(found).toBe('Alice met Bob.')
    expect(notes).toMatchObject([{ code: 'lossy-decoding' }])
  })

  test('a replacement character of the source itself is no loss', () => {
    expect(decodeText(Buffer.from('a \ufffd b')).notes).toEqual([])
  })

  test('lines are counted as the file has them, whatever ends them', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const bytes = Buffer.from(['# Title', '', 'First line.', 'Second line.'].join(end))
      const places = (await readDocument({ path: 'a.md', bytes })).units.map((unit) => unit.place.line)
      expect(places).toEqual([1, 3, 4])
    }
  })
})

describe('a UTF-8 file with a stray byte', () => {
  test('stays UTF-8, and says what was lost', () => {
    const bytes = Buffer.concat([Buffer.from('Křížová pays 100 € for caf'), Buffer.from([0xe9]), Buffer.from('.')])
    const { text, notes } = decodeText(bytes)
    expect(text).toBe('Křížová pays 100 € for caf\ufffd.')
    expect(notes.map((note) => note.code)).toEqual(['lossy-decoding'])
  })
})
