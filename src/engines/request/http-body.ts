import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { clearer } from './http-error.ts'

/**
 * The body of a response in the pieces in which it comes. Decompressed: nobody asks for that, but some gateways do it all
 * the same.
 */
export async function* bodyOf(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? ''
  try {
    yield* COMPRESSIONS.test(encoding) ? decompress(message, encoding) : message
  } catch (error) {
    throw clearer(error)
  }
}

const COMPRESSIONS = /^(?:x-gzip|gzip|deflate|br)$/

async function* decompress(message: IncomingMessage, encoding: string): AsyncGenerator<Uint8Array> {
  const { constants, createBrotliDecompress, createUnzip } = await import('node:zlib')
  // Each word as soon as it has come, and of what was cut all there is.
  const flush = constants.Z_SYNC_FLUSH
  const { BROTLI_OPERATION_FLUSH: brotliFlush } = constants
  const decompressor =
    encoding === 'br'
      ? createBrotliDecompress({ flush: brotliFlush, finishFlush: brotliFlush })
      : createUnzip({ flush, finishFlush: flush })
  // A break ends what is decompressed, as its end would: to be told of it at once, the decompressor would drop what it holds.
  let broken: unknown = null
  async function* untilBroken(): AsyncGenerator<Uint8Array> {
    try {
      yield* message
    } catch (error) {
      broken = error
    }
  }
  // What is wrong with the compression is thrown by the reading.
  yield* pipeline(untilBroken, decompressor, () => undefined)
  if (broken !== null) throw broken
}

/** All of a body as text, without the byte order mark. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return new TextDecoder().decode(Buffer.concat(pieces))
}
