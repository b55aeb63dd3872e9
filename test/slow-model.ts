import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWith } from './scripted-engine.ts'

/**
 * A model behind an OpenAI-compatible server that says of “Ana serves Kes.” that Ana serves Kes, when it is told to, or
 * links the two by other types.
 */
export interface SlowModel {
  /** Flags by which an ingest asks it. */
  readonly flags: readonly string[]
  /** Answers what is asked about these people, now and later. */
  readonly answer: (...names: string[]) => void
  readonly close: () => void
}

export async function openSlowModel(types: readonly string[] = ['SERVES']): Promise<SlowModel> {
  const answered = new Set<string>()
  const waiting = new Map<string, () => void>()
  const reply = (subject: string, quote: string): string => {
    const message = {
      role: 'assistant',
      content: answerWith(types.map((type) => ({ subject, type, object: 'Kes', quote }))),
      reasoning_content: `S1 says that ${subject} serves Kes.`,
    }
    const choices = [{ index: 0, finish_reason: 'stop', message }]
    return JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'slow-r1', choices })
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] }
      const [, quote = '', subject = ''] = /\[S1\] ((\w+) serves Kes\.)/.exec(messages[0]?.content ?? '') ?? []
      const send = (): void => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(reply(subject, quote))
      }
      if (answered.has(subject)) send()
      else waiting.set(subject, send)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return {
    flags: ['--engine', 'chat', '--model', 'r1', '--base-url', url, '--concurrency', '8'],
    answer: (...names) => {
      for (const name of names) {
        answered.add(name)
        waiting.get(name)?.()
        waiting.delete(name)
      }
    },
    close: () => void server.close(),
  }
}
