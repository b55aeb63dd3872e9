import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { brotliCompressSync, constants, deflateRawSync, zstdCompressSync } from 'node:zlib'
import { pack } from '../../src/model/packed-text.ts'
import { FILE_NAME } from '../../src/store/local.ts'
import type { Trimmed } from '../../src/store/trim-traces.ts'
import { runHere } from '../../test/run-here.ts'

/**
 * What packing traces and answers saves: over the texts of recorded replies, by method, in bytes as they are stored and in
 * time; then of whole local stores of the sample, with and without, as files and after each policy.
 * npm run bench:traces -- [FOLDER_OF_CASES]
 */
const SAMPLE = new URL('../../fixtures/sample/', import.meta.url).pathname
const [cases = new URL('../../../shared/contract/cases/', import.meta.url).pathname] = process.argv.slice(2)

interface Said {
  readonly reasoning: string
  readonly content: string
}

const read = (path: string): Said => JSON.parse(readFileSync(path, 'utf8')) as Said
const sets: [string, Said[]][] = [
  ['sample', readdirSync(join(SAMPLE, 'replies')).map((name) => read(join(SAMPLE, 'replies', name)))],
]
if (existsSync(cases)) {
  const paths = readdirSync(cases).map((name) => join(cases, name, 'reply.json'))
  sets.push(['cases', paths.filter((path) => existsSync(path)).map(read)])
} else process.stderr.write(`${cases} is not there: only the sample is measured\n`)

const brotli = (quality: number) => (text: string) => {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  }
  return brotliCompressSync(text, { params }).toString('base64')
}
const METHODS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'as stored': (text) => pack(text),
  'brotli 4': brotli(4),
  'brotli 6': brotli(6),
  'brotli 9': brotli(9),
  'brotli 11': brotli(11),
  'zstd 3': (text) => zstdCompressSync(text).toString('base64'),
  'zstd 19': (text) =>
    zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }).toString('base64'),
  'deflate 9': (text) => deflateRawSync(text, { level: 9 }).toString('base64'),
}

/** Local stores keep properties as JSON, which escapes what a JSON answer is full of. */
const inJson = (text: string): number => Buffer.byteLength(JSON.stringify(text))

const print = (...cells: (string | number)[]): void =>
  void process.stdout.write(
    `${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(22) : String(cell).padStart(12))).join('')}\n`,
  )

for (const [name, replies] of sets) {
  print(`${name}: ${replies.length} replies`, 'traces', 'answers', 'in JSON', 'share', 'ms (CPU)')
  const plain = replies.reduce((sum, { reasoning, content }) => sum + inJson(reasoning) + inJson(content), 0)
  for (const [method, encode] of Object.entries(METHODS)) {
    for (const { reasoning, content } of replies) encode(reasoning + content) // warm
    const before = process.cpuUsage()
    const texts = replies.map(({ reasoning, content }) => [encode(reasoning), encode(content)] as const)
    const { user, system } = process.cpuUsage(before)
    const each = (user + system) / 1000 / replies.length
    const sum = (of: (texts: readonly [string, string]) => number): number =>
      texts.reduce((all, one) => all + of(one), 0)
    const json = sum(([reasoning, content]) => inJson(reasoning) + inJson(content))
    const bytes = [sum(([reasoning]) => Buffer.byteLength(reasoning)), sum(([, content]) => Buffer.byteLength(content))]
    print(method, ...bytes, json, `${Math.round((100 * json) / plain)}%`, each.toFixed(2))
  }
}

/** Ingests the sample under a policy, with no traces of rules; what is stored then, and the database's size without free pages. */
async function storeOf(name: string, policy: string): Promise<void> {
  const store = join(folder, name.replaceAll(' ', '-'))
  const config = join(folder, 'whygraph.yaml')
  writeFileSync(config, `traces: ${policy}\n`)
  const run = async (...args: string[]): Promise<string> => {
    const done = await runHere([...args, '--store', store, '--config', config, '--json'])
    if (done.code !== 0) throw new Error(done.stderr)
    return done.stdout
  }
  await run('ingest', '--job', join(SAMPLE, 'job.yaml'))
  const { words, stored } = JSON.parse(await run('traces', 'trim', '--dry-run')) as Trimmed
  const path = join(store, FILE_NAME)
  const database = new DatabaseSync(path)
  database.exec('VACUUM')
  database.close()
  print(name, words.after, stored.after, statSync(path).size)
}

const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-traces-'))
try {
  print('store of the sample', 'words', 'stored', 'file')
  await storeOf('plain', '{ compress: false }')
  await storeOf('packed', '{ compress: true }')
  await storeOf('perReply 2000', '{ perReply: 2000 }')
  await storeOf('aligned', '{ keep: aligned }')
  await storeOf('none', '{ keep: none }')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
