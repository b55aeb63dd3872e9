import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSpeaker } from '../../ingest/transcripts/speakers.ts'
import { conversationReader } from '../../ingest/readers/conversation.ts'
import { srtReader } from '../../ingest/readers/srt.ts'
import { transcriptJsonReader } from '../../ingest/readers/transcript-json.ts'
import { transcriptTextReader } from '../../ingest/readers/transcript-text.ts'
import { webvttReader } from '../../ingest/readers/webvtt.ts'
import type { TextReader } from '../../ingest/reading.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import { expectWellFormed } from './well-formed.ts'

const data = join(import.meta.dirname, '../../../shared/data')
const calls = join(data, 'organisation/ethereum-pm/calls')
const qmsum = join(data, 'transcripts/qmsum')

function read(reader: TextReader, text: string, path = 'a.txt'): ParsedDocument {
  return reader.read({ path, text, notes: [] }).document
}

/** `Ana: words`, one line for each unit. */
function said(document: ParsedDocument): string[] {
  return document.units.map((unit) => `${unit.place.speaker ?? '?'}: ${document.text.slice(unit.start, unit.end)}`)
}

function vtt(...cues: readonly [start: string, end: string, text: string][]): ParsedDocument {
  const blocks = cues.map(([start, end, text]) => `${start} --> ${end}\n${text}\n`)
  return read(webvttReader, `WEBVTT\n\n${blocks.join('\n')}`, 'a.vtt')
}

function countTurns(document: ParsedDocument): number {
  return document.text.split('\n\n').length
}

function countSpeakers(document: ParsedDocument): number {
  return new Set(document.units.flatMap((unit) => unit.place.speaker ?? [])).size
}

describe('names of speakers', () => {
  test.each([
    ['Justin Florentine (Besu)', 'Justin Florentine', 'Besu'],
    ['Akash | ECH', 'Akash', 'ECH'],
    ['Lumi | Offchain Labs', 'Lumi', 'Offchain Labs'],
    ['Iván | ethrex', 'Iván', 'ethrex'],
    ['Ana Ruiz - Acme', 'Ana Ruiz', 'Acme'],
    ['Ana Ruiz [Acme]', 'Ana Ruiz', 'Acme'],
    ['Ana Ruiz @ Acme', 'Ana Ruiz', 'Acme'],
    ['Ana Ruiz (Acme Ltd) (Guest)', 'Ana Ruiz', 'Acme Ltd'],
    ['Ana Ruiz (Host, Acme)', 'Ana Ruiz', 'Acme'],
    ['Ana Ruiz (she/her) | Acme', 'Ana Ruiz', 'Acme'],
    ['Ruiz, Ana (Acme)', 'Ana Ruiz', 'Acme'],
    ['Simon (@siladu) | Besu', 'Simon (@siladu)', 'Besu'],
    ['Hon. Bill Morneau (Minister of Finance)', 'Hon. Bill Morneau', 'Minister of Finance'],
    ['田中（Acme）', '田中', 'Acme'],
  ])('%s: %s of %s', (label, speaker, affiliation) => {
    expect(readSpeaker(label)).toEqual({ speaker, affiliation })
  })

  test.each([
    ['Ruiz, Ana', 'Ana Ruiz'],
    ['van der Berg, Jan (External)', 'Jan van der Berg'],
    ['Ana Ruiz (Guest)', 'Ana Ruiz'],
    ['Ana Ruiz (Unverified)', 'Ana Ruiz'],
    ['Ana Ruiz (she/her)', 'Ana Ruiz'],
    ['Ana Ruiz [they/them]', 'Ana Ruiz'],
    ['🦄 Ana Ruiz ✨', 'Ana Ruiz'],
    ['*** Ana ***', 'Ana'],
  ])('%s: %s', (label, speaker) => {
    expect(readSpeaker(label)).toEqual({ speaker })
  })

  test.each([
    ['Speaker 1'],
    ['SPEAKER_00'],
    ['Unknown Speaker'],
    ['Barnabé + Francesco'],
    ['Ana & Bo (Acme)'],
    ['David (dionysuz)'],
    ['Marius Van Der Wijden (M)'],
    ['marc | wolovim'],
    ['@ritzdorf / Hubert Ritzdorf (EIP-8219)'],
    ['The Acting Chair (Mr. Bruce Stanton)'],
    ['Robert (Bob) Smith'],
    ['Ana Ruiz, Acme'],
    ['Ana, CTO'],
    ['Smith, John Jr.'],
    ['Meeting Room (Prague)'],
    ['jochem-brouwer'],
    ['😀'],
    ['(Ana'],
  ])('%s stays whole', (label) => {
    expect(readSpeaker(label)).toEqual({ speaker: label })
  })
})

describe('turns', () => {
  test('a sentence over two cues is one unit, from the first cue to the end of the second', () => {
    const document = vtt(
      ['00:01.900', '00:03.000', '<v Ana>We moved the'],
      ['00:03.000', '00:05.900', '<v Ana>ledger. Now we'],
      ['00:05.900', '00:07.000', '<v Ana>rest.'],
    )
    expect(said(document)).toEqual(['Ana: We moved the ledger.', 'Ana: Now we rest.'])
    expect(document.units.map((unit) => unit.place.time)).toEqual(['00:00:01', '00:00:03'])
    expect(document.units.map((unit) => unit.place.endTime)).toEqual(['00:00:05', '00:00:07'])
    expect(document.text).toBe('We moved the ledger. Now we rest.')
  })

  test('a sentence is not joined over a long pause, nor beyond 400 characters', () => {
    expect(
      said(vtt(['00:01.000', '00:02.000', '<v Ana>We moved the'], ['00:08.000', '00:09.000', '<v Ana>ledger.'])),
    ).toEqual(['Ana: We moved the', 'Ana: ledger.'])
    const cues = Array.from({ length: 30 }, (_, index): [string, string, string] => [
      `00:${String(index + 10)}.000`,
      `00:${String(index + 11)}.000`,
      `<v Ana>${'and so on it goes without end '.repeat(2)}`,
    ])
    const document = vtt(...cues)
    const lengths = document.units.map((unit) => unit.end - unit.start)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(400)
    expect(Math.max(...lengths)).toBeGreaterThan(300)
    expect(document.text.split('and so on').length - 1).toBe(60)
    expect(countTurns(document)).toBe(1)
  })

  test('somebody who interrupts is not drawn into the sentence', () => {
    const document = vtt(
      ['00:01.000', '00:04.000', '<v Ana>We moved the'],
      ['00:02.000', '00:03.000', '<v Bo>What?'],
      ['00:04.000', '00:05.000', '<v Ana>ledger.'],
    )
    expect(said(document)).toEqual(['Ana: We moved the', 'Bo: What?', 'Ana: ledger.'])
    expect(countTurns(document)).toBe(3)
  })

  test('people who repeat themselves are no rolling captions', () => {
    const yes: [string, string, string][] = [1, 2, 3, 4].map((at) => [
      `00:0${at}.000`,
      `00:0${at + 1}.000`,
      '<v Ana>Yes.',
    ])
    const document = vtt(...yes)
    expect(said(document)).toEqual(['Ana: Yes.', 'Ana: Yes.', 'Ana: Yes.', 'Ana: Yes.'])
    expect(document.notes).toEqual([])
  })

  test('one person under two labels is two speakers, one under two spellings of a label is not', () => {
    const document = vtt(
      ['00:01.000', '00:02.000', '<v Ana Ruiz (Guest)>Yes.'],
      ['00:02.000', '00:03.000', '<v Ana Ruiz>Yes.'],
      ['00:03.000', '00:04.000', '<v Ana Ruiz (Acme)>No.'],
    )
    expect(countTurns(document)).toBe(2)
  })

  test('who is not named is told apart by pauses and marks', () => {
    const document = vtt(
      ['00:01.000', '00:02.000', 'Is it ready'],
      ['00:02.000', '00:03.000', '>> It is.'],
      ['00:20.000', '00:21.000', 'Good.'],
      ['00:21.000', '00:22.000', '[Applause]'],
    )
    expect(document.text).toBe('Is it ready\n\n>> It is.\n\nGood. [Applause]')
  })
})

describe('what is a transcript', () => {
  const mine = (reader: TextReader, text: string): boolean => reader.recognises?.(text) === true

  test('tables of times and agendas are none', () => {
    for (const text of [
      'Agenda\n\nWelcome  10:00\nCoffee  10:30\nCranes  11:00\n',
      'Agenda\n10:00 Opening: the chair\n10:30 Coffee: in the hall\n',
      'Notes\n\nAna Ruiz: will write\nBo: will read\n',
      'The train leaves at 10:30\nand comes back at 12:00\n',
      '10:30\n11:00\n12:30\n',
    ]) {
      expect([text, mine(transcriptTextReader, text), mine(conversationReader, text)]).toEqual([text, false, false])
    }
  })

  test('heads on lines of their own, in the ways of several tools', () => {
    for (const [first, second] of [
      ['Ana Ruiz  0:03', 'Bo Berg  12:09'],
      ['Ana Ruiz\t0:03', 'Bo Berg\t12:09'],
      ['[Ana Ruiz] 00:00:03', '[Bo Berg] 00:12:09'],
      ['Ana Ruiz (0:03)', 'Bo Berg (12:09)'],
      ['[00:00:03.120] Ana Ruiz', '[00:12:09.990] Bo Berg'],
      ['Ana Ruiz 0:03', 'Bo Berg 12:09'],
    ]) {
      const document = read(transcriptTextReader, `${first}\nWho pays?\n\n${second}\nWe do.\n`)
      expect(said(document)).toEqual(['Ana Ruiz: Who pays?', 'Bo Berg: We do.'])
      expect(document.units.map((unit) => unit.place.time)).toEqual(['00:00:03', '00:12:09'])
    }
  })

  test('ordinary JSON is not taken for a transcript', () => {
    for (const json of [
      { segments: [{ id: 1, name: 'north' }], text: 'x' },
      { segments: { start: 1, end: 2, text: 'x' } },
      [{ start: 1, end: 2, text: 'x' }],
      { transcription: 'no' },
      { utterances: [] },
      { note: 'a list of "segments": [{"start": 1, "end": 2, "text": "x"}]' },
    ]) {
      expect([json, mine(transcriptJsonReader, JSON.stringify(json))]).toEqual([json, false])
    }
  })

  test('broken JSON says so', () => {
    const broken = '{"segments": [{"start": 0, "end": 1, "text": "x"}'
    expect(mine(transcriptJsonReader, broken)).toBe(true)
    expect(() => read(transcriptJsonReader, broken)).toThrow(expect.objectContaining({ code: 'corrupt' }))
    expect(() => read(srtReader, 'no times\n', 'a.srt')).toThrow(expect.objectContaining({ code: 'corrupt' }))
  })

  test('a transcript of times that are none', () => {
    const segments = [
      { start: -1, end: 1e300, text: 'lost' },
      { start: 1, end: null, text: 'kept\u0000 and \ud800' },
    ]
    const document = read(transcriptJsonReader, JSON.stringify({ segments }))
    expect(said(document)).toEqual(['?: kept and \ufffd'])
    expect(document.units[0]?.place).toEqual({ row: 2, time: '00:00:01' })
    expect(document.notes.map((note) => note.code)).toEqual(['broken-entry'])
  })
})

describe('large and hostile transcripts', () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('')
  const at = (index: number): string =>
    `${String(Math.floor(index / 3600)).padStart(2, '0')}:${String(Math.floor(index / 60) % 60).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`
  const words = 'and then we move the ledger to the other yard. It is not'

  test.each<[string, TextReader, string]>([
    [
      '5 MB of WebVTT',
      webvttReader,
      `WEBVTT\n\n${lines(48_000, (index) => `${index}\n${at(index)}.000 --> ${at(index + 1)}.000\nAna Ruiz ${Math.floor(index / 7) % 9}: ${words}\n\n`)}`,
    ],
    [
      '5 MB of SRT',
      srtReader,
      lines(48_000, (index) => `${index}\n${at(index)},000 --> ${at(index + 1)},000\nAna Ruiz: ${words}\n\n`),
    ],
    ['a cue without an end', webvttReader, `WEBVTT\n\n00:00.000 --> 00:01.000\n${'word '.repeat(1_000_000)}`],
    ['cues of one letter', webvttReader, `WEBVTT\n\n${lines(100_000, () => '00:00.000 --> 00:01.000\nx\n\n')}`],
    [
      'cues backwards',
      srtReader,
      lines(50_000, (index) => `${index}\n${at(50_000 - index)},000 --> ${at(50_000 - index)},900\nx y\n\n`),
    ],
    ['one cue of many plain lines', srtReader, `1\n00:00:00,000 --> 00:00:01,000\n${'a\n'.repeat(500_000)}`],
    ['one cue of many lines', srtReader, `1\n00:00:00,000 --> 00:00:01,000\n${'- a\n'.repeat(500_000)}`],
    ['heads only', transcriptTextReader, 'Ana Ruiz  0:03\nHi.\n'.repeat(100_000)],
    ['blanks behind names', transcriptTextReader, `Ana Ruiz  0:03\nHi.\n${`Ana${' '.repeat(8000)}x\n`.repeat(500)}`],
    [
      'blanks before a time',
      transcriptTextReader,
      'Ana Ruiz  0:03\nHi.\n'.repeat(300) + `A${' '.repeat(2_000_000)}0:03`,
    ],
    ['a reply that never ends', conversationReader, `10:00:00\tAna\tReplying to "${'x\n'.repeat(300_000)}`],
    ['a reaction of quotes', conversationReader, `10:00:00\tAna\tReacted to ${'"'.repeat(1_000_000)}`],
    [
      'JSON 2 million deep',
      transcriptJsonReader,
      `{"segments":[{"start":0,"end":1,"text":"Hi."}],"x":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`,
    ],
    [
      'many keys',
      transcriptJsonReader,
      `{"segments":[{"start":0,"end":1,"text":"Hi."}],"x":[${'{"segments":0},'.repeat(300_000)}0]}`,
    ],
  ])('%s', { timeout: 20_000 }, (_, reader, text) => {
    // Time of the processor, for the machine may be busy with other things.
    const begun = process.cpuUsage()
    reader.recognises?.(text)
    const document = read(reader, text)
    const { user } = process.cpuUsage(begun)
    expect(user / 1000).toBeLessThan(4000)
    expectWellFormed(document)
  })
})

describe.skipIf(!existsSync(calls))('the calls of ethereum-pm', () => {
  const files = existsSync(calls)
    ? readdirSync(calls, { recursive: true, encoding: 'utf8' }).filter((path) =>
        /transcript(?:_corrected)?\.vtt$/.test(path),
      )
    : []

  /** Turns, speakers; alike in the transcript as recorded and as corrected. */
  const counts: Readonly<Record<string, readonly [turns: number, speakers: number]>> = {
    'acde/2026-06-18_239': [120, 18],
    'acde/2026-07-02_240': [137, 21],
    'acde/2026-07-16_241': [43, 7],
    'acde/2026-07-30_242': [129, 24],
    'acde/2026-08-13_243': [150, 25],
    'acdt/2026-08-10_091': [154, 20],
    'acdt/2026-08-17_092': [52, 11],
    'bal/2026-02-25_013': [62, 8],
  }

  test('there are eight of them, twice', () => expect(files.length).toBe(16))

  test.each(files)('%s', (path) => {
    const text = readFileSync(join(calls, path), 'utf8').replaceAll('\r\n', '\n')
    const document = read(webvttReader, text, path)
    expectWellFormed(document)
    const cues = text
      .split(/\n\n+/)
      .filter((block) => block.includes('-->'))
      .map((block) => block.split('\n').at(-1) ?? '')
    const labels = cues.map((cue) => /^([^:]{1,60}): /.exec(cue)?.[1] ?? '')
    const changes = labels.filter(
      (label, index) => readSpeaker(label).speaker !== readSpeaker(labels[index - 1] ?? '').speaker,
    )
    expect(countTurns(document)).toBe(changes.length)
    expect(countSpeakers(document)).toBe(new Set(labels.map((label) => readSpeaker(label).speaker)).size)
    expect([countTurns(document), countSpeakers(document)]).toEqual(counts[dirname(path)])
    // Every word is there, in order.
    const words = cues.map((cue, index) => cue.slice((labels[index] ?? '').length + 2)).join(' ')
    expect(document.text.replace(/\s+/g, ' ')).toBe(words.replace(/\s+/g, ' ').trim())
  })

  test('what is quoted or applauded in the chats is told from what is said', () => {
    const parts = { said: 0, quoted: 0, annotation: 0 }
    for (const path of readdirSync(calls, { recursive: true, encoding: 'utf8' })) {
      if (!/chat\w*\.txt$/.test(path)) continue
      const document = read(conversationReader, readFileSync(join(calls, path), 'utf8').replaceAll('\r\n', '\n'), path)
      expectWellFormed(document)
      for (const unit of document.units) {
        const text = document.text.slice(unit.start, unit.end)
        const part = unit.place.part === 'quoted' || unit.place.part === 'annotation' ? unit.place.part : 'said'
        parts[part] += 1
        if (part === 'said') expect(text).not.toMatch(/^(?:Reacted|Replying) to "/)
      }
    }
    expect(parts).toEqual({ said: 989, quoted: 340, annotation: 662 })
  })
})

describe.skipIf(!existsSync(qmsum))('the meetings of QMSum', () => {
  const files = existsSync(qmsum)
    ? readdirSync(qmsum, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'))
    : []

  test('there are 35 of them', () => expect(files.length).toBe(35))

  test.each(files)('%s', (path) => {
    const text = readFileSync(join(qmsum, path), 'utf8')
    expect(transcriptJsonReader.recognises?.(text)).toBe(true)
    const document = read(transcriptJsonReader, text, path)
    expectWellFormed(document)
    const { meeting_transcripts: turns } = JSON.parse(text) as {
      meeting_transcripts: { speaker: string; content: string }[]
    }
    const spoken = turns.filter((turn) => turn.content.trim() !== '')
    expect(countTurns(document)).toBe(spoken.length)
    const rows = new Map(document.units.map((unit) => [unit.place.row, unit.place.speaker]))
    expect([...rows]).toEqual(
      turns.flatMap((turn, index) =>
        turn.content.trim() === '' ? [] : [[index + 1, readSpeaker(turn.speaker).speaker]],
      ),
    )
    const whole = new Set(document.units.map((unit) => `${unit.place.speaker} ${unit.place.affiliation ?? ''}`))
    expect(whole.size).toBe(new Set(spoken.map((turn) => turn.speaker)).size)
  })
})
