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
import { UsageError, WhygraphError } from './model/errors.ts'
import { loadSettings } from './settings.ts'
import { tellError } from './tell-error.ts'
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
  const told = { debug: args.includes('--debug'), json: args.includes('--json') }
  try {
    await buildProgram(context, surroundings, told).parseAsync([...args], { from: 'user' })
    return context.exitCode
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || !told.json)) return error.exitCode === 0 ? 0 : 2
    // What an interrupt broke off (a list on standard input, say) is no fault.
    if (signal.aborted && !(error instanceof WhygraphError)) return 130
    return tellError(error instanceof CommanderError ? wrongWords(error) : error, told, say)
  }
}

/** What the command line has that no command takes. */
function wrongWords({ code, message }: CommanderError): UsageError {
  const what = message.replace(/^error: /, '')
  return new UsageError(code.replace(/^commander\./, ''), what, { hint: "See 'whygraph --help'." })
}

/** Both ends of a terminal, as Node has them: with a raw mode and a size. */
function terminalOf({ stdin, stdout }: Surroundings): Terminal | null {
  return stdin instanceof ReadStream && stdout instanceof WriteStream ? { input: stdin, output: stdout } : null
}

function buildProgram(
  context: Context,
  { stdout, stderr, version }: Surroundings,
  { json }: { readonly json: boolean },
): Command {
  const program = new Command('whygraph')
    .description(
      'A knowledge graph in which every link says why.\n\nExample: whygraph ingest minutes/ && whygraph status',
    )
    .version(version)
    .option('--store <place>', 'folder of a local store (default .whygraph), or neo4j://HOST:7687')
    .option('--config <file>', 'settings file (default: whygraph.yaml, looked for upwards)')
    .option('--json', 'print results as JSON')
    .option('--debug', 'print stack traces of errors')
    .showHelpAfterError(json ? false : "(see 'whygraph --help')")
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // As JSON it is told where all errors are.
      ...(json ? { outputError: () => {} } : {}),
    })
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

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  stream.setEncoding('utf8')
  for await (const part of stream) text += String(part)
  return text
}
