import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../src/model/errors.ts'
import { bytesId } from '../src/model/ids.ts'
import type { PartMessage, RoomMessage, RoomRequest } from './reading-room-messages.ts'
import type { SourceFile, TableRow } from './reading.ts'

/** From source it is TypeScript, which Node runs as it is; in the package JavaScript. */
const CHILD = fileURLToPath(
  new URL(`reading-room-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

const SECONDS_A_FILE = 25
const HEAP_MEGABYTES = 512
/** A half of what lives for a moment only; left alone it grows to three times the memory that a text file takes. */
const YOUNG_MEGABYTES = 4
/** Kilobytes of data segment: the heap's limit does not cover buffers. */
const DATA_KILOBYTES = 1_500_000
/** Seconds of computing after which the system stops a child: one whose parent was killed does not go on for ever. */
const COMPUTE_SECONDS = 300
/** How long a file waits for the process of another one before it is given one of its own. */
const PATIENCE_MILLISECONDS = 1000
/** A second process that has had no file for so long ends. */
const IDLE_MILLISECONDS = 5000
/** A child that has grown or worked beyond this is replaced after its file. */
const LARGE_BYTES = 400 * 1024 * 1024
const TIRED_SECONDS = COMPUTE_SECONDS / 2

export interface RoomOptions {
  /** Seconds that one file may take, with all that is inside. Default 25. */
  readonly seconds?: number
  /** Told the most memory, in bytes, that the process of a file has held so far. For measuring. */
  readonly onPeak?: (path: string, bytes: number) => void
}

/** What comes of a file: its parts, each followed by the rows of its tables in batches, table after table. */
export type RoomEvent =
  | { readonly kind: 'part'; readonly part: PartMessage }
  | { readonly kind: 'rows'; readonly table: number; readonly rows: readonly TableRow[] }

/**
 * Reads files outside of this process, under limits of time and memory: a parser that hangs, explodes or crashes costs
 * one file. The readers have neither this process's environment nor its memory; they are given bytes. Only small texts
 * whose readers are held to proportionate time are read in here, so that a folder of them takes no second process.
 */
export class ReadingRoom {
  readonly #seconds: number
  readonly #onPeak: RoomOptions['onPeak']
  readonly #idle: ChildProcess[] = []
  readonly #all = new Set<ChildProcess>()
  /** Files that wait for the process of another one to become free. */
  #waiting: ((child: ChildProcess | null) => void)[] = []
  /** Where readers put what their libraries want to have as a file; goes with the room. */
  #scratch: string | null = null

  constructor(options: RoomOptions = {}) {
    this.#seconds = options.seconds ?? SECONDS_A_FILE
    this.#onPeak = options.onPeak
  }

  /**
   * Any number of files may be read at once, each in a process of its own, which the next file takes over.
   * @throws InputError `limit` or `reader-failed` where the file as a whole cannot be read; what came before counts
   */
  async *read(file: SourceFile): AsyncGenerator<RoomEvent> {
    const light = await readHere(file)
    if (light !== null) return yield { kind: 'part', part: light }
    const child = await this.#take()
    let left = this.#seconds * 1000
    let isFree = false
    try {
      for (let request: RoomRequest = { kind: 'read', file }; ; request = { kind: 'next' }) {
        // Only the child's own time counts, not that of whoever takes the messages.
        const asked = Date.now()
        const message = await ask(child, request, file.path, left, this.#seconds)
        left -= Date.now() - asked
        if (message.kind === 'done') {
          isFree = message.bytes < LARGE_BYTES && message.seconds < TIRED_SECONDS
          this.#onPeak?.(file.path, message.peak)
          return
        }
        if (message.kind === 'failed') throw failed(file.path, message.message)
        yield message
      }
    } finally {
      if (isFree && child.connected) this.#leave(child)
      else {
        this.#all.delete(child)
        child.kill('SIGKILL')
      }
    }
  }

  close(): void {
    for (const child of this.#all) child.kill('SIGKILL')
    this.#all.clear()
    this.#idle.length = 0
    if (this.#scratch !== null) rmSync(this.#scratch, { recursive: true, force: true })
    this.#scratch = null
  }

  /**
   * A process of its own for a file. A second one is not started before the first has been busy for a while: small
   * files are read sooner than a process starts, and each holds some 80 MB.
   */
  async #take(): Promise<ChildProcess> {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    if (this.#all.size === 0) return this.#start()
    const { promise, resolve } = Promise.withResolvers<ChildProcess | null>()
    this.#waiting.push(resolve)
    const timer = setTimeout(() => {
      // At once, so that no process is left to one who does not wait any more.
      this.#waiting = this.#waiting.filter((one) => one !== resolve)
      resolve(null)
    }, PATIENCE_MILLISECONDS)
    const free = await promise
    clearTimeout(timer)
    return free ?? this.#start()
  }

  #leave(child: ChildProcess): void {
    const next = this.#waiting.shift()
    if (next !== undefined) return next(child)
    this.#idle.push(child)
    setTimeout(() => {
      // The others are taken first, so one that is still at the bottom has not been needed.
      if (this.#idle.length <= 1 || this.#idle[0] !== child) return
      // Not given to a file any more, though it takes a moment to end.
      this.#idle.shift()
      this.#all.delete(child)
      child.kill('SIGKILL')
    }, IDLE_MILLISECONDS).unref()
  }

  #start(): ChildProcess {
    const { SystemRoot } = process.env
    this.#scratch ??= mkdtempSync(join(tmpdir(), 'whygraph-reading-'))
    const env = { TMPDIR: this.#scratch, ...(SystemRoot ? { SystemRoot } : {}) }
    const node = [
      process.execPath,
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      `--max-semi-space-size=${YOUNG_MEGABYTES}`,
      '--disable-warning=ExperimentalWarning',
      CHILD,
    ]
    // Libraries write warnings about the file to the terminal; what matters comes as a note.
    // In a group of its own: an interrupt of the terminal is for this process, which says what becomes of the file.
    const detached = process.platform !== 'win32'
    const options = { env, detached, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' } as const
    const [command = '', ...args] = process.platform === 'win32' ? node : underLimits(node)
    const child = spawn(command, args, { ...options, stdio: [...options.stdio] })
    // One that waits for its next file does not keep this process alive.
    child.unref()
    child.channel?.unref()
    // Said where the child is asked; here only so that nobody else has to hear it.
    child.on('error', () => this.#all.delete(child))
    child.once('exit', () => {
      this.#all.delete(child)
      const index = this.#idle.indexOf(child)
      if (index >= 0) this.#idle.splice(index, 1)
    })
    this.#all.add(child)
    return child
  }
}

/** What a small text holds, read in this process: one of its own takes 60 MB and the time to start. Null for other files. */
async function readHere(file: SourceFile): Promise<PartMessage | null> {
  const { readLight } = await import('./reader.ts')
  // What goes wrong is said where it goes wrong under limits.
  const reading = await readLight(file).catch(() => null)
  if (reading === null) return null
  const { path, bytes } = file
  return { path, container: null, contentHash: bytesId(bytes), result: { document: reading.document, tables: [] } }
}

function underLimits(command: readonly string[]): string[] {
  return [
    '/bin/sh',
    '-c',
    `ulimit -d ${DATA_KILOBYTES} 2>/dev/null; ulimit -t ${COMPUTE_SECONDS} 2>/dev/null; exec "$0" "$@"`,
    ...command,
  ]
}

function ask(
  child: ChildProcess,
  request: RoomRequest,
  path: string,
  milliseconds: number,
  seconds: number,
): Promise<RoomMessage> {
  if (!child.connected) return Promise.reject(gone(path, child.exitCode, child.signalCode ?? 'could not be started'))
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.channel?.unref()
      settle()
    }
    const onMessage = (message: RoomMessage): void => end(() => resolve(message))
    const onExit = (code: number | null, signal: string | null): void => end(() => reject(gone(path, code, signal)))
    const timer = setTimeout(
      () => end(() => reject(overLimit(path, `reading it took more than ${seconds} seconds`))),
      Math.max(0, milliseconds),
    )
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.channel?.ref()
    child.send(request, (error) => {
      // Its exit, which says why, is told a little later.
      const tell = (): void => end(() => reject(gone(path, child.exitCode, child.signalCode)))
      if (error !== null) setTimeout(tell, 200).unref()
    })
  })
}

function failed(path: string, what: string): InputError {
  return new InputError('reader-failed', `${path}: cannot be read (${what.split('\n')[0]})`, {
    place: path,
    hint: 'The other files are read. Save its text as .txt to have it read.',
  })
}

/** V8 and the C library abort (134, SIGABRT) when memory runs out; so may the system's own guard (SIGKILL). */
function gone(path: string, code: number | null, signal: string | null): InputError {
  if (code === 134 || signal === 'SIGABRT' || signal === 'SIGKILL' || signal === 'SIGTRAP' || code === 133)
    return overLimit(path, 'reading it took more memory than one file may have')
  return new InputError('reader-failed', `${path}: its reader crashed (${signal ?? `exit code ${code}`})`, {
    place: path,
    hint: 'The other files are read. Save its text as .txt to have it read.',
  })
}

function overLimit(path: string, what: string): InputError {
  return new InputError('limit', `${path}: ${what}`, {
    place: path,
    hint: 'Split the file, or save its text as .txt.',
  })
}
