import { createParser } from 'eventsource-parser'

/**
 * The data of server-sent events, those in one list that arrived together: a fast server sends a hundred at once, and to
 * wait for each takes longer than to read it. Comments are none, nor is what no blank line closes; bytes that are no
 * UTF-8 become replacement characters. What the connection throws is passed on.
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let arrived: string[] = []
  const parser = createParser({ onEvent: ({ data }) => arrived.push(data) })
  const decoder = new TextDecoder()
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }))
    if (arrived.length === 0) continue
    yield arrived
    arrived = []
  }
}
