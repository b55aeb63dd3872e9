import type { Usage } from '../../model/reply.ts'
import { estimateTokens } from '../../model/tokens.ts'
import type { Engine, EngineEvent, EngineRequest } from '../engine.ts'
import { addUsage, NO_USAGE } from '../engine.ts'
import { createLimiter, type Limiter, type Permit } from '../limiter.ts'
import { type Asked, describeWait, explain, isOverloaded, mayAskAgain } from './failure.ts'
import type { RemoteSettings } from './remote-settings.ts'
import { askedWait, LONGEST_WAIT, REAL_CLOCK, waitBeforeTry } from './retry.ts'
import { Trouble } from './trouble.ts'
import { watch } from './watch.ts'
import type { ReplyReader, Wire } from './wire.ts'

/** The answer is complete, and only its usage may still come: a server that is silent now has hung up. */
const LAST_CHUNK_MILLISECONDS = 10_000

/**
 * The one loop in which every server is asked. Tries again while no word of a reply has arrived; afterwards an error is
 * thrown and the caller keeps the part that was yielded, which is never repeated. Every try takes a permit of the
 * endpoint's limiter; what an overloaded server asks to wait is waited for there, so that nobody else asks it either.
 */
export function askPatiently<Dialect>(wire: Wire<Dialect>, asked: Asked, settings: RemoteSettings): Engine['reason'] {
  const { idleMilliseconds } = asked
  const clock = settings.clock ?? REAL_CLOCK
  const limiter = settings.limiter ?? createLimiter({ requests: Infinity }, clock)
  const tries = 1 + (settings.retries ?? 4)
  const estimate = createEstimate()
  let known = wire.dialect

  return async function* reason({ prompt }: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    let dialect = known
    /** What a reply without a word has cost. */
    let wasted = NO_USAGE
    let wasBlank = false
    let isAgain = false
    for (let tried = 1; ;) {
      const permit = await begin(limiter, estimate.of(prompt), signal, isAgain).catch(fail)
      const reader = wire.createReader(dialect)
      const blanks: EngineEvent[] = []
      let hasSpoken = false
      let trouble: Trouble
      try {
        for await (const event of askOnce(prompt, dialect, reader, permit, signal)) {
          if (event.type === 'finish' && event.reason === 'stop' && !hasSpoken && !wasBlank && tried < tries) {
            wasted = event.usage
            wasBlank = true
            throw new Trouble('unreadable', 'the reply is blank', { reason: 'blank' })
          }
          if (event.type === 'finish') {
            estimate.learn(event.usage)
            yield* blanks
            yield { ...event, usage: addUsage(wasted, event.usage) }
          } else if (hasSpoken || isWord(event)) {
            hasSpoken = true
            known = dialect
            yield* blanks.splice(0)
            yield event
          } else blanks.push(event)
        }
        return
      } catch (error) {
        if (!(error instanceof Trouble)) throw error
        trouble = error
        if (isOverloaded(trouble)) permit.refused(shortWait(trouble))
        if (hasSpoken) {
          const { usage, ...others } = reader.soFar()
          yield { type: 'broken-off', usage: addUsage(wasted, usage), ...others }
          fail(trouble)
        }
      } finally {
        permit.end(sum(reader.soFar().usage))
      }
      const other = wire.otherDialect(dialect, trouble)
      isAgain = true
      if (other !== null) dialect = other
      else if (tried >= tries || !mayAskAgain(trouble)) fail(trouble)
      else await waitAloud(trouble, ++tried, signal)
    }
  }

  /** One request. Whatever ends it, the connection is closed and nothing that has arrived is kept back. */
  async function* askOnce(
    prompt: string,
    dialect: Dialect,
    reader: ReplyReader,
    permit: Permit,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    const connection = new AbortController()
    try {
      let patience = 3 * idleMilliseconds
      const response = await watch(wire.send(prompt, dialect, connection.signal), patience, signal)
      if (response.headers !== null) permit.heard(response.headers)
      const chunks = response.chunks[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await watch(chunks.next(), patience, signal)
          if (next.done === true) break
          yield* reader.take(next.value)
          if (reader.hasBegun()) patience = idleMilliseconds
          if (reader.isFinished()) patience = Math.min(idleMilliseconds, LAST_CHUNK_MILLISECONDS)
        }
      } catch (error) {
        // Some servers leave the line open after the last word, or drop it: the reply is whole nevertheless.
        const isLate = error instanceof Trouble && (error.kind === 'stalled' || error.kind === 'cut')
        if (!isLate || !reader.isFinished()) throw error
      }
      const finish = reader.finish()
      yield* reader.rest()
      yield finish
    } catch (error) {
      if (error instanceof Trouble && error.headers !== null) permit.heard(error.headers)
      yield* reader.rest()
      throw error
    } finally {
      connection.abort()
    }
  }

  async function waitAloud(trouble: Trouble, next: number, signal: AbortSignal): Promise<void> {
    const wait = askedWait(trouble.headers, clock.now())
    if (wait !== null && wait > LONGEST_WAIT) throw explain(trouble, asked, wait)
    // An overloaded server is waited for in the limiter, which knows who else asks it.
    const own = isOverloaded(trouble) ? wait : waitBeforeTry(next - 1, wait, clock)
    settings.say?.(describeWait(trouble, asked, own, next, tries))
    if (isOverloaded(trouble)) return
    await clock.sleep(own ?? 0, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) fail(new Trouble('aborted', 'aborted'))
  }

  function shortWait(trouble: Trouble): number | null {
    const wait = askedWait(trouble.headers, clock.now())
    return wait === null || wait > LONGEST_WAIT ? null : wait
  }

  function fail(trouble: Trouble): never {
    throw explain(trouble, asked)
  }
}

/** @throws Trouble `aborted` */
async function begin(limiter: Limiter, tokens: number, signal: AbortSignal, isAgain: boolean): Promise<Permit> {
  try {
    return await limiter.begin(tokens, signal, isAgain)
  } catch (error) {
    if (!signal.aborted) throw error
    throw new Trouble('aborted', 'aborted')
  }
}

function isWord(event: EngineEvent): boolean {
  return (event.type === 'reasoning-delta' || event.type === 'answer-delta') && event.text.trim() !== ''
}

/** What a request may cost: its prompt, and what replies have taken so far in the mean. */
function createEstimate(): { of(prompt: string): number; learn(usage: Usage): void } {
  let replies = 0
  let tokens = 0
  return {
    of: (prompt) => estimateTokens(prompt) + (replies === 0 ? 0 : Math.round(tokens / replies)),
    learn({ output }) {
      if (output === null) return
      replies++
      tokens += output
    },
  }
}

/** All that one reply has cost; null where the server did not say. */
function sum({ input, output }: Usage): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0)
}
