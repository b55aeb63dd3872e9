import { Command, CommanderError } from 'commander'
import { readFile, stat } from 'node:fs/promises'
import { ReadStream, WriteStream } from 'node:tty'
import { addBackup, addRestore } from './commands/backup.ts'
import { addCopy } from './commands/copy.ts'
import { addDoctor } from './commands/doctor.ts'
import { addForget } from './commands/forget.ts'
import { addIngest } from './commands/ingest.ts'
import { addQuery } from './commands/query.ts'
import { addRebuild } from './commands/rebuild.ts'
import { addReview } from './commands/review.ts'
import { addSchema } from './commands/schema.ts'
import { addSearch } from './commands/search.ts'
import { addShow } from './commands/show.ts'
import { addSql } from './commands/sql.ts'
import { addStatus } from './commands/status.ts'
import { addTraces } from './commands/traces.ts'
import type { Context } from './commands/context.ts'
import type { Terminal } from './desk/front.ts'
import {
  ConflictError,
  EngineError,
  InputError,
  NotFoundError,
  RefusedError,
  StoreError,
  UsageError,
  WhygraphError,
} from './model/errors.ts'
import { loadSettings } from './settings.ts'
import { printableLines } from './terminal/printable.ts'
import { runOcr } from './taking-in/run-ocr.ts'
import { askTables } from './tables/ask-tables.ts'
import {
  backUpStore,
  createAligner,
  createVerifier,
  createEmbedding,
  createJudge,
  createSummariser,
  createEngine,
  createLimiters,
  openJournal,
  openPlans,
  openStore,
  openTables,
  replacedStores,
  restoreStore,
  tablesPath,
} from './wiring.ts'

/** The process around a run, so that tests and `npm start` can run commands in their own. */
export interface Surroundings {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stdin: NodeJS.ReadableStream
  readonly signal: AbortSignal
  readonly version: string
}

/** Parses the arguments, runs one command, prints errors for a person, and returns the exit code. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, signal, environment, cwd } = surroundings
  const say = (text: string): void => void stderr.write(`${text}\n`)
  const limiters = createLimiters()
  const context: Context = {
    cwd,
    environment,
    print: (text) => void stdout.write(`${text}\n`),
    say,
    write: (text) => void stderr.write(text),
    isTerminal: stderr.isTTY === true,
    printsToTerminal: stdout.isTTY === true,
    width: stdout.columns || 100, // some terminals say 0
    terminal: terminalOf(surroundings),
    signal,
    readInput: () => readAll(surroundings.stdin),
    settings: (flags, source) => loadSettings(cwd, environment, flags, source),
    openStore: (settings, mode, variables = environment) =>
      openStore(settings, variables, mode, { say: (text) => say(printableLines(text)), signal }),
    createEngine: (settings) => createEngine(settings, environment, say, { limiters, cwd }),
    openJournal: (settings) => openJournal(settings, environment, (text) => say(printableLines(text))),
    openPlans,
    createAligner: (settings) => createAligner(settings, environment, say, { limiters, cwd }),
    createVerifier: (settings) => createVerifier(settings, environment, say, { limiters, cwd }),
    createJudge: (settings) => createJudge(settings, environment, say, { limiters, cwd }),
    createSummariser: (settings) => createSummariser(settings, environment, say, { limiters, cwd }),
    createEmbedding: (settings) => createEmbedding(settings, environment, say, { limiters, cwd }),
    openTables,
    tablesPath,
    askTables: (settings, text, limits) => askTables(tablesPath(settings), text, limits),
    backUpStore: (settings, request) => backUpStore(settings, { ...request, version: surroundings.version }),
    restoreStore,
    replacedStores,
    readFile: async (path) => {
      const { mtimeMs } = await stat(path)
      return { bytes: await readFile(path), modifiedAt: mtimeMs }
    },
    runOcr: (command, path, signal) => runOcr(command, path, cwd, signal),
    stdin: surroundings.stdin as AsyncIterable<Uint8Array | string>,
    now: () => new Date(),
    exitCode: 0,
  }
  const debug = args.includes('--debug')
  try {
    await buildProgram(context, surroundings).parseAsync([...args], { from: 'user' })
    return context.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // What an interrupt broke off (a list on standard input, say) is no fault.
    if (signal.aborted && !(error instanceof WhygraphError)) return 130
    printError(error, debug, say)
    return error instanceof WhygraphError ? exitCodeOf(error) : 70
  }
}

/** Both ends of a terminal, as Node has them: with a raw mode and a size. */
function terminalOf({ stdin, stdout }: Surroundings): Terminal | null {
  return stdin instanceof ReadStream && stdout instanceof WriteStream ? { input: stdin, output: stdout } : null
}

function buildProgram(context: Context, { stdout, stderr, version }: Surroundings): Command {
  const program = new Command('whygraph')
    .description(
      'A knowledge graph in which every link says why.\n\nExample: whygraph ingest minutes/ && whygraph status',
    )
    .version(version)
    .option('--store <place>', 'folder of a local store (default .whygraph), or neo4j://HOST:7687')
    .option('--config <file>', 'settings file (default: whygraph.yaml, looked for upwards)')
    .option('--json', 'print results as JSON')
    .option('--debug', 'print stack traces of errors')
    .showHelpAfterError("(see 'whygraph --help')")
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .exitOverride()
  addIngest(program, context)
  addStatus(program, context)
  addReview(program, context)
  addShow(program, context)
  addSearch(program, context)
  addQuery(program, context)
  addSchema(program, context)
  addSql(program, context)
  addRebuild(program, context)
  addTraces(program, context)
  addForget(program, context)
  addCopy(program, context)
  addDoctor(program, context)
  addBackup(program, context)
  addRestore(program, context)
  inherit(program)
  return program
}

/** Sub-commands print and exit as the program does. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inherit(child)
  }
}

function printError(error: unknown, debug: boolean, say: (text: string) => void): void {
  if (error instanceof WhygraphError) {
    say(`error: ${printableLines(error.message)}`)
    if (error.hint !== undefined && error.hint !== '') say(printableLines(error.hint))
  } else {
    say(`error: ${printableLines(error instanceof Error ? error.message : String(error))}`)
    say('This is a fault of whygraph itself: please report it with what --debug prints.')
  }
  if (debug && error instanceof Error) say(printableLines(withCauses(error)))
}

function withCauses(error: Error): string {
  const own = error.stack ?? String(error)
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own
}

function exitCodeOf(error: WhygraphError): number {
  if (error instanceof UsageError) return 2
  if (error instanceof NotFoundError) return 3
  if (error instanceof ConflictError) return 4
  if (error instanceof RefusedError) return 5
  if (error instanceof StoreError || error instanceof EngineError) return 6
  return error instanceof InputError ? 1 : 70
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  stream.setEncoding('utf8')
  for await (const part of stream) text += String(part)
  return text
}
