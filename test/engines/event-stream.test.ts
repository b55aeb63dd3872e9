import { describe, expect, test } from 'vitest'
import { readEventStream } from '../../src/engines/request/event-stream.ts'

/** The events of pieces of bytes, in the lists in which they arrive. */
async function read(...pieces: readonly (string | Uint8Array)[]): Promise<(readonly string[])[]> {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))
  const lists: (readonly string[])[] = []
  for await (const list of readEventStream(ReadableStream.from(bytes))) lists.push(list)
  return lists
}

describe('an event stream', () => {
  test('what arrives together is read together', async () => {
    expect(await read('data: a\n\ndata: b\n\ndata: c', '\n\ndata: d\n\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test.each(['\n', '\r\n', '\r'])('lines end in %j', async (end) => {
    expect(await read(`event: x${end}data: a${end}${end}data: b${end}${end}data`)).toEqual([['a', 'b']])
  })

  test('comments, other fields and what no blank line closes are no events', async () => {
    expect(await read(': keep-alive\n\n', 'id: 1\nretry: 5\nfoo: bar\n\n', 'data:a\ndata: b\n\ndata: c\n')).toEqual([
      ['a\nb'],
    ])
  })

  test('however it is cut, the events are the same; what is no UTF-8 is replaced', async () => {
    const whole = Buffer.concat([Buffer.from('data: 🧂 Zuzana Č'), Buffer.from([0xc3, 0x28]), Buffer.from('\r\n\r\n')])
    for (let size = 1; size <= whole.length; size++) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
        whole.subarray(at * size, (at + 1) * size),
      )
      expect((await read(...pieces)).flat(), `pieces of ${size}`).toEqual(['🧂 Zuzana Č\ufffd('])
    }
  })
})
