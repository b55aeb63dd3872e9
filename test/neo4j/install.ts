/** Brings what a Neo4j of our own needs: Java, and the jars from Maven in `.cache/`. Done once for a checkout. */
import { execFile, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface Neo4jInstallation {
  version: string
  /** The program to start: a Java that Neo4j runs on. */
  java: string
  /** The folder with all jars. */
  libraries: string
}

/** The oldest Java that Neo4j 5 runs on. */
const oldestJava = 17

const repository = join(import.meta.dirname, '..', '..')
const cache = join(repository, '.cache')
const pomFile = join(import.meta.dirname, 'pom.xml')

/** Finds or brings Java and the jars; throws with what to install where it can do neither. */
export async function installNeo4j(): Promise<Neo4jInstallation> {
  const pom = await readFile(pomFile, 'utf8')
  const version = /<neo4j\.version>(.+?)<\/neo4j\.version>/.exec(pom)?.[1]
  if (version === undefined) throw new Error(`${pomFile}: no <neo4j.version>. Name the Neo4j to test with there.`)

  const folder = join(cache, `neo4j-${version}`)
  const libraries = join(folder, 'lib')
  // The marker names the pom that the jars were brought for, so that a changed pom brings them anew.
  const marker = join(folder, 'complete')
  const fingerprint = createHash('sha256').update(pom).digest('hex')
  const isComplete = async (): Promise<boolean> => (await readFile(marker, 'utf8').catch(() => '')) === fingerprint

  let java = await findJava()
  if (java !== undefined && (await isComplete())) return { version, java, libraries }

  return await withLock(async () => {
    const needsJars = !(await isComplete())
    java = await findJava()
    if (java === undefined || (needsJars && !(await hasMaven()))) {
      await installPackages()
      java = await findJava()
      if (java === undefined) throw new Error(`After installing packages there is still no Java. ${whatToInstall()}`)
    }
    if (needsJars) await downloadJars(folder, version, fingerprint)
    return { version, java, libraries }
  })
}

/** Runs `work` while no other process of this checkout does. */
async function withLock<Result>(work: () => Promise<Result>): Promise<Result> {
  await mkdir(cache, { recursive: true })
  // SQLite is used for its file lock only: the system frees it when its holder is killed, a lock file would stay.
  const lock = new DatabaseSync(join(cache, 'neo4j-install.lock'))
  try {
    while (!takeLock(lock)) await sleep(200)
    return await work()
  } finally {
    lock.close()
  }
}

function takeLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false
    throw error
  }
}

/** Downloads to a temporary folder and renames it, so that what bears the name is always whole. */
async function downloadJars(folder: string, version: string, fingerprint: string): Promise<void> {
  const target = relative(repository, folder)
  process.stderr.write(`Bringing Neo4j ${version} (some 120 MB) from Maven to ${target}, once.\n`)
  // What runs that were killed have left.
  for (const name of await readdir(cache)) {
    if (name.startsWith(`${basename(folder)}.`)) await rm(join(cache, name), { recursive: true, force: true })
  }
  const temporary = `${folder}.${randomUUID()}`
  try {
    await runVisibly('mvn', [
      '--batch-mode',
      '--quiet',
      '--strict-checksums',
      `--file=${pomFile}`,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${join(temporary, 'lib')}`,
    ])
    await writeFile(join(temporary, 'complete'), fingerprint)
    await rm(folder, { recursive: true, force: true })
    await rename(temporary, folder)
  } catch (cause) {
    throw new Error(`Neo4j ${version} could not be brought from Maven. ${whatToInstall()}`, { cause })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** The first Java that is young enough, of JAVA_HOME and the search path. */
async function findJava(): Promise<string | undefined> {
  const home = process.env['JAVA_HOME']
  const candidates = home ? [join(home, 'bin', 'java'), 'java'] : ['java']
  for (const candidate of candidates) {
    // `java -version` writes to stderr: openjdk version "17.0.15" 2025-04-15. Java 8 calls itself "1.8".
    const output = await promisify(execFile)(candidate, ['-version']).catch(() => undefined)
    const version = /version "(\d+)/.exec(output?.stderr ?? '')?.[1]
    if (Number(version ?? 0) >= oldestJava) return candidate
  }
  return undefined
}

async function hasMaven(): Promise<boolean> {
  return await promisify(execFile)('mvn', ['--version']).then(
    () => true,
    () => false,
  )
}

async function installPackages(): Promise<void> {
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall) throw new Error(`Java ${oldestJava} or later, or Maven, is missing. ${whatToInstall()}`)
  process.stderr.write('Installing Java and Maven for the tests with Neo4j.\n')
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  // The default Java of Debian 12 is 17, that of Debian 13 is 21: one name that both have.
  const packages = ['default-jre-headless', 'maven']
  try {
    await runVisibly('apt-get', [...wait, 'update'])
    await runVisibly('apt-get', [...wait, 'install', '--yes', '--no-install-recommends', ...packages])
  } catch (cause) {
    throw new Error(`Java and Maven could not be installed with apt-get. ${whatToInstall()}`, { cause })
  }
}

function whatToInstall(): string {
  return (
    `Install Java ${oldestJava} or later and Maven 3.6.3 or later, so that "java -version" and "mvn --version" answer; ` +
    'or name a running server with NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD; ' +
    'or set WHYGRAPH_TEST_NEO4J=off to skip the tests that need Neo4j.'
  )
}

/** Runs a program with all its output on our stderr. */
async function runVisibly(program: string, programArguments: string[]): Promise<void> {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const child = spawn(program, programArguments, {
    stdio: ['ignore', process.stderr, process.stderr],
    env: environment,
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('error', reject)
  child.once('close', (code, signal) => {
    if (code === 0) resolve()
    else reject(new Error(`"${program} ${programArguments.join(' ')}" ended with ${signal ?? `exit code ${code}`}.`))
  })
  await promise
}
