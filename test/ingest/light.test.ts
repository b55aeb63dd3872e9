import { describe, expect, test } from 'vitest'
import { readLight } from '../../ingest/reader.ts'

const BYTES = 64 * 1024
/** Honest texts of this size take some 5 ms; what takes a step for each pair of characters takes many seconds. */
const MOST_MILLISECONDS = 700

/** Two lines of each form that a small text may have, so that its reader takes what follows for more of it. */
const FORMS: Readonly<Record<string, [path: string, lines: string, next: string]>> = {
  prose: ['a.txt', 'The committee met.\n', 'Subject: Dr. Ruiz said on 6 May 2025 that'],
  list: ['a.txt', '- one\n- two\n', '- three (a) four'],
  'tabbed chat': ['a.txt', '10:00:01\tBo\thi\n10:00:02\tBo\thi\n', '10:00:03\tBo\tReplying to "hi'],
  'chat with From': ['a.txt', '10:00:01 From Bo to Ana: hi\n10:00:02 From Bo: hi\n', '10:00:03 From Bo to Ana: hi'],
  'time behind the name': ['a.txt', 'Ana (00:12:05): hi\nBo (00:12:06): hi\n', 'Ana Ruiz (00:12:07): hi'],
  'time behind the colon': ['a.txt', 'Ana: (00:12:05) hi\nBo: (00:12:06) hi\n', 'Ana Ruiz: (00:12:07) hi'],
  'time before the name': ['a.txt', '[00:12:05] Ana: hi\n[00:12:06] Bo: hi\n', '[00:12:07] Ana Ruiz: hi'],
  'bare time before the name': ['a.txt', '00:12:05 Ana: hi\n00:12:06 Bo: hi\n', '00:12:07 - Ana Ruiz: hi'],
  'name above': ['a.txt', 'Ana Ruiz  0:03\nhello\nBo Li  0:05\nhi\n', 'Ana Ruiz  0:07'],
  'name in brackets above': ['a.txt', '[Ana Ruiz] 10:02:41\nhello\n[Bo] 10:02:42\nhi\n', '[Ana Ruiz] 10:02:43'],
  'time in brackets above': ['a.txt', '[0:03] Ana\nhello\n[0:05] Bo\nhi\n', '[0:07] Ana Ruiz'],
  'times between': ['a.txt', 'Weekly - Transcript\n00:00:00\nAna Ruiz: hello\n00:05:00\nBo Li: hi\n', 'Ana Ruiz: hi'],
  captions: ['a.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n\n', '00:01.000 --> 00:02.000 x\n<v Ana>hi'],
  subtitles: ['a.srt', '1\n00:00:00,000 --> 00:00:01,000\nhi\n\n', '2\n00:00:01,000 --> 00:00:02,000\n{\\an8}hi &amp;'],
  'no extension': ['README', 'From: x\nTo: y\n', 'Subject: hi'],
}
const RUNS = [' ', 'a ', 'A', ':', '[00:', '"', '\u202e', '(', '<', '. ']
const ENDS = ['', 'x\u2028y: z']

describe('a reader that is light', () => {
  for (const [form, [path, lines, next]] of Object.entries(FORMS)) {
    test(
      `${form}: takes time in proportion to the text, whatever is written into it`,
      { timeout: 60_000 },
      async () => {
        const slow: string[] = []
        const stops = [0, ...Array.from(next.matchAll(/[\s:"(>]+/g), ({ index, 0: { length } }) => index + length)]
        for (const stop of stops) {
          for (const run of RUNS) {
            for (const end of ENDS) {
              const hostile = run.repeat(BYTES / run.length)
              const bytes = Buffer.from(`${lines}${next.slice(0, stop)}${hostile}${end}`)
              const before = process.cpuUsage()
              await readLight({ path, bytes })
              const milliseconds = process.cpuUsage(before).user / 1000
              if (milliseconds > MOST_MILLISECONDS) slow.push(`${next.slice(0, stop)}${run}…${end}: ${milliseconds} ms`)
            }
          }
        }
        expect(slow).toEqual([])
      },
    )
  }

  test('takes texts of its formats only, none that is large, none that is to be refused', async () => {
    const taken = async (path: string, content: string | Uint8Array): Promise<boolean> =>
      (await readLight({ path, bytes: Buffer.from(content) })) !== null
    expect(await taken('a.txt', 'It is read.')).toBe(true)
    expect(await taken('README', 'It is read.')).toBe(true)
    expect(await taken('a.md', 'It has a parser.')).toBe(false)
    expect(await taken('a.txt', '<!doctype html><p>A page.')).toBe(false)
    expect(await taken('README', 'From: a@b.example\nTo: c@d.example\nSubject: x\n\nA mail.')).toBe(false)
    expect(await taken('a.txt', 'It is long. '.repeat(30_000))).toBe(false)
    expect(await taken('a.txt', Buffer.from('Es h\xf6rt.', 'latin1'))).toBe(false)
    expect(await taken('a.txt', 'PK\x03\x04 is how an archive begins')).toBe(false)
    expect(await taken('a.txt', ' \n')).toBe(false)
  })
})
