/** A real Neo4j for tests and benchmarks: the one that the environment names, else a fresh one of our own. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import neo4j from 'neo4j-driver'
import { isAlive } from '../children.ts'
import { installNeo4j } from './install.ts'
import type { Neo4jInstallation } from './install.ts'
import type { SupervisorPlan, SupervisorReport } from './supervisor.ts'

export interface Neo4jServer {
  uri: string
  username: string
  password: string
  /** Null where the server is not our own. */
  httpUri: string | null
  /** The process id of Java; null where the server is not our own. */
  pid: number | null
  /** Kills a server of our own, its data stay. */
  crash(): Promise<void>
  /** Starts it again at the same place; resolves when it answers. */
  startAgain(): Promise<void>
  /** Ends a server of our own and removes its data; leaves any other alone. */
  stop(): Promise<void>
}

export interface Neo4jOptions {
  /** Options of the Java that runs the server; at most 1 GB of heap unless they say otherwise. */
  javaOptions?: string[]
  /** Neo4j's page cache. */
  pageCache?: string
  /** A folder of jars with procedures of others, all of which may then do what they like. */
  plugins?: string
  /** Whether the server wants a password; it does unless this is `false`. */
  authentication?: boolean
  /** Where `NEO4J_URI` and its like are looked up. */
  environment?: Record<string, string | undefined>
}

const startMilliseconds = 120_000

/** Starts a server, or takes the one that `NEO4J_URI` names. Resolves when it answers over Bolt. */
export async function startNeo4j(options: Neo4jOptions = {}): Promise<Neo4jServer> {
  const environment = options.environment ?? process.env
  if (environment['NEO4J_URI']) return await useNamedServer(environment['NEO4J_URI'], environment)

  const installation = await installNeo4j()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOwnServer(installation, options)
    } catch (error) {
      // A port that was free when we looked may be taken by the time that Neo4j binds it.
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function useNamedServer(uri: string, environment: Record<string, string | undefined>): Promise<Neo4jServer> {
  const username = environment['NEO4J_USERNAME'] ?? 'neo4j'
  const password = environment['NEO4J_PASSWORD']
  if (password === undefined) throw new Error(`NEO4J_URI is ${uri}, but NEO4J_PASSWORD is not set. Set it as well.`)
  process.stderr.write(`Using the Neo4j at ${uri} that NEO4J_URI names.\n`)

  // Tests delete what they find. NEO4J_URI is a name that many tools share, so it may well point to someone's work.
  await using driver = neo4j.driver(uri, neo4j.auth.basic(username, password))
  const { records } = await driver.executeQuery('MATCH (node) RETURN node LIMIT 1')
  if (records.length > 0 && environment['WHYGRAPH_TEST_NEO4J'] !== 'erase') {
    throw new Error(
      `The Neo4j at ${uri} is not empty, and the tests delete all that is in it. Unset NEO4J_URI to use a fresh ` +
        'server, or set WHYGRAPH_TEST_NEO4J=erase if nothing in it is needed.',
    )
  }
  const nothing = async (): Promise<void> => {}
  return { uri, username, password, httpUri: null, pid: null, crash: nothing, startAgain: nothing, stop: nothing }
}

async function startOwnServer(installation: Neo4jInstallation, options: Neo4jOptions): Promise<Neo4jServer> {
  const home = await mkdtemp(join(tmpdir(), 'whygraph-neo4j-'))
  const username = 'neo4j'
  const password = randomBytes(16).toString('hex')
  const [boltPort, httpPort] = await findFreePorts()
  const uri = `bolt://127.0.0.1:${boltPort}`
  await mkdir(join(home, 'conf'))
  await writeFile(join(home, 'conf', 'neo4j.conf'), writeSettings(boltPort, httpPort, options))

  // Detached, so that Ctrl-C in a terminal reaches the tests only and they end before their server does.
  const supervisor = fork(join(import.meta.dirname, 'supervisor.ts'), {
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const stop = async (): Promise<void> => await stopSupervisor(supervisor)
  const waiting = new AbortController()
  try {
    const reports = listen(supervisor)
    supervisor.send(planServer(installation, home, password, options))
    await Promise.race([waitForLog(home, waiting.signal), reports.ended])
    await greet(uri, username, password)
    // A script that forgets to stop the server may end; the supervisor then does the rest.
    supervisor.unref()
    supervisor.channel?.unref()
    const crash = async (): Promise<void> => {
      const pid = reports.pid() ?? 0
      process.kill(pid, 'SIGKILL')
      for (let lives = true; lives; lives = isAlive(pid)) await sleep(20)
    }
    const startAgain = async (): Promise<void> => {
      supervisor.send({})
      await greetSoon(uri, username, password)
    }
    const httpUri = `http://127.0.0.1:${httpPort}`
    return { uri, username, password, httpUri, pid: reports.pid(), crash, startAgain, stop }
  } catch (cause) {
    const log = await readLastLines(home, 30)
    await stop()
    await rm(home, { recursive: true, force: true })
    throw new Error(`Neo4j ${installation.version} did not start: ${String(cause)}\n${log}`, { cause })
  } finally {
    waiting.abort()
  }
}

function writeSettings(boltPort: number, httpPort: number, options: Neo4jOptions): string {
  return [
    'server.default_listen_address=127.0.0.1',
    `server.bolt.listen_address=127.0.0.1:${boltPort}`,
    `server.http.listen_address=127.0.0.1:${httpPort}`,
    `server.memory.pagecache.size=${options.pageCache ?? '256m'}`,
    `dbms.security.auth_enabled=${options.authentication ?? true}`,
    ...(options.plugins === undefined
      ? []
      : [`server.directories.plugins=${options.plugins}`, 'dbms.security.procedures.unrestricted=*']),
    'dbms.usage_report.enabled=false',
    // Else each database takes 256 MB of the temporary folder at once.
    'db.tx_log.preallocate=false',
    '',
  ].join('\n')
}

function planServer(
  { java, libraries }: Neo4jInstallation,
  home: string,
  password: string,
  options: Neo4jOptions,
): SupervisorPlan {
  const configuration = join(home, 'conf')
  const folders = [libraries, ...(options.plugins === undefined ? [] : [options.plugins])]
  const classPath = ['-cp', folders.map((folder) => join(folder, '*')).join(delimiter)]
  const opened = ['java.nio', 'java.io', 'sun.nio.ch', 'java.util.concurrent']
  return {
    home,
    environment: { NEO4J_HOME: home, NEO4J_CONF: configuration },
    commands: [
      // What the script `neo4j-admin` runs. Before the first start, so the server never has the default password.
      [
        java,
        '-XX:TieredStopAtLevel=1',
        ...classPath,
        'org.neo4j.cli.AdminTool',
        'dbms',
        'set-initial-password',
        password,
      ],
      [
        java,
        '-Xmx1g',
        ...(options.javaOptions ?? []),
        ...classPath,
        ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
        'org.neo4j.server.CommunityEntryPoint',
        `--home-dir=${home}`,
        `--config-dir=${configuration}`,
      ],
    ],
  }
}

/** Follows what the supervisor tells. `ended` rejects when the server, or the supervisor itself, is no more. */
function listen(supervisor: ChildProcess): { pid(): number | null; ended: Promise<never> } {
  let pid: number | null = null
  const { promise: ended, reject } = Promise.withResolvers<never>()
  // Of interest until the server has started; later its end is what `stop` wants.
  ended.catch(() => {})
  supervisor.on('message', (report: SupervisorReport) => {
    if (report.kind === 'began') pid = report.pid
    else reject(new Error(report.reason))
  })
  supervisor.once('error', reject)
  supervisor.once('exit', (code, signal) => reject(new Error(`the supervisor ended with ${signal ?? code}`)))
  return { pid: () => pid, ended }
}

async function stopSupervisor(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null || supervisor.pid === undefined) return
  supervisor.ref()
  const exit = once(supervisor, 'exit')
  if (supervisor.connected) supervisor.disconnect()
  await exit
}

/** Neo4j tells its log file that it has started, not its standard output. */
async function waitForLog(home: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + startMilliseconds
  while (!(await readLog(home)).includes('Started.')) {
    if (Date.now() > deadline) throw new Error(`not started after ${startMilliseconds / 1000} seconds`)
    await sleep(100, undefined, { signal })
  }
}

/** Makes sure that the server answers over Bolt and knows the password. */
async function greet(uri: string, username: string, password: string): Promise<void> {
  await using driver = neo4j.driver(uri, neo4j.auth.basic(username, password))
  await driver.verifyConnectivity()
}

async function greetSoon(uri: string, username: string, password: string): Promise<void> {
  for (const deadline = Date.now() + startMilliseconds; ;) {
    try {
      return await greet(uri, username, password)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}

async function readLog(home: string): Promise<string> {
  return await readFile(join(home, 'logs', 'neo4j.log'), 'utf8').catch(() => '')
}

async function readLastLines(home: string, count: number): Promise<string> {
  const console = await readFile(join(home, 'console.log'), 'utf8').catch(() => '')
  const lines = `${console}\n${await readLog(home)}`.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-count).join('\n')
}

/** Two ports that no one listens on, held together so that they differ. */
async function findFreePorts(): Promise<[bolt: number, http: number]> {
  const listeners = [createServer(), createServer()] as const
  for (const listener of listeners) await once(listener.listen(0, '127.0.0.1'), 'listening')
  const [bolt, http] = listeners.map((listener) => (listener.address() as AddressInfo).port)
  for (const listener of listeners) await once(listener.close(), 'close')
  if (bolt === undefined || http === undefined) throw new Error('no free port')
  return [bolt, http]
}
