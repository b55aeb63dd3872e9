import { UsageError } from '../../src/model/errors.ts'

/** No path of any system is longer; what is longer is no list of paths. */
const MAX_LINE = 64 * 1024

/**
 * The paths of a list, one on each line, or ended by NUL (`find -print0`), as it comes in. Which of the two, the first
 * 64 KB tell: no list that is separated by NUL has none in there. Windows' line ends and encodings are understood.
 *
 * @throws UsageError where a line is no path
 */
export async function* readFileList(
  stream: AsyncIterable<Uint8Array | string>,
  name = 'the list of files',
): AsyncIterable<string> {
  let separator: '\n' | '\0' | null = null
  let rest = ''
  let line = 0
  const linesOf = function* (isEnd: boolean): Generator<string> {
    if (separator === null) {
      const nul = rest.indexOf('\0')
      if (nul < 0 && rest.length <= MAX_LINE && !isEnd) return
      separator = nul < 0 ? '\n' : '\0'
    }
    let start = 0
    for (let end = rest.indexOf(separator); end >= 0; end = rest.indexOf(separator, start)) {
      line += 1
      yield rest.slice(start, end)
      start = end + 1
    }
    rest = rest.slice(start)
    if (rest.length > MAX_LINE) throw tooLong(name, line + 1)
    if (!isEnd) return
    line += 1
    yield rest
    rest = ''
  }
  const paths = function* (isEnd: boolean): Generator<string> {
    for (const raw of linesOf(isEnd)) {
      if (raw.length > MAX_LINE) throw tooLong(name, line)
      const path = separator === '\n' && raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (separator === '\n' ? path.trim() !== '' : path !== '') yield path
    }
  }
  for await (const text of decoded(stream)) {
    rest += text
    yield* paths(false)
  }
  yield* paths(true)
}

function tooLong(name: string, line: number): UsageError {
  return new UsageError('invalid-list', `${name}, line ${line}: longer than ${MAX_LINE / 1024} KB, which no path is`, {
    hint: 'A list of files holds one path on each line, or paths ended by NUL.',
  })
}

/** UTF-8, or UTF-16 with its mark, which is what PowerShell writes. */
async function* decoded(stream: AsyncIterable<Uint8Array | string>): AsyncIterable<string> {
  let head: Uint8Array | null = new Uint8Array(0)
  let decoder = new TextDecoder()
  for await (const chunk of stream) {
    if (typeof chunk === 'string') {
      yield head?.length === 0 ? chunk.replace(/^\ufeff/, '') : chunk
      head = null
      continue
    }
    let bytes = chunk
    if (head !== null) {
      bytes = Buffer.concat([head, chunk])
      head = bytes
      if (bytes.length < 2) continue
      decoder = new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8')
      head = null
    }
    yield decoder.decode(bytes, { stream: true })
  }
  yield decoder.decode(head ?? new Uint8Array(0))
}
