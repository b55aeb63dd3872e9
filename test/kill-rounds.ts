import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises'
import { readJournaled } from '../src/journal/lines.ts'
import { isWhole, type Reply } from '../src/model/reply.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { readReply } from '../src/store/reply-records.ts'
import { Store } from '../src/store/store.ts'
import { answerWith } from './scripted-engine.ts'
import { whygraph } from './whygraph.ts'

/** A model server that says when it has handed the last byte of a reply to the operating system. */
export interface TimedServer {
  /** With `/v1`. */
  readonly url: string
  /** By document, each time it was asked about: when its reply had gone out, by `performance.now()`; null: not yet. */
  readonly replies: Map<string, (number | null)[]>
  onAsked: () => void
  onDelivered: () => void
  close(): void
}

/** Streams to each request about “X leads Y.” a reply with some reasoning, in pieces, some milliseconds apart. */
export async function startTimedServer(pieces: number, pause: number): Promise<TimedServer> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => void answer(body, response))
  })
  const timed: TimedServer = {
    url: '',
    replies: new Map(),
    onAsked: () => {},
    onDelivered: () => {},
    close: () => void server.close(),
  }

  async function answer(body: string, response: ServerResponse): Promise<void> {
    const [, quote = '', subject = '', object = ''] = /\[S1\] ((\w+ \w+) leads (\w+ \w+)\.)/.exec(body) ?? []
    const times = timed.replies.get(subject) ?? []
    const turn = times.push(null) - 1
    timed.replies.set(subject, times)
    timed.onAsked()
    response.on('error', () => {})
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (delta: object, finish_reason: string | null = null): boolean =>
      response.write(`data: ${JSON.stringify({ model: 'timed', choices: [{ index: 0, delta, finish_reason }] })}\n\n`)
    for (let i = 0; i < pieces; i++) {
      send({ reasoning_content: `Step ${i}: S1 says that ${subject} leads ${object}. ` })
      if (pause > 0) await wait(pause)
      else if (i % 20 === 0) await breathe()
    }
    send({ content: answerWith([{ subject, type: 'LEADS', object, quote }]) })
    send({}, 'stop')
    response.end('data: [DONE]\n\n', () => {
      times[turn] = performance.now()
      timed.onDelivered()
    })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(timed, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })
}

export interface KillRound {
  /** Milliseconds between the moment that the reply had gone out and the kill. */
  readonly delay: number
  /** Replies that had gone out before the kill: how long before, in milliseconds. */
  readonly delivered: readonly number[]
  /** Those of them that the next run asked for again. */
  readonly lost: readonly number[]
  /** Whole replies that were in the store or the journal when the process was dead. */
  readonly kept: number
  /** How many requests the next run made. */
  readonly askedAgain: number
  /** Links in the end, each with the number of replies that speak for it. */
  readonly supports: readonly number[]
  /** What is in the journal's folder in the end. */
  readonly left: readonly string[]
}

export interface KillOptions {
  readonly documents: number
  readonly concurrency: number
  /** The delay counts from this delivery, from 1. */
  readonly after: number
  readonly delay: number
  /** Nothing can be written beside the store, so that replies are only safe in it. */
  readonly withoutJournal?: boolean
  /** Somebody else holds the store from the first request until the process is dead. */
  readonly isStoreHeld?: boolean
}

/** Ingests, kills the process some time after a reply has gone out, ingests again, and sees what was asked twice. */
export async function killRound(server: TimedServer, options: KillOptions): Promise<KillRound> {
  const { documents, concurrency, after, delay, withoutJournal = false, isStoreHeld = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-kill-'))
  try {
    mkdirSync(join(folder, 'docs'))
    mkdirSync(join(folder, '.whygraph'))
    if (withoutJournal) writeFileSync(join(folder, '.whygraph/replies'), '')
    for (let i = 0; i < documents; i++) writeFileSync(join(folder, `docs/${i}.md`), `Ana Ruiz${i} leads Team T${i}.\n`)
    const args = `ingest docs --engine chat --model r1 --base-url ${server.url} --concurrency ${concurrency} --json`
    server.replies.clear()
    let killedAt = Infinity
    const held: DatabaseSync[] = []
    if (isStoreHeld) server.onAsked = () => void (held.length > 0 || held.push(holdStore(join(folder, '.whygraph'))))
    await whygraph(args.split(' '), {
      cwd: folder,
      onStart: (kill) => {
        let count = 0
        server.onDelivered = () => {
          if (++count !== after) return
          const stop = (): void => {
            kill('SIGKILL')
            killedAt = performance.now()
          }
          if (delay === 0) stop()
          else setTimeout(stop, delay)
        }
      },
    })
    server.onDelivered = () => {}
    server.onAsked = () => {}
    for (const store of held) store.close()
    const kept = await countKept(join(folder, '.whygraph'))
    const before = countRequests(server)
    const first = new Map([...server.replies].map(([document, [time = null]]) => [document, time]))
    const finished = await whygraph(args.split(' '), { cwd: folder })
    if (finished.code !== 0) throw new Error(`the second run ended with ${finished.code}: ${finished.stderr}`)
    const delivered = [...first].filter(([, time]) => time !== null && time <= killedAt)
    const lost = delivered.filter(([document]) => (server.replies.get(document)?.length ?? 0) > 1)
    const age = ([, time]: [string, number | null]): number => killedAt - (time ?? 0)
    const askedAgain = countRequests(server) - before
    const store = await openStore(join(folder, '.whygraph'))
    const supports = (await store.links(['proposed'])).map((link) => link.supports)
    await store.close()
    const left = withoutJournal ? [] : readdirSync(join(folder, '.whygraph/replies'))
    return { delay, delivered: delivered.map(age), lost: lost.map(age), kept, askedAgain, supports, left }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openStore(folder: string): Promise<Store> {
  return new Store(await openLocalDatabase(folder), derivation)
}

/** Keeps everybody else from writing until it is closed. */
export function holdStore(folder: string): DatabaseSync {
  const store = new DatabaseSync(join(folder, 'whygraph.db'), { timeout: 10_000 })
  store.exec('BEGIN IMMEDIATE')
  return store
}

function countRequests(server: TimedServer): number {
  return [...server.replies.values()].reduce((sum, times) => sum + times.length, 0)
}

/** Chunks of which a whole reply is in the store or the journal. */
async function countKept(folder: string): Promise<number> {
  const store = await openStore(folder)
  const replies: Reply[] = (await store.database.read((reader) => reader.list('Reply'))).map(readReply)
  await store.close()
  const journal = join(folder, 'replies')
  if (existsSync(journal) && statSync(journal).isDirectory())
    for (const name of readdirSync(journal, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.jsonl')) continue
      const journaled = readJournaled(readFileSync(join(journal, name), 'utf8'), new Date())
      if (typeof journaled === 'object') replies.push(journaled.reply)
    }
  return new Set(replies.filter((reply) => isWhole(reply.finish)).map((reply) => reply.chunkId)).size
}
