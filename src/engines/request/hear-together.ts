import type { Words } from '../engine.ts'
import type { ReplyReader } from './wire.ts'

/**
 * What is heard in chunks that came together: words of one kind in one piece, since each piece has a long way to go. What
 * was heard before an error comes before it.
 */
export function* hearTogether(chunks: Iterable<unknown>, reader: Pick<ReplyReader, 'take'>): Generator<Words> {
  const heard: Words[] = []
  try {
    for (const chunk of chunks) for (const words of reader.take(chunk)) add(heard, words)
  } catch (error) {
    yield* heard
    throw error
  }
  yield* heard
}

function add(heard: Words[], words: Words): void {
  const last = heard.at(-1)
  if (last?.type !== words.type) heard.push(words)
  else heard[heard.length - 1] = { type: last.type, text: last.text + words.text }
}
