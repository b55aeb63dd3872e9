import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { replyId } from '../../src/model/reply.ts'
import { FileJournal } from '../../src/journal/file-journal.ts'
import { eventLine, headOf, readJournaled, type Journaled } from '../../src/journal/lines.ts'
import type { Reply } from '../../src/model/reply.ts'
import { recoverReplies } from '../../src/asking/recover-replies.ts'
import type { Store } from '../../src/store/store.ts'
import { mayMount, OWN_WORLD } from '../small-disk.ts'
import { HEAD, WHOLE } from './words.ts'

const PROCESS = fileURLToPath(new URL('journal-process.ts', import.meta.url))
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function newFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'whygraph-journal-')))
  return join(folders.at(-1) as string, 'replies')
}

function open(folder: string, store = 'here', said: string[] = []): FileJournal {
  return new FileJournal(folder, store, (message) => said.push(message))
}

/** All files below a folder, with their mode. */
function filesIn(folder: string): { path: string; mode: number }[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.map((name) => ({ path: join(folder, name), mode: statSync(join(folder, name)).mode & 0o777 }))
}

async function recover(folder: string, store = 'here'): Promise<{ found: object; replies: Reply[] }> {
  const replies: Reply[] = []
  const found = await open(folder, store).recover(async (reply) => replies.push(reply) > 0)
  return { found, replies }
}

/** A store, in what bringing replies into it takes. */
function storeIn(saved: Reply[]): Store {
  return { saveReply: async (reply: Reply) => saved.push(reply) > 0 } as Store
}

const NOTHING = { whole: 0, partial: 0, forgotten: 0, elsewhere: 0, damaged: 0 }

describe('a journal of replies', () => {
  it('remembers what a reply was asked for', () => {
    const at = new Date('2026-01-01T00:00:00.000Z')
    for (const head of [HEAD, { ...HEAD, purpose: 'alignment' as const }]) {
      const written = [headOf(head, 'here', at), ...WHOLE.map((event) => eventLine(event, at))].join('')
      const { reply } = readJournaled(written, at) as Journaled
      expect(reply.purpose).toBe('purpose' in head ? 'alignment' : undefined)
    }
  })

  it('gives back what a killed process had received, once, and nothing of one that lives', async () => {
    const folder = newFolder()
    const child = spawn(process.execPath, [PROCESS, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    const whileItLives = (await recover(folder)).found
    const files = filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(whileItLives).toMatchObject(NOTHING)
    expect(files.map(({ mode }) => mode)).toEqual([0o600, 0o600])

    const { found, replies } = await recover(folder)
    expect(found).toMatchObject({ whole: 1, partial: 1, elsewhere: 0, damaged: 0 })
    const [whole, cut] = replies
    expect(whole).toMatchObject({
      ...HEAD,
      chunkId: 'whole',
      model: 'r1-0528',
      reasoning: 'Let me see:\n"S1" 😀.',
      content: '{"links": []}',
      finish: 'stop',
      usage: { input: 5, cachedInput: null, output: 7, reasoning: 3 },
      traceKind: 'raw',
    })
    expect(whole?.id).toBe(replyId('request', 'whole', whole as Reply))
    expect(cut).toMatchObject({ chunkId: 'cut', reasoning: 'Let me see:\n"S1" 😀.', content: '', finish: 'aborted' })
    expect((await recover(folder)).found).toMatchObject(NOTHING)
    expect(filesIn(folder)).toEqual([])
  })

  it.runIf(mayMount())(
    'keeps a reply that had come to its end, though the disk is full',
    { timeout: 60_000 },
    async () => {
      const folder = newFolder()
      mkdirSync(folder)
      const [disk, kept] = [join(folder, 'disk'), join(folder, 'kept')]
      mkdirSync(disk)
      const run = `'${process.execPath}' '${fileURLToPath(new URL('full-process.ts', import.meta.url))}' disk`
      execFileSync(
        'unshare',
        [...OWN_WORLD, `mount -t tmpfs -o size=4m tmpfs disk && ${run} && cp -a disk/replies kept`],
        {
          cwd: folder,
        },
      )
      const { found, replies } = await recover(kept)
      expect(found).toMatchObject({ whole: 1, partial: 0, damaged: 0 })
      expect(replies[0]?.reasoning).toMatch(/^(?:Let me see\. ){50000}Let me see:/)
      expect(filesIn(kept)).toEqual([])
    },
  )

  it('two in one process, as of two ingests, leave each other alone', async () => {
    const folder = newFolder()
    const [one, other] = [open(folder), open(folder)]
    const entry = one.begin(HEAD)
    for (const event of WHOLE) entry.note(event)
    other.begin(HEAD).note(WHOLE[0] as (typeof WHOLE)[0])
    expect(await one.recover(() => Promise.reject(new Error('not mine')))).toMatchObject(NOTHING)
    entry.drop()
    one.close()
    expect(await open(folder).recover(() => Promise.reject(new Error('it lives')))).toMatchObject(NOTHING)
    other.close()
    expect((await recover(folder)).found).toMatchObject({ whole: 0, partial: 1, elsewhere: 0, damaged: 0 })
  })

  it('forgets what is in the store, and leaves no file behind', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    for (const event of WHOLE.slice(0, -1)) entry.note(event)
    await pause(60)
    entry.note(WHOLE.at(-1) as (typeof WHOLE)[0])
    entry.end('stop')
    const [file] = filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))
    expect(readFileSync(file?.path ?? '', 'utf8')).toContain('answer')
    entry.drop()
    expect(readFileSync(file?.path ?? '', 'utf8')).toBe('')
    expect(open(folder).waiting()).toBe(0)
    journal.close()
    expect(filesIn(folder)).toEqual([])
  })

  it('a file serves one reply after the other, and holds nothing of those before', async () => {
    const folder = newFolder()
    const journal = open(folder)
    for (const chunkId of ['one', 'two', 'three']) {
      const entry = journal.begin({ ...HEAD, chunkId })
      for (const event of WHOLE) entry.note(event)
      entry.end('stop')
      if (chunkId !== 'three') entry.drop()
    }
    expect(filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))).toHaveLength(1)
    journal.close()
    const { found, replies } = await recover(folder)
    expect(found).toMatchObject({ whole: 1, partial: 0, elsewhere: 0, damaged: 0 })
    expect(replies).toMatchObject([{ chunkId: 'three', content: '{"links": []}', finish: 'stop' }])
    expect(filesIn(folder)).toEqual([])
  })

  it('a file that somebody removed serves no reply', () => {
    const folder = newFolder()
    const journal = open(folder)
    const write = (): void => {
      const entry = journal.begin(HEAD)
      for (const event of WHOLE) entry.note(event)
      expect(open(folder).waiting()).toBe(1)
      entry.drop()
      for (const { path } of filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))) rmSync(path)
    }
    write()
    write()
    journal.close()
    expect(filesIn(folder)).toEqual([])
  })

  it('once dropped or closed, leaves alone the file that has its number now', () => {
    const folder = newFolder()
    const journal = open(folder)
    const [dropped, closed] = [journal.begin(HEAD), journal.begin(HEAD)]
    for (const entry of [dropped, closed]) for (const event of WHOLE) entry.note(event)
    dropped.drop()
    journal.close()
    // Some for the lock's number, too.
    const others = Array.from({ length: 8 }, (_, index) => openSync(join(folder, `other-${index}`), 'w'))
    for (const entry of [dropped, closed]) {
      entry.note(WHOLE[0] as (typeof WHOLE)[0])
      entry.end('stop')
      entry.drop()
    }
    for (const other of others) expect(() => closeSync(other)).not.toThrow()
  })

  it('writes the words of some milliseconds at once, and does not wait with the last', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    const lines = () => {
      const [file] = filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))
      return readFileSync(file?.path ?? '', 'utf8')
        .trim()
        .split('\n')
        .slice(1)
    }
    for (let i = 0; i < 100; i++) entry.note({ type: 'answer-delta', text: 'a' })
    await pause(60)
    expect(lines()).toEqual([JSON.stringify({ answer: 'a'.repeat(100) })])
    entry.note({ type: 'answer-delta', text: 'b' })
    entry.note(WHOLE.at(-1) as (typeof WHOLE)[0])
    expect(lines()).toHaveLength(3)
    journal.close()
  })

  it('a reply that broke off is the same partial reply as the process would have stored', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    entry.note({ type: 'answer-delta', text: '{"li' })
    entry.end('failed')
    journal.close()
    const { replies } = await recover(folder)
    expect(replies).toMatchObject([{ content: '{"li', finish: 'failed', traceKind: 'none' }])
  })

  it('what the store does not take stays, as does what is for another store', async () => {
    const folder = newFolder()
    const journal = open(folder)
    journal.begin(HEAD).note(WHOLE[0] as (typeof WHOLE)[0])
    const entry = journal.begin(HEAD)
    for (const event of WHOLE) entry.note(event)
    journal.close()
    await expect(open(folder).recover(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
    expect((await recover(folder, 'elsewhere')).found).toMatchObject({ whole: 0, partial: 0, elsewhere: 2 })
    expect((await recover(folder)).found).toMatchObject({ whole: 1, partial: 1, elsewhere: 0, damaged: 0 })
    expect(filesIn(folder)).toEqual([])
  })

  it('one that is recovered has the price of the model that was asked for, whatever the server called it', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    for (const event of WHOLE) entry.note(event)
    journal.close()
    const saved: Reply[] = []
    const price = { input: 1e6, cachedInput: 0, output: 0, reasoning: 0 }
    await recoverReplies(open(folder), storeIn(saved), { currency: 'usd', models: { [HEAD.model]: price } })
    expect(saved).toMatchObject([{ model: 'r1-0528', cost: { amount: 5, basis: 'counted' } }])
  })

  it('a last line that was cut costs that line; a file of another version stays where it is', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    for (const event of WHOLE) entry.note(event)
    const strange = journal.begin(HEAD)
    strange.note(WHOLE[0] as (typeof WHOLE)[0])
    journal.close()
    const [first, second] = filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))
    truncateSync(first?.path ?? '', statSync(first?.path ?? '').size - 10)
    writeFileSync(second?.path ?? '', '{"version":2}\n')
    const { found, replies } = await recover(folder)
    expect(found).toMatchObject({ whole: 0, partial: 1, elsewhere: 1, damaged: 0 })
    expect(replies).toMatchObject([{ content: '{"links": []}', finish: 'aborted' }])
  })

  it('a damaged line costs that line and makes the reply a partial one; a damaged head is left and counted', async () => {
    const folder = newFolder()
    const journal = open(folder)
    for (const chunkId of ['words', 'head']) {
      const entry = journal.begin({ ...HEAD, chunkId })
      for (const event of WHOLE) entry.note(event)
    }
    journal.close()
    for (const { path } of filesIn(folder).filter(({ path }) => path.endsWith('.jsonl'))) {
      const lines = readFileSync(path, 'utf8').split('\n')
      lines[lines[0]?.includes('"words"') ? 1 : 0] = '\0\0\0'
      writeFileSync(path, lines.join('\n'))
    }
    expect(open(folder).waiting()).toBe(2)
    const { found, replies } = await recover(folder)
    expect(found).toEqual({ whole: 0, partial: 1, forgotten: 0, elsewhere: 0, damaged: 1, folder })
    expect(replies).toMatchObject([{ chunkId: 'words', reasoning: '', content: '{"links": []}', finish: 'aborted' }])
    expect((await recover(folder)).found).toMatchObject({ partial: 0, damaged: 1 })
  })

  it('who comes while somebody else recovers waits until that is done', async () => {
    const folder = newFolder()
    const journal = open(folder)
    const entry = journal.begin(HEAD)
    for (const event of WHOLE) entry.note(event)
    journal.close()
    let isStored = false
    const one = open(folder).recover(async () => {
      await pause(200)
      return (isStored = true)
    })
    const other = open(folder).recover(() => Promise.reject(new Error('twice')))
    expect(await other).toMatchObject(NOTHING)
    expect(isStored).toBe(true)
    expect(await one).toMatchObject({ whole: 1 })
  })

  it('a folder that cannot be used costs no reply, and is said once', async () => {
    const folder = newFolder()
    writeFileSync(folder, 'a file in its place')
    const said: string[] = []
    const journal = open(folder, 'here', said)
    expect(await journal.recover(async () => true)).toMatchObject(NOTHING)
    for (let i = 0; i < 2; i++) {
      const entry = journal.begin(HEAD)
      for (const event of WHOLE) entry.note(event)
      entry.end('stop')
      entry.drop()
    }
    journal.close()
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('cannot be used')
  })

  it('a lock that cannot be had leaves no folder behind, however many replies come', async () => {
    // SQLite, which locks, takes no path this long.
    const folder = join(newFolder(), ...Array.from({ length: 8 }, () => 'long'.repeat(50)))
    const said: string[] = []
    const journal = open(folder, 'here', said)
    for (let i = 0; i < 3; i++) journal.begin(HEAD).note(WHOLE.at(-1) as (typeof WHOLE)[0])
    journal.close()
    expect(readdirSync(folder)).toEqual([])
    expect(said).toHaveLength(1)
  })
})
