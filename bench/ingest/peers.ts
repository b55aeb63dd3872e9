import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A peer as the folder of peers runs it: `peer_NAME.py CORPUS WORK` in an environment of its own. */
export interface Peer {
  readonly name: string
  readonly title: string
  readonly script: string
  readonly packages: readonly string[]
}

export const PEERS: readonly Peer[] = [
  { name: 'ng', title: 'neo4j-graphrag', script: 'peer_ng.py', packages: ['neo4j-graphrag[openai,experimental]'] },
  {
    name: 'lc',
    title: 'LangChain',
    script: 'peer_lc.py',
    packages: ['langchain-experimental', 'langchain-neo4j', 'langchain-openai', 'json-repair'],
  },
]

/** Brings a peer into `cache`, once, and returns its Python; null, said aloud, where there is no Python or no package. */
export function installPeer(peer: Peer, cache: string): string | null {
  const folder = join(cache, `venv-${peer.name}`)
  const python = join(folder, 'bin', 'python')
  const marker = join(folder, 'complete')
  if (existsSync(marker)) return python
  try {
    process.stderr.write(`Installing ${peer.title}, once.\n`)
    rmSync(folder, { recursive: true, force: true })
    run('python3', ['-m', 'venv', folder])
    run(python, ['-m', 'pip', 'install', '--quiet', ...peer.packages])
    mkdirSync(marker)
    return python
  } catch (error) {
    process.stderr.write(`${peer.title} is left out: ${String(error).split('\n')[0]}\n`)
    return null
  }
}

/** The procedures of APOC, without which the peers do not run, as one jar in a folder of `cache`. */
export function bringApoc(peers: string, cache: string): string {
  const folder = join(cache, 'apoc')
  if (existsSync(folder)) return folder
  const jars = join(cache, 'apoc-jars')
  const whole = `${folder}.new`
  mkdirSync(whole, { recursive: true })
  run('mvn', [
    '--batch-mode',
    '--quiet',
    `--file=${join(peers, 'apoc-pom.xml')}`,
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${jars}`,
  ])
  const parts = readdirSync(jars).map((name) => join(jars, name))
  run('python3', [join(peers, 'make_apoc.py'), join(whole, 'apoc.jar'), ...parts])
  renameSync(whole, folder)
  return folder
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', process.stderr, process.stderr] })
}
