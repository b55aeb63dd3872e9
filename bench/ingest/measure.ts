import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { readFlags } from '../flags.ts'
import { compilingSeconds, computingSeconds, watch } from '../watch.ts'
import { buildCorpus, type Corpus } from './corpus.ts'
import { Graph, type GraphSize } from './graph.ts'
import { startModelServer, type ModelStatistics } from './model-server.ts'
import { bringApoc, installPeer, PEERS } from './peers.ts'
import { RUN_WHYGRAPH } from './run-whygraph.ts'

/**
 * `npm run bench:ingest [-- --peers DIR --corpus DIR --documents N --copies N]`: whygraph, neo4j-graphrag and
 * LangChain's transformer read the same meetings with the same scripted model into the same Neo4j, one after the other.
 * Then, of whygraph alone: a corpus several times as large, the run again, the local store, and what the driver takes
 * to write the same graph.
 */
const values = readFlags('bench:ingest', 'Reads the same meetings with whygraph and its peers into the same Neo4j.', {
  peers: '../shared/peers',
  corpus: '../shared/data/transcripts/qmsum',
  documents: '20',
  copies: '4',
  only: undefined,
  latencies: '0,200',
})
const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache')
const IN_FLIGHT = 16
/** A chunk of whygraph's has as many characters as the peers' on the mean, 4,000: it is cut where the content says. */
const CHUNK_TOKENS = 1000
const CHUNK_CHARACTERS = 4000

const peersFolder = join(root, values.peers)
if (!existsSync(join(peersFolder, 'stub.mjs'))) {
  process.stderr.write(`${values.peers} does not hold the peers and their model server: nothing is measured.\n`)
  process.exit(2)
}
execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
mkdirSync(join(cache, 'peers'), { recursive: true })
const work = mkdtempSync(join(cache, 'bench-ingest-'))
const corpora = [1, Number(values.copies)].map((copies) =>
  buildCorpus(join(root, values.corpus), join(work, `corpus-${copies}`), Number(values.documents), copies),
) as [Corpus, Corpus]
const [corpus, large] = corpora

interface Run {
  readonly seconds: number
  readonly peak: number | null
  readonly model: ModelStatistics
  readonly size: GraphSize
  /** Seconds of computing: of the candidate with its children, of Neo4j, of the model's server. */
  readonly computing: readonly (number | null)[]
  /** Of Neo4j's, what Java's compilers took. */
  readonly compiling: number | null
  /** Documents that were lost; null where the candidate ended badly. */
  readonly lost: number | null
}
interface Candidate {
  readonly title: string
  run(corpus: Corpus, latency: number, keep?: boolean): Promise<Run>
}

const wanted = values.only?.split(',')
const pythons = PEERS.filter(({ name }) => wanted?.includes(name) ?? true).map((peer) => ({
  peer,
  python: installPeer(peer, join(cache, 'peers')),
}))
const plugins = pythons.some(({ python }) => python !== null) ? { plugins: bringApoc(peersFolder, cache) } : {}
const server = await startNeo4j({ authentication: false, ...plugins, environment: {} })
const model = await startModelServer(peersFolder, work)
const graph = new Graph(server.uri)

/** Runs a program on an empty graph (or on the one that is there) and gathers what all that were concerned say. */
async function measure(
  command: string,
  args: readonly string[],
  latency: number,
  keep: boolean,
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  if (!keep) await graph.empty()
  await model.reset(latency)
  const others = [server.pid ?? 0, model.pid]
  const look = (): (number | null)[] => [...others.map(computingSeconds), compilingSeconds(server.pid ?? 0)]
  const before = look()
  const { code, peak, computing, stdout } = await watch(command, args, { cwd: work, env })
  const [neo4j = null, models = null, compiling = null] = look().map((seconds, i) =>
    seconds === null ? null : seconds - (before[i] ?? 0),
  )
  const report = JSON.parse(/^REPORT (.*)$/m.exec(stdout)?.[1] ?? '{}') as { wall?: number; n_err?: number }
  const isWell = code === 0 && report.wall !== undefined
  if (!isWell) process.stderr.write(`${command} ${args.join(' ')} ended with ${code}:\n${stdout.slice(-2000)}\n`)
  return {
    seconds: report.wall ?? NaN,
    peak,
    model: await model.statistics(),
    size: await graph.size(),
    computing: [computing, neo4j, models],
    compiling,
    lost: isWell ? (report.n_err ?? 0) : null,
  }
}

function whygraphInto(store: string): Candidate['run'] {
  return ({ folder }, latency, keep = false) => {
    if (!keep) rmSync(join(work, 'local'), { recursive: true, force: true })
    const args = ['ingest', folder, '--store', store, '--engine', 'chat', '--model', 'scripted', '--json']
    const flags = ['--base-url', `${model.url}/v1`, '--concurrency', String(IN_FLIGHT)]
    const node = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', RUN_WHYGRAPH, '--']
    const env = {
      NEO4J_PASSWORD: 'bench',
      WHYGRAPH_CHUNK_TOKENS: String(CHUNK_TOKENS),
      WHYGRAPH_TABLES: join(work, 'tables.duckdb'),
    }
    return measure(
      process.execPath,
      [...node, join(root, 'dist/src/run-cli.js'), ...args, ...flags],
      latency,
      keep,
      env,
    )
  }
}

const candidates: Candidate[] = pythons.flatMap(({ peer, python }) => {
  if (python === null) return []
  const env = { STUB: model.url, BOLT: server.uri, CHUNK: String(CHUNK_CHARACTERS), PYTHONDONTWRITEBYTECODE: '1' }
  const run: Candidate['run'] = ({ folder }, latency, keep = false) =>
    measure(python, [join(peersFolder, peer.script), folder, work], latency, keep, env)
  return [{ title: peer.title, run }]
})
const whygraph: Candidate = { title: 'whygraph', run: whygraphInto(server.uri) }
if (wanted?.includes('whygraph') ?? true) candidates.push(whygraph)

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const number = (value: number | null, digits = 0): string => (value === null ? '?' : value.toFixed(digits))
const rate = ({ characters }: Corpus, seconds: number): number => characters / CHUNK_CHARACTERS / seconds

function row({ seconds, peak, model, size, computing, compiling, lost }: Run, corpus: Corpus, first: number): string {
  const chunks = corpus.characters / CHUNK_CHARACTERS
  return [
    number(rate(corpus, seconds), 1).padStart(8),
    number(first / seconds, 2).padStart(6),
    number(model.mean_inflight, 1).padStart(10),
    number(model.calls / chunks, 2).padStart(14),
    number(model.prompt_tokens / model.calls).padStart(21),
    number(peak).padStart(8),
    [...computing, compiling]
      .map((seconds) => number(seconds === null ? null : (seconds / chunks) * 1000, 1))
      .join('  ')
      .padStart(66),
    String(size.nodes).padStart(8),
    String(size.relationships).padStart(14),
    lost === null ? ' (failed)' : lost > 0 ? ` (${lost} documents lost)` : '',
  ].join(' ')
}

say(`${corpus.documents} meetings, ${corpus.characters} characters; a chunk is ${CHUNK_CHARACTERS} characters of it`)
try {
  for (const latency of values.latencies.split(',').map(Number)) {
    say(
      `\n${`${latency} ms a call`.padEnd(16)}chunks/s  times  in flight  calls a chunk  prompt tokens a call  peak MB  ` +
        'computing ms a chunk: own, Neo4j, model, of Neo4j Java compiling    nodes  relationships',
    )
    let first = NaN
    for (const { title, run } of candidates) {
      // Once unmeasured: indexes of its own, plans made, Java warm, as on a server that has been running.
      await graph.wipe()
      await run(corpus, 0)
      const result = await run(corpus, latency)
      if (Number.isNaN(first)) first = result.seconds
      say(`${title.padEnd(15)} ${row(result, corpus, first)}`)
    }
  }
  if (candidates.includes(whygraph)) {
    say('\nwhygraph alone')
    const more = await whygraph.run(large, 0)
    say(`${large.documents} meetings: ${number(rate(large, more.seconds), 1)} chunks/s, ${number(more.peak)} MB`)
    const before = await graph.lastTransaction()
    const again = await whygraph.run(large, 0, true)
    const writes = (await graph.lastTransaction()) - before
    say(
      `run again: ${again.model.calls} calls, ${writes} transactions that wrote, ${number(again.seconds, 1)} s, ${number(again.peak)} MB`,
    )
    const floor = await graph.writeAgain()
    const { nodes, relationships } = more.size
    say(
      `the driver alone writes its ${nodes} nodes and ${relationships} relationships in ${number(floor, 1)} s: ` +
        `${number(rate(large, floor), 1)} chunks/s`,
    )
    const local = await whygraphInto(join(work, 'local'))(large, 0)
    say(`local store: ${number(rate(large, local.seconds), 1)} chunks/s, ${number(local.peak)} MB`)
  }
} finally {
  await graph.close()
  model.stop()
  await server.stop()
  rmSync(work, { recursive: true, force: true })
}
