import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RefusedError, StoreError } from '../../model/errors.ts'
import type { QueryResult } from '../database.ts'
import { findForbiddenClause } from '../read-only.ts'
import type { ChildMessage, ChildRequest } from './query-messages.ts'
import { failedQuery, wrongQuery } from './query-problem.ts'

/** From source it is TypeScript, which Node runs as it is; in the package JavaScript. */
const CHILD = fileURLToPath(new URL(`query-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))

const READ_ONLY_HINT = 'Queries only read. Links are changed by `whygraph review` and `whygraph ingest`.'

/**
 * Runs one query in a process of its own, so that it can be stopped: Grafeo has no time limit. The time begins when
 * the projection has caught up with the store. Values come as `toPlain` says.
 */
export async function queryProjection(
  request: ChildRequest,
  limits: { readonly seconds: number },
  running: Set<ChildProcess>,
): Promise<QueryResult> {
  const forbidden = findForbiddenClause(request.text)
  if (forbidden !== null) throw refused(forbidden)
  // Grafeo leaves an empty folder for spilling wherever it has been opened: in here it goes with its process.
  const scratch = await mkdtemp(join(tmpdir(), 'whygraph-query-'))
  const child = fork(CHILD, {
    env: { PATH: process.env['PATH'], TMPDIR: scratch },
    // Not those of the parent: a debugger's port or a test runner's loader is not for it.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.once('close', () => void rm(scratch, { recursive: true, force: true }).catch(() => {}))
  running.add(child)
  try {
    return await answerOf(child, request, limits.seconds)
  } finally {
    running.delete(child)
    child.kill('SIGKILL')
  }
}

function answerOf(child: ChildProcess, request: ChildRequest, seconds: number): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    let deadline: NodeJS.Timeout | undefined
    child.stderr?.on('data', (text: Buffer) => {
      complaint = `${complaint}${text.toString()}`.slice(-2000)
    })
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'ready') {
        deadline = setTimeout(() => reject(timeout(seconds)), seconds * 1000)
        return
      }
      clearTimeout(deadline)
      if (message.kind === 'result') resolve({ columns: message.columns, rows: message.rows })
      else reject(errorOf(message))
    })
    child.on('error', (cause) => reject(new StoreError('query', 'The query process could not be started.', { cause })))
    child.on('close', (code, signal) => {
      clearTimeout(deadline)
      reject(
        new StoreError('query', `The query process ended early (${signal ?? code}). ${complaint}`.trim(), {
          hint: 'It may have run out of memory: ask for less, for example with LIMIT.',
        }),
      )
    })
    child.send(request)
  })
}

function errorOf(message: Exclude<ChildMessage, { kind: 'ready' | 'result' }>): Error {
  switch (message.kind) {
    case 'refused':
      return refused(message.message)
    case 'wrong':
      return wrongQuery(message.message, message.syntax)
    case 'failed':
      if (message.code === 'query') return failedQuery(message.message)
      return new StoreError(message.code, message.message, message.hint === undefined ? {} : { hint: message.hint })
  }
}

function refused(what: string): RefusedError {
  return new RefusedError('read-only', `The query is refused: ${what} is not allowed.`, { hint: READ_ONLY_HINT })
}

function timeout(seconds: number): StoreError {
  return new StoreError('timeout', `The query took more than ${seconds} s and was stopped.`, {
    hint: 'Ask for less (a LIMIT, a label, a shorter path), or allow more time.',
  })
}
