import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import { ReadingRoom, type RoomEvent } from '../../ingest/reading-room.ts'
import { InputError } from '../../src/model/errors.ts'
import { childrenOf } from '../children.ts'

/** The most memory, in bytes, that a process of the room has held. */
let peak = 0
const room = new ReadingRoom({ onPeak: (_, bytes) => (peak = Math.max(peak, bytes)) })
afterAll(() => room.close())

async function readIn(where: ReadingRoom, path: string, content: string | Uint8Array): Promise<RoomEvent[]> {
  const events: RoomEvent[] = []
  for await (const event of where.read({ path, bytes: Buffer.from(content) })) events.push(event)
  return events
}

/** Path and outcome of every part. */
async function outcomes(path: string, content: Uint8Array): Promise<string[]> {
  return (await readIn(room, path, content)).flatMap((event) => {
    if (event.kind !== 'part') return []
    const { result } = event.part
    return [`${event.part.path} ${'error' in result ? result.error.code : result.document.kind}`]
  })
}

const refusal = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof InputError ? `${error.code}: ${error.message}` : String(error)),
  )

/** Processes below this one whose command names the child. */
function readers(): number[] {
  const children = childrenOf(process.pid).filter(({ command }) => command.includes('reading-room-child'))
  return children.map(({ pid }) => pid)
}

describe('the reading room', () => {
  test('reads several files at once, each whole', async () => {
    const texts = ['one', 'two', 'three', 'four'].map((word) => `${word} is a word.`)
    const read = await Promise.all(texts.map((text, index) => readIn(room, `${index}.md`, text)))
    const found = read.map(([event]) =>
      event?.kind === 'part' && 'document' in event.part.result ? event.part.result.document.text : null,
    )
    expect(found).toEqual(texts)
  })

  test('reads a small text without a process of its own, and all else in one', async () => {
    const own = new ReadingRoom()
    const before = readers()
    // Those of the other room may end meanwhile, for want of work.
    const begun = (): number[] => readers().filter((pid) => !before.includes(pid))
    const [event] = await readIn(own, 'a.txt', 'It is read.')
    expect(event).toMatchObject({ kind: 'part', part: { path: 'a.txt', container: null } })
    expect(begun()).toEqual([])
    await readIn(own, 'a.md', 'It is read.')
    expect(begun()).toHaveLength(1)
    own.close()
  })

  test('gives the rows of a table in batches after its part', async () => {
    const rows = Array.from({ length: 4500 }, (_, index) => `${index},name ${index}`)
    const events = await readIn(room, 'a.csv', `id,name\n${rows.join('\n')}\n`)
    expect(events.map((event) => (event.kind === 'rows' ? event.rows.length : event.kind))).toEqual([
      'part',
      2000,
      2000,
      500,
    ])
  })

  test('a file that takes too long costs that file, and the next one is read', async () => {
    const hasty = new ReadingRoom({ seconds: 0.01 })
    const large = Array.from({ length: 200_000 }, (_, index) => `Sentence ${index} of many.`).join('\n')
    expect(await refusal(readIn(hasty, 'slow.txt', large))).toBe(
      'limit: slow.txt: reading it took more than 0.01 seconds',
    )
    hasty.close()
    expect(await refusal(readIn(room, 'next.txt', 'It is read.'))).toBe('read')
  })

  test.skipIf(process.platform === 'win32')('a reader that is killed costs that file', async () => {
    const own = new ReadingRoom()
    const before = new Set(readers())
    const reading = refusal(readIn(own, 'big.txt', 'A sentence. '.repeat(400_000)))
    for (let tries = 0; tries < 100; tries += 1) {
      const pid = readers().find((one) => !before.has(one))
      if (pid !== undefined) {
        process.kill(pid, 'SIGSEGV')
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await reading).toBe('reader-failed: big.txt: its reader crashed (SIGSEGV)')
    expect(await refusal(readIn(own, 'next.txt', 'It is read.'))).toBe('read')
    own.close()
  })

  test('a process that ends for want of work is given no file', { timeout: 60_000 }, async () => {
    const own = new ReadingRoom()
    // While the first is held back, the second is given a process of its own.
    const held = own.read({ path: 'a.md', bytes: Buffer.from('One is read.') })
    await held.next()
    await readIn(own, 'b.md', 'Two is read.')
    for (let next = await held.next(); !next.done; next = await held.next());
    // Set after its own, and so due in the very turn in which a process is ended.
    const both = await new Promise<Promise<string[]>>((resolve) =>
      setTimeout(() => resolve(Promise.all(['c.md', 'd.md'].map((path) => refusal(readIn(own, path, 'Read.'))))), 5000),
    )
    expect(both).toEqual(['read', 'read'])
    own.close()
  })

  test('knows nothing of this process: no variables, no secrets', async () => {
    await readIn(room, 'a.md', 'Something to start with.')
    const [pid] = readers()
    if (!existsSync(`/proc/${pid}/environ`)) return
    const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((line) => line.split('=')[0])
    expect(names.filter((name) => name && !/^(?:NODE_CHANNEL|TMPDIR|PWD|SHLVL|_$|OLDPWD)/.test(name))).toEqual([])
  })

  test('files in files are read to a depth, each under its own name', async () => {
    let zip = zipSync({ 'note.txt': Buffer.from('At the bottom of it all.') })
    for (let depth = 0; depth < 6; depth += 1)
      zip = zipSync({ 'inner.zip': zip, 'beside.txt': Buffer.from(`Level ${depth} has this.`) })
    expect(await outcomes('a.zip', zip)).toEqual([
      'a.zip archive',
      'a.zip/beside.txt document',
      'a.zip/inner.zip archive',
      'a.zip/inner.zip/beside.txt document',
      'a.zip/inner.zip/inner.zip archive',
      'a.zip/inner.zip/inner.zip/beside.txt document',
      'a.zip/inner.zip/inner.zip/inner.zip archive',
      'a.zip/inner.zip/inner.zip/inner.zip/beside.txt document',
      'a.zip/inner.zip/inner.zip/inner.zip/inner.zip archive',
      'a.zip/inner.zip/inner.zip/inner.zip/inner.zip/beside.txt limit',
      'a.zip/inner.zip/inner.zip/inner.zip/inner.zip/inner.zip limit',
    ])
  })

  test('what is inside cannot lead out', async () => {
    const zip = zipSync({
      '../../etc/evil.txt': Buffer.from('Out.'),
      '/abs.txt': Buffer.from('Abs.'),
      'a/../b.txt': Buffer.from('Up.'),
      'good.txt': Buffer.from('Good it is.'),
    })
    expect(await outcomes('a.zip', zip)).toEqual(['a.zip archive', 'a.zip/good.txt document'])
  })
})

const formats = join(import.meta.dirname, '../../../shared/data/formats')

describe.skipIf(!existsSync(formats))('the collection of formats', async () => {
  const { readAsExpected } = await import('../../bench/formats/expectations.ts')
  const manifest = existsSync(formats)
    ? (JSON.parse(readFileSync(join(formats, 'MANIFEST.json'), 'utf8')) as { file: string; expect: string }[])
    : []
  test('is all named in its manifest', () => {
    const files = readdirSync(formats).filter((name) => !/^(?:MANIFEST\.json|LICENSES)$/.test(name))
    expect(manifest.map(({ file }) => file).toSorted()).toEqual(files.toSorted())
  })
  for (const expectation of manifest) {
    test(`${expectation.file}: ${expectation.expect}`, { timeout: 60_000 }, async () => {
      const row = await readAsExpected(expectation, readFileSync(join(formats, expectation.file)), room)
      expect(row, row.detail).toMatchObject({ ok: true })
      expect(row.milliseconds).toBeLessThan(30_000)
      expect(peak).toBeLessThan(1e9)
    })
  }
})
