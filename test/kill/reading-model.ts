import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { answerWith, type ScriptedLink } from '../scripted-engine.ts'

/** One request, by the monotonic clock of `performance.now()`. */
export interface Asking {
  /** Of the request, whatever names were known by then. */
  readonly key: string
  /** When the last byte of its reply was handed to the operating system; null: it was not. */
  deliveredAt: number | null
}

/** A model that answers by rule, the same about the same units, and remembers what it was asked. */
export interface ReadingModel {
  /** With `/v1`. */
  readonly url: string
  readonly askings: Asking[]
  /** A reply begins once what it returns has come. */
  onAsked: () => unknown
  close(): void
}

/** Streams reasoning and answer in so many pieces, some milliseconds apart. */
export async function startReadingModel(pieces: number, milliseconds: number): Promise<ReadingModel> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => void answer(promptIn(body), response))
  })
  const askings: Asking[] = []
  const model = { url: '', askings, onAsked: (): unknown => undefined, close: () => void server.close() }

  async function answer(prompt: string, response: ServerResponse): Promise<void> {
    const units = unitsOf(prompt)
    const key = digest([...prompt.matchAll(/^(?:Title: |\[S\d+\] ).*$/gm)].join('\n'))
    const asking: Asking = { key, deliveredAt: null }
    askings.push(asking)
    await model.onAsked()
    const { reasoning, content } = replyAbout(units, key)
    response.on('error', () => {})
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (delta: object, others: object = {}, finish_reason: string | null = null): boolean =>
      response.write(
        `data: ${JSON.stringify({ model: 'reader', choices: [{ index: 0, delta, finish_reason }], ...others })}\n\n`,
      )
    const size = Math.ceil(reasoning.length / pieces)
    for (let i = 0; i < pieces && !response.destroyed; i++) {
      send({ reasoning_content: reasoning.slice(i * size, (i + 1) * size) })
      await pause(milliseconds)
    }
    send({ content })
    send({}, { usage: { prompt_tokens: prompt.length >> 2, completion_tokens: content.length >> 2 } }, 'stop')
    response.end('data: [DONE]\n\n', () => (asking.deliveredAt = performance.now()))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(model, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })
}

interface Unit {
  readonly s: number
  readonly words: string
}

function promptIn(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { content: string }[] }
  return messages[0]?.content ?? ''
}

function unitsOf(prompt: string): Unit[] {
  return [...prompt.matchAll(/^\[S(\d+)\] (.*)$/gm)].map(([, s = '', words = '']) => ({ s: Number(s), words }))
}

/** The key of the request that a reply answers: it says so. */
export function keyIn(content: string): string | undefined {
  return /"label":"key-(\w+)"/.exec(content)?.[1]
}

const NAME = /\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)*/gu
const TYPES = ['LEADS', 'REPORTS_TO', 'WORKS_WITH', 'OWNS', 'DEPENDS_ON']
const MOST_LINKS = 8

/** Neighbouring names of a unit are linked; what is denied, what is doubtful and what has no true quote is among it. */
function replyAbout(units: readonly Unit[], key: string): { reasoning: string; content: string } {
  const links = units.flatMap(linksIn).slice(0, MOST_LINKS)
  const thoughts = links.map(
    ({ s, subject, object, type }) => `S${s} speaks of ${subject}. So ${subject} ${type.toLowerCase()} ${object}.`,
  )
  const reasoning = [`There are ${units.length} units to read.`, ...thoughts, 'That is all.'].join('\n')
  const label = { label: `key-${key}`, s: [1] }
  return { reasoning, content: JSON.stringify({ ...JSON.parse(answerWith(links)), labels: [label] }) }
}

function linksIn({ s, words }: Unit): ScriptedLink[] {
  const said = words.slice(/^[^:]{1,60}: /.exec(words)?.[0].length ?? 0)
  const names = [...said.matchAll(NAME)].filter(([name]) => name.length > 3)
  return names.slice(1).flatMap((found, i): ScriptedLink[] => {
    const [before, subject, object] = [names[i] as RegExpExecArray, names[i]?.[0] ?? '', found[0]]
    if (subject === object) return []
    const hash = Number.parseInt(digest(`${subject} ${object}`).slice(0, 6), 16)
    const type = TYPES[hash % TYPES.length] as string
    const quote = hash % 13 === 0 ? 'Words that nobody said' : said.slice(before.index, found.index + object.length)
    const polarity = hash % 7 === 0 ? 'negated' : hash % 11 === 0 ? 'hedged' : 'asserted'
    return [{ subject, type, object, quote, s, polarity, confidence: 0.5 + (hash % 50) / 100 }]
  })
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
