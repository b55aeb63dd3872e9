import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../ingest/reader.ts'
import type { Reading } from '../../ingest/reading.ts'
import { mailReader, mboxReader } from '../../ingest/readers/mail.ts'
import { nameAttachments, safeName } from '../../ingest/readers/mail/attachments.ts'
import { findQuotedDate, readAttribution } from '../../ingest/readers/mail/attributions.ts'
import { decompressRtf } from '../../ingest/readers/mail/compressed-rtf.ts'
import { voicesOf } from '../../ingest/readers/mail/quoted.ts'
import { msgReader } from '../../ingest/readers/msg.ts'
import { InputError } from '../../src/model/errors.ts'
import { expectWellFormed } from './well-formed.ts'

const formats = join(import.meta.dirname, '../../../shared/data/formats')
const fixture = join(import.meta.dirname, '../../fixtures/ingest')

const HEAD = 'From: Ana Ruiz <ana@x.example>\nTo: Tobias Vogel <tobias@x.example>\nSubject: Berths\n'

/** A mail of one text part: further header lines and its body, each character one byte. */
function mail(fields: string, body: string): Promise<Reading> {
  return readBytes(Buffer.from(`${HEAD}${fields}\n${body}`, 'latin1'))
}

function readBytes(bytes: Uint8Array): Promise<Reading> {
  return mailReader.read({ path: 'mail.eml', bytes })
}

/** What stands below the header, unit by unit. */
function bodyOf({ document }: Reading): string[] {
  return document.units.slice(3).map((unit) => document.text.slice(unit.start, unit.end))
}

const codes = ({ document }: Reading): string[] => document.notes.map((note) => note.code)

/** One multipart of parts, each with its header and body. */
function multipart(type: string, ...parts: string[]): string {
  return `Content-Type: multipart/${type}; boundary="cut"\n\n--cut\n${parts.join('\n--cut\n')}\n--cut--\n`
}

describe('what a mail is recognised by', () => {
  test.each([
    ['From: Ana\nTo: Tobias\nSubject: x\n\nHello', true],
    ['Received: from a\n\tby b\r\nDate: today\r\n\r\nHello', true],
    ['From: Ana\nand more prose\n\nHello', false],
    ['Title: x\nAuthor: y\n\nHello', false],
    ['Subject: x\nDate: 2025-03-03\n\nNotes of a meeting', false],
    ['# From: a\n', false],
    ['', false],
  ])('%j: %s', (head, isMail) => {
    expect(mailReader.recognises(head)).toBe(isMail)
    expect(mboxReader.recognises(head)).toBe(false)
  })

  test('a mailbox begins with a line of its own', () => {
    expect(mboxReader.recognises('From ana@x.example Mon Mar  3 10:12:00 2025\nFrom: Ana\nTo: T\n\nHi')).toBe(true)
    expect(mboxReader.recognises('From now on everything is different.\nAnd better.\n')).toBe(false)
  })
})

describe('texts and their encodings', () => {
  test.each([
    ['a declared one', 'Content-Type: text/plain; charset=iso-8859-2\n', 'K\xf8\xed\xbeov\xe1', 'Křížová', []],
    [
      'none declared, Latin bytes',
      '',
      'Le caf\xe9 est ferm\xe9 jusqu\x27\xe0 lundi.',
      "Le café est fermé jusqu'à lundi.",
      [],
    ],
    ['UTF-8 said to be ASCII', 'Content-Type: text/plain; charset=us-ascii\n', 'caf\xc3\xa9', 'café', []],
    ['GB2312, which may pass as UTF-8', 'Content-Type: text/plain; charset=gb2312\n', '\xc1\xaa\xcd\xa8', '联通', []],
    ['a code page', 'Content-Type: text/plain; charset=cp932\n', '\x82\xa0', 'あ', []],
    ['an unknown one', 'Content-Type: text/plain; charset=klingon\n', 'Qapla', 'Qapla', ['unknown-encoding']],
    [
      'broken UTF-8',
      'Content-Type: text/plain; charset=utf-8\n',
      '\xc5\x99\xc5\xbe\xc3\xa9\xff ok',
      'řžé\ufffd ok',
      ['lossy-decoding'],
    ],
  ])('%s', async (_, fields, body, expected, notes) => {
    const reading = await mail(fields, body)
    expect(bodyOf(reading)).toEqual([expected])
    expect(codes(reading)).toEqual(notes)
  })

  test('a header in bytes that are no UTF-8 is still read', async () => {
    const { document } = await readBytes(
      Buffer.from('From: Jörg Müller <j@x.example>\nSubject: Für später\n\nx', 'latin1'),
    )
    expect(document.title).toBe('Für später')
    expect(document.metadata?.['from']).toBe('Jörg Müller <j@x.example>')
  })

  test('UTF-16 as a whole file', async () => {
    const { document } = await readBytes(Buffer.from(`\ufeff${HEAD}\nHello`, 'utf16le'))
    expect(document.title).toBe('Berths')
  })

  test('flowed lines are joined and keep their own lines as places', async () => {
    const reading = await mail(
      'Content-Type: text/plain; format=flowed\n',
      'One sentence that \nis flowed. Another \none. A third.\n\n> quoted \n> text\nmine \n-- \nAna',
    )
    expect(bodyOf(reading)).toEqual([
      'One sentence that is flowed.',
      'Another one.',
      'A third.',
      'quoted text',
      'mine',
      'Ana',
    ])
    expect(reading.document.units.slice(3).map((unit) => unit.place.line)).toEqual([6, 7, 8, 10, 12, 14])
    const japanese = await mail('Content-Type: text/plain; format=flowed; delsp=yes\n', 'sea \nside')
    expect(bodyOf(japanese)).toEqual(['seaside'])
  })

  test('quoted-printable with a letter cut in two by a soft break', async () => {
    const reading = await mail(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
      'caf=C3=\n=A9 is 100 =25 open = so.  \nSecond=0AThird\nLast',
    )
    expect(bodyOf(reading)).toEqual(['café is 100 % open = so.', 'Second', 'Third', 'Last'])
    expect(reading.document.units.at(-1)?.place.line).toBe(10)
  })
})

describe('parts', () => {
  const plain = 'Content-Type: text/plain\n\nPlain text.'
  const html = 'Content-Type: text/html\n\n<p>Page text.</p>'

  test.each([
    ['plain before HTML', multipart('alternative', plain, html), ['Plain text.'], []],
    [
      'both where they are no versions of each other',
      multipart('mixed', plain, html),
      ['Plain text.', 'Page text.'],
      [],
    ],
    [
      'HTML where the plain version is blank',
      multipart('alternative', 'Content-Type: text/plain\n\n \n', html),
      ['Page text.'],
      [],
    ],
    ['a part without a header', multipart('mixed', '\nBare text.'), ['Bare text.'], []],
    [
      'a part that forgets the blank line',
      multipart('mixed', 'Bare text: so it goes, or so it seems', plain),
      ['Bare text: so it goes, or so it seems', 'Plain text.'],
      [],
    ],
    ['no boundary', 'Content-Type: multipart/mixed\n\nJust text.', ['Just text.'], ['broken-parts']],
    ['no part', 'Content-Type: multipart/mixed; boundary=x\n\nJust text.', ['Just text.'], ['broken-parts']],
    [
      'no end',
      'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nCut off',
      ['Cut off'],
      [],
    ],
    [
      'a signature',
      multipart('signed', plain, 'Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----'),
      ['Plain text.'],
      [],
    ],
    [
      'an encrypted part among others',
      multipart('mixed', plain, 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nabc'),
      ['Plain text.'],
      ['encrypted-part'],
    ],
  ])('%s', async (_, rest, expected, notes) => {
    const [fields = '', body = ''] = rest.split(/\n\n([^]*)/)
    const reading = await mail(`${fields}\n`, body)
    expect(bodyOf(reading)).toEqual(expected)
    expect(codes(reading)).toEqual(notes)
    expect(reading.attachments).toBeUndefined()
  })

  test('text inside the lines of a PGP signature', async () => {
    const reading = await mail(
      '',
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSigned words.\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n',
    )
    expect(bodyOf(reading)).toEqual(['Signed words.'])
    expect(bodyOf(await mail('', '-----BEGIN PGP SIGNATURE-----\nNo end.'))).toHaveLength(2)
  })

  test.each([
    ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n', 'MIAG', 'encrypted'],
    ['', '\n-----BEGIN PGP MESSAGE-----\n\nhIwD\n-----END PGP MESSAGE-----', 'encrypted'],
    ['Content-Type: application/pkcs7-mime; smime-type=signed-data\n', 'MIAG', 'unsupported-format'],
  ])('%j is refused', async (fields, body, code) => {
    await expect(mail(fields, body)).rejects.toThrow(expect.objectContaining({ code }))
  })

  test('a mail that says nothing has no units; one that brings a file keeps its header', async () => {
    const nothing = await mail('', ' \n\n')
    expect(nothing.document.units).toEqual([])
    const [fields = '', body = ''] = multipart(
      'mixed',
      'Content-Type: text/csv; name="=?utf-8?Q?b=C3=A9.csv?="\nContent-Disposition: attachment\n\na;b',
    ).split(/\n\n([^]*)/)
    const file = await mail(`${fields}\n`, body)
    expect(file.document.units).toHaveLength(3)
    expect(file.attachments?.map((one) => [one.name, Buffer.from(one.bytes).toString().trim()])).toEqual([
      ['bé.csv', 'a;b'],
    ])
  })

  test('names of attachments are safe and unique', () => {
    expect(safeName('../../etc/passwd')).toBe('passwd')
    expect(safeName('C:\\Users\\ana\\list.csv')).toBe('list.csv')
    expect(safeName('..')).toBe('')
    expect(safeName('in\u202evoice\u0000\n.txt')).toBe('invoice.txt')
    expect(safeName(`${'a'.repeat(500)}.csv`)).toHaveLength(120)
    const bytes = new Uint8Array()
    const named = nameAttachments([
      { name: 'List.csv', type: 'text/csv', bytes },
      { name: 'list.csv', type: 'text/csv', bytes },
      { name: null, type: 'application/pdf', bytes },
      { name: '/', type: 'x/unknown', bytes },
      { name: 'report', type: 'application/pdf', bytes },
    ])
    expect(named.map((one) => one.name)).toEqual([
      'List.csv',
      'list-2.csv',
      'attachment-3.pdf',
      'attachment-4.bin',
      'report.pdf',
    ])
  })
})

describe('quoted replies', () => {
  test.each([
    ['On Mon, Mar 3, 2025 at 10:12 AM Ana Ruiz <ana@x.example> wrote:', 'Ana Ruiz', '2025-03-03'],
    ['On 2025-03-03 10:12, Ana Ruiz wrote:', 'Ana Ruiz', '2025-03-03'],
    ['On Mon, 3 Mar 2025 10:12:00 +0100 (CET), ana@x.example wrote:', 'ana@x.example', '2025-03-03'],
    ['On 3 March 2025 at 10:12 UTC, "Ruiz, Ana" <ana@x.example> wrote:', 'Ruiz, Ana', '2025-03-03'],
    ['Am 03.03.2025 um 10:12 schrieb Ana Ruiz:', 'Ana Ruiz', '2025-03-03'],
    ['Am Mo., 3. März 2025 um 10:12 Uhr schrieb Ana Ruiz <ana@x.example>:', 'Ana Ruiz', '2025-03-03'],
    ['Le lun. 3 mars 2025 à 10:12, Ana Ruiz <ana@x.example> a écrit :', 'Ana Ruiz', '2025-03-03'],
    ['El lun, 3 de marzo de 2025 a las 10:12, Ana Ruiz (<ana@x.example>) escribió:', 'Ana Ruiz', '2025-03-03'],
    ['Il giorno lun 3 mar 2025 alle ore 10:12 Ana Ruiz <ana@x.example> ha scritto:', 'Ana Ruiz', '2025-03-03'],
    ['Op ma 3 mrt. 2025 om 10:12 schreef Ana Ruiz <ana@x.example>:', 'Ana Ruiz', '2025-03-03'],
    ['Ana Ruiz <ana@x.example> writes:', 'Ana Ruiz', null],
    ['On Mon, 3 Mar 2025, <ana@x.example> wrote:', 'ana@x.example', '2025-03-03'],
  ])('%s', (line, speaker, date) => {
    expect(readAttribution(line)).toMatchObject({ speaker, date })
  })

  const voices = (text: string): string[] =>
    voicesOf(
      text.split('\n').map((line) => {
        const marks = /^>*/.exec(line)?.[0].length ?? 0
        return { text: line.slice(marks), depth: marks }
      }),
      'Me',
    ).map((voice) => `${voice.isQuoted ? 'quoted' : 'own'} ${voice.role} ${voice.speaker ?? '-'}`)

  test('whose words each line is', () => {
    expect(voices('mine\nAna wrote:\n>hers\n>>whose?\nmine\n>hers')).toEqual([
      'own text Me',
      'quoted attribution -',
      'quoted text Ana',
      'quoted text -',
      'own text Me',
      'quoted text Ana',
    ])
    // Some programs quote without marks: then all that follows is quoted.
    expect(voices('mine\nOn 3 Mar 2025 at 10:12, Ana <a@x.example> wrote:\nhers\nhers').slice(2)).toEqual([
      'quoted text Ana',
      'quoted text Ana',
    ])
    expect(voices('-------- Forwarded Message --------\nSubject: S\nFrom: Ana <a@x.example>\n\nhers').at(-1)).toBe(
      'quoted text Ana',
    )
    expect(voices('-----Original Message-----\nno fields').at(-1)).toBe('quoted text -')
  })

  test('the head that Outlook writes into a page, its date cut in two like sentences', () => {
    const lines = ['mine', 'Von: Ana', 'Gesendet: Montag, 3.', 'März 2025 10:12', 'An: mich', 'Betreff: Kran', 'hers']
    const [, , third, fourth, , , last] = voicesOf(
      lines.map((text) => ({ text, depth: 0 })),
      'Me',
    )
    expect(third).toBe(fourth)
    expect(last).toMatchObject({ speaker: 'Ana', date: '2025-03-03', isQuoted: true })
  })

  test('what only looks like a quotation is the writer’s own', () => {
    const own = (text: string) => expect(voices(text).every((voice) => voice === 'own text Me')).toBe(true)
    own('On Monday the board wrote:\nWe like it.')
    own('From: Prague\nTo: Vienna\nDate: 3 March 2025\nBring skates.')
    own('Ana wrote:\nWe like it.')
    own('Subject: Physics\nTo: everyone')
  })

  test('dates of quotations', () => {
    expect(findQuotedDate('Gesendet: Mittwoch, 12. Februar 2025 17:48')).toBe('2025-02-12')
    expect(findQuotedDate('3.3.2025')).toBe('2025-03-03')
    expect(findQuotedDate('03/04/2025')).toBeNull()
    expect(findQuotedDate('mercredi 6 août 2025')).toBe('2025-08-06')
  })
})

describe('mailboxes', () => {
  const read = async (text: string) => mboxReader.read({ path: 'box.mbox', bytes: Buffer.from(text, 'latin1') })
  const texts = ({ attachments = [] }: Reading) => attachments.map((one) => Buffer.from(one.bytes).toString('latin1'))

  test('messages come out whole, with the marks before `From ` taken off', async () => {
    const reading = await read(
      'From a@x Mon Mar  3 10:12:00 2025\r\nSubject: =?utf-8?B?w4k=?=\r\n t\r\n\r\n>From here\r\n\r\nFrom now on, prose\r\n\r\nFrom b@x Mon\r\nSubject: ..\r\n\r\n>>From b\r\n',
    )
    expect(reading.attachments?.map((one) => one.name)).toEqual(['0001-é-t.eml', '0002-message.eml'])
    expect(texts(reading)).toEqual([
      'Subject: =?utf-8?B?w4k=?=\r\n t\r\n\r\nFrom here\r\n\r\nFrom now on, prose\r\n',
      'Subject: ..\r\n\r\n>From b\r\n',
    ])
    expect(reading.document).toMatchObject({ kind: 'archive', units: [], mediaType: 'application/mbox' })
  })

  test('the bytes are kept as they are, and each message reads', async () => {
    const bytes = readFileSync(join(fixture, 'mbox/three-messages/input.mbox'))
    const { attachments = [] } = await readSource({ path: 'box.mbox', bytes })
    const [first, second, third] = await Promise.all(
      attachments.map(({ name, bytes: message }) => readSource({ path: name, bytes: message })),
    )
    expect(first?.document.title).toBe('Flütlicht on Quay 4 / part 1')
    expect(first && bodyOf(first)).toEqual([
      'Date: Mon, 3 Mar 2025 10:12:00 +0100',
      'Two paragraphs:',
      'From now on the light stays on.',
      'From Monday the porter has the key.',
      'From: this line stood in a mailbox in a mailbox.',
    ])
    expect(second?.document.metadata).toMatchObject({ inReplyTo: '<1@meridian-harbour.example>' })
    expect(third?.document.title).toBe('../../Undeliverable')
  })

  test('what is no mailbox', async () => {
    await expect(read('Once upon a time.\n')).rejects.toThrow(expect.objectContaining({ code: 'corrupt' }))
    expect((await read('\n \n')).attachments ?? []).toEqual([])
    expect((await read(`${HEAD}\nOne mail only.`)).document.kind).toBe('mail')
    const many = 'From a\nA: b\n\n'.repeat(10_001)
    await expect(read(many)).rejects.toThrow(expect.objectContaining({ code: 'limit' }))
  })
})

describe('hostile mails', () => {
  test('parts in parts, 10,000 deep', async () => {
    let body = ''
    for (let depth = 0; depth < 10_000; depth += 1)
      body += `Content-Type: multipart/mixed; boundary="b${depth}"\n\n--b${depth}\n`
    const reading = await readBytes(Buffer.from(`${HEAD}${body}\nDeep.`))
    expect(codes(reading)).toEqual(['nested-too-deep'])
  })

  test('more parts than any mail has', async () => {
    const many = `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(3000)}`
    await expect(readBytes(Buffer.from(many))).rejects.toThrow(expect.objectContaining({ code: 'limit' }))
  })

  test('10,000 addresses', async () => {
    const to = Array.from({ length: 10_000 }, (_, index) => `P${index} <p${index}@x.example>`).join(',\n ')
    const reading = await readBytes(Buffer.from(`From: a@x.example\nTo: ${to}\n\nHello.`))
    expect(codes(reading)).toEqual(['many-addresses'])
    expect(reading.document.metadata?.['to']).toHaveLength(200)
  })

  test('a header without end', async () => {
    const endless = `Subject: ${'x'.repeat(3 * 1024 * 1024)}\n\nHello`
    await expect(readBytes(Buffer.from(endless))).rejects.toThrow(expect.objectContaining({ code: 'limit' }))
  })

  test.each([
    ['marks', '>'.repeat(500_000)],
    ['spaced marks', '> '.repeat(500_000)],
    ['marks that grow', Array.from({ length: 2000 }, (_, index) => `${'>'.repeat(index)} x`).join('\n')],
    ['openers', 'On 3 March 2025 at 10:12\n'.repeat(100_000)],
    ['labels', 'From: a\nTo: b\n'.repeat(100_000)],
    ['dashes', '-'.repeat(1_000_000)],
    ['a flowed paragraph', 'word and word. \n'.repeat(50_000)],
  ])('%s', { timeout: 20_000 }, async (_, body) => {
    const started = performance.now()
    const reading = await mail('Content-Type: text/plain; format=flowed; delsp=yes\n', body)
    if (reading.document.units.length > 0) expectWellFormed(reading.document)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('an HTML mail of nothing but quotation tags', async () => {
    const reading = await mail('Content-Type: text/html\n', `${'<blockquote type=cite>'.repeat(50_000)}deep`)
    expect(bodyOf(reading)).toEqual(['deep'])
  })

  test('a page larger than any that was written', async () => {
    const page = `<p>${'word '.repeat(1_100_000)}`
    await expect(mail('Content-Type: text/html\n', page)).rejects.toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
    const parts = multipart('mixed', 'Content-Type: text/plain\n\nShort.', `Content-Type: text/html\n\n${page}`)
    const [fields = '', body = ''] = parts.split(/\n\n([^]*)/)
    const reading = await mail(`${fields}\n`, body)
    expect(codes(reading)).toEqual(['too-large'])
    expect(bodyOf(reading)).toEqual(['Short.'])
  })

  test('an attachment of 30 MB', { timeout: 20_000 }, async () => {
    const line = `${Buffer.alloc(57, 7).toString('base64')}\n`
    const part = `Content-Type: application/pdf; name=big.pdf\nContent-Transfer-Encoding: base64\n\n${line.repeat(400_000)}`
    const [fields = '', body = ''] = multipart('mixed', part).split(/\n\n([^]*)/)
    expect((await mail(`${fields}\n`, body)).attachments?.[0]?.bytes.length).toBe(57 * 400_000)
  })

  test('every mail cut short, or with its bytes shifted, reads or is refused', { timeout: 60_000 }, async () => {
    for (const name of ['with-attachments', 'newsletter', 'html-reply', 'reply-in-two-levels']) {
      const bytes = readFileSync(join(fixture, 'mail', name, 'input.eml'))
      for (let length = 0; length < bytes.length; length += 7) {
        for (const cut of [bytes.subarray(0, length), bytes.subarray(length)]) {
          try {
            const { document } = await readBytes(cut)
            if (document.units.length > 0) expectWellFormed(document)
          } catch (error) {
            if (!(error instanceof InputError)) throw error
          }
        }
      }
    }
  })
})

describe('Outlook files', () => {
  test('compressed RTF, by the example of its specification', () => {
    const bytes = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0'.replace(
        ' ',
        '',
      ),
      'hex',
    )
    expect(Buffer.from(decompressRtf(bytes) ?? []).toString()).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n')
    expect(decompressRtf(new Uint8Array(40))).toBeNull()
    expect(decompressRtf(new Uint8Array(3))).toBeNull()
  })

  test.each([new Uint8Array(0), new Uint8Array(5000), Buffer.from('d0cf11e0a1b11ae1'.padEnd(4096, '0'), 'hex')])(
    'what is none is refused',
    async (bytes) => {
      await expect(msgReader.read({ path: 'x.msg', bytes })).rejects.toThrow(
        expect.objectContaining({ code: 'corrupt' }),
      )
    },
  )

  test.skipIf(!existsSync(formats))('one in Big5, whole and cut short', { timeout: 60_000 }, async () => {
    const bytes = readFileSync(join(formats, 'testMSG_chinese.msg'))
    const { document } = await readSource({ path: 'x.msg', bytes })
    expectWellFormed(document)
    expect(document.title).toBe('Alfresco MSG format testing ( MSG 格式測試 )')
    expect(document.date).toBe('2011-03-29')
    const quoted = document.units.filter((unit) => unit.place.speaker === 'Jane Chen@FT (陳惠珍)')
    expect(quoted.length).toBeGreaterThan(10)
    expect(quoted.every((unit) => unit.place.date === '2011-03-25' && unit.place.part === 'quoted')).toBe(true)
    for (let length = 512; length < bytes.length; length += 4096) {
      try {
        await msgReader.read({ path: 'x.msg', bytes: bytes.subarray(0, length) })
      } catch (error) {
        if (!(error instanceof InputError)) throw error
      }
    }
  })
})

describe.skipIf(!existsSync(formats))('the collection of formats', () => {
  const manifest = existsSync(formats)
    ? (JSON.parse(readFileSync(join(formats, 'MANIFEST.json'), 'utf8')) as { file: string; expect: string }[])
    : []
  for (const { file, expect: expected } of manifest.filter((sample) => /\.(?:eml|mbox|msg)$/.test(sample.file))) {
    test(`${file}: ${expected}`, async () => {
      const read = readSource({ path: file, bytes: readFileSync(join(formats, file)) })
      const code = expected === 'empty' ? 'empty-file' : expected.startsWith('error:') ? expected.slice(6) : null
      if (code !== null) return expect(read).rejects.toThrow(expect.objectContaining({ code }))
      const { document, attachments = [] } = await read
      expect(document.notes).toEqual([])
      if (document.kind === 'mail') expectWellFormed(document)
      for (const { name, bytes } of attachments.filter((one) => one.name.endsWith('.eml')))
        expectWellFormed((await readSource({ path: name, bytes })).document)
    })
  }
})
