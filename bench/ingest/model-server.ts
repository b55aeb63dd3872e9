import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What the server counted since it was last reset. */
export interface ModelStatistics {
  readonly calls: number
  /** Characters divided by four. */
  readonly prompt_tokens: number
  readonly mean_inflight: number
  readonly max_inflight: number
}

export interface ModelServer {
  readonly url: string
  readonly pid: number
  /** Forgets what was counted; from now on each answer takes so long. */
  reset(latency: number): Promise<void>
  statistics(): Promise<ModelStatistics>
  stop(): void
}

/** Starts the scripted model of the peers, which all candidates are given, with answers to whygraph's prompt beside. */
export async function startModelServer(peers: string, folder: string): Promise<ModelServer> {
  const path = join(folder, 'model-server.mjs')
  writeFileSync(path, withWhygraph(readFileSync(join(peers, 'stub.mjs'), 'utf8')))
  const port = await freePort()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${port}`
  const post = (path: string, body: object) => fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return {
    url,
    pid: child.pid ?? 0,
    reset: async (latency) => {
      await post('/admin', { latency_ms: latency, fault: 'none' })
      await post('/reset', {})
    },
    statistics: async () => (await (await fetch(`${url}/stats`)).json()) as ModelStatistics,
    stop: () => child.kill(),
  }
}

/** A copy of the peers' server that knows one prompt more, and gives the reasoning beside the answer to it. */
function withWhygraph(source: string): string {
  const answers = pathToFileURL(join(import.meta.dirname, 'answer.ts')).href
  const changes: [place: string, change: string][] = [
    ['import http from', `import * as whygraph from '${answers}';\nimport http from`],
    [
      'function classify(body) {',
      `function classify(body) {
  const units = whygraph.unitsOf(txt(body.messages?.at(-1)?.content ?? ''));
  if (units) {
    const text = units.map((unit) => unit.words).join('\\n');
    return { kind: 'whygraph', text, ...whygraph.answer(units, extract(text, cfg.entities, cfg.relations)) };
  }`,
    ],
    ["case 'ng': {", "case 'whygraph': return c.content;\n    case 'ng': {"],
    [
      'content: toolcall ? null : out, refusal',
      'content: toolcall ? null : out, reasoning_content: c.reasoning, refusal',
    ],
    [
      "ch({ role: 'assistant', content: '' });",
      `ch({ role: 'assistant', content: '' });
    for (let i = 0; i < (c.reasoning ?? '').length; i += 64) ch({ reasoning_content: c.reasoning.slice(i, i + 64) });`,
    ],
  ]
  return changes.reduce((text, [place, change]) => {
    if (text.split(place).length !== 2) throw new Error(`stub.mjs has changed: there is not one “${place}” in it.`)
    return text.replace(place, () => change)
  }, source)
}

async function freePort(): Promise<number> {
  const listener = createServer()
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const { port } = listener.address() as AddressInfo
  await once(listener.close(), 'close')
  return port
}
