import { spawn } from 'node:child_process'
import { resolve as resolvePath } from 'node:path'
import { InputError, UsageError } from '../model/errors.ts'

const MAX_BYTES = 50 * 1024 * 1024
const SECONDS = 600

/**
 * Runs the user's own command on a scanned file and gives back what it prints. No shell: the command is cut at blanks
 * (quotes keep some together), and `{}`, or the end, stands for the path, so that a file's name can do nothing.
 *
 * @throws InputError where it cannot be run, or fails on this file
 */
export async function runOcr(command: string, path: string, cwd: string, signal: AbortSignal): Promise<string> {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  )
  const [first, ...given] = words
  // Looked for from where one stands, as paths are.
  const program = first?.startsWith('.') ? resolvePath(cwd, first) : first
  if (program === undefined) throw new UsageError('no-ocr-command', 'the OCR command is empty')
  const args = given.includes('{}') ? given.map((word) => (word === '{}' ? path : word)) : [...given, path]
  return new Promise((resolve, reject) => {
    // Not spawn's own time limit: its timer outlives a command that is not there.
    const limit = AbortSignal.timeout(SECONDS * 1000)
    const stop = AbortSignal.any([signal, limit])
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], signal: stop, killSignal: 'SIGKILL' })
    const parts: Buffer[] = []
    let size = 0
    let complaint = ''
    child.stdout.on('data', (part: Buffer) => {
      size += part.length
      if (size > MAX_BYTES) child.kill('SIGKILL')
      else parts.push(part)
    })
    child.stderr.on('data', (part: Buffer) => {
      complaint = `${complaint}${part.toString()}`.slice(-500)
    })
    child.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.name === 'AbortError') return // `close` follows
      reject(
        new InputError('ocr-failed', `the OCR command '${program}' cannot be run (${cause.code ?? cause.message})`, {
          hint: 'Is it installed? --ocr names it.',
          cause,
        }),
      )
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve(Buffer.concat(parts).toString('utf8'))
      const why =
        killedBy === null
          ? `exit code ${code}`
          : signal.aborted
            ? 'interrupted'
            : size > MAX_BYTES
              ? 'too much text'
              : `no result in ${SECONDS} s`
      const said = complaint.trim().split('\n').at(-1) ?? ''
      reject(
        new InputError('ocr-failed', `the OCR command failed (${why})${said === '' ? '' : `: ${said}`}`, {
          place: path,
          hint: 'Try the command by hand on this file.',
        }),
      )
    })
  })
}
