import type { Usage } from '../../model/reply.ts'
import { estimateTokens } from '../../model/tokens.ts'
import type { Engine, EngineEvent, EngineRequest } from '../engine.ts'
import { addUsage, isCounted, NO_USAGE } from '../engine.ts'
import { createLimiter, type Limiter, LONGEST_WAIT, NoRoom, type Permit } from '../limiter.ts'
import { type Asked, describeWait, explain, isOverloaded, mayAskAgain, mayCost } from './failure.ts'
import { hearTogether } from './hear-together.ts'
import type { RemoteSettings } from './remote-settings.ts'
import { askedWait, REAL_CLOCK, waitBeforeTry } from './retry.ts'
import { Trouble } from './trouble.ts'
import { createWatch, formatSeconds } from './watch.ts'
import type { ReplyReader, SoFar, Wire } from './wire.ts'

/** The answer is complete, and only its usage may still come: a server that is silent now has hung up. */
const LAST_CHUNK_MILLISECONDS = 10_000
/** While the endpoint is overloaded, it is said no more often than this. */
const SAID_AGAIN_MILLISECONDS = 60_000

/** What has become of one request so far, over all tries. */
interface Story {
  soFar: SoFar
  hasSpoken: boolean
  mayCost: boolean
  /** When it was first refused by an overloaded server. */
  refusedAt: number | null
}

/**
 * The one loop in which every server is asked. Tries again while no word of a reply has arrived; afterwards an error is
 * thrown and the caller keeps the part that was yielded, which is never repeated. Every try takes a permit of the
 * endpoint's limiter; what an overloaded server asks to wait is waited for there, so that nobody else asks it either.
 * An overloaded server is asked again for ten minutes, however often that is; the tries are for all else.
 */
export function askPatiently<Dialect>(wire: Wire<Dialect>, asked: Asked, settings: RemoteSettings): Engine['reason'] {
  const { idleMilliseconds } = asked
  const clock = settings.clock ?? REAL_CLOCK
  const limiter = settings.limiter ?? createLimiter({ requests: Infinity }, clock)
  const tries = 1 + (settings.retries ?? 4)
  const estimate = createEstimate()
  let known = wire.dialect
  let saidAt = -Infinity

  return async function* reason({ prompt }: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    const soFar: SoFar = { usage: NO_USAGE, model: asked.model, traceKind: 'none' }
    const story: Story = { soFar, hasSpoken: false, mayCost: false, refusedAt: null }
    try {
      yield* tryUntilSpoken(prompt, signal, story)
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      if (story.hasSpoken || isCounted(story.soFar.usage)) yield { type: 'broken-off', ...story.soFar }
      const isInVain = story.refusedAt !== null && limiter.refusingFor >= LONGEST_WAIT
      throw explain(error, asked, { wait: longWait(error), mayCost: story.mayCost, isInVain })
    }
  }

  /** @throws Trouble */
  async function* tryUntilSpoken(prompt: string, signal: AbortSignal, story: Story): AsyncGenerator<EngineEvent> {
    let dialect = known
    for (let tried = 1, isAgain = false; ; isAgain = true) {
      const permit = await begin(limiter, estimate.of(prompt), signal, isAgain, sayWait)
      const reader = wire.createReader(dialect)
      const blanks: EngineEvent[] = []
      let trouble: Trouble
      try {
        for await (const event of askOnce(prompt, dialect, reader, permit, signal)) {
          if (event.type === 'finish') {
            estimate.learn(event.usage)
            yield* blanks
            yield { ...event, usage: addUsage(story.soFar.usage, event.usage) }
          } else if (story.hasSpoken || isWord(event)) {
            story.hasSpoken = true
            known = wire.lasting?.(dialect) ?? dialect
            yield* blanks.splice(0)
            yield event
          } else blanks.push(event)
        }
        return
      } catch (error) {
        if (!(error instanceof Trouble)) throw error
        trouble = error
        if (isOverloaded(trouble)) permit.refused(shortWait(trouble))
        if (mayCost(trouble)) story.mayCost = true
        const { usage, ...others } = reader.soFar()
        story.soFar = { usage: addUsage(story.soFar.usage, usage), ...others }
        if (story.hasSpoken) throw trouble
      } finally {
        permit.end(sum(reader.soFar().usage))
      }
      const other = wire.otherDialect(dialect, trouble)
      if (other !== null) {
        dialect = other
        continue
      }
      if (!mayAskAgain(trouble) || longWait(trouble) !== null) throw trouble
      if (isOverloaded(trouble)) beTurnedAway(trouble, story)
      else if (tried >= tries) throw trouble
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
    const watch = createWatch(signal)
    let isOpen = true
    try {
      let patience = 3 * idleMilliseconds
      const response = await watch.over(wire.send(prompt, dialect, connection.signal), patience)
      if (response.headers !== null) permit.heard(response.headers)
      const chunks = response.chunks[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await watch.over(chunks.next(), patience)
          if (next.done === true) break
          yield* hearTogether(next.value, reader)
          if (reader.hasBegun()) patience = idleMilliseconds
          if (reader.isFinished()) patience = Math.min(idleMilliseconds, LAST_CHUNK_MILLISECONDS)
        }
        isOpen = false
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
      watch.end()
      if (isOpen) connection.abort()
    }
  }

  async function waitAloud(trouble: Trouble, next: number, signal: AbortSignal): Promise<void> {
    const wait = waitBeforeTry(next - 1, askedWait(trouble.headers, clock.now()), clock)
    settings.say?.(`${describeWait(trouble, asked, wait)}, then try ${next} of ${tries}`)
    await clock.sleep(wait, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) throw new Trouble('aborted', 'aborted')
  }

  /** The next try waits in the limiter, which knows who else asks. @throws the trouble, where that was long enough */
  function beTurnedAway(trouble: Trouble, story: Story): void {
    const now = clock.now()
    story.refusedAt ??= now
    if (now - story.refusedAt >= LONGEST_WAIT) throw trouble
    if (now - saidAt < SAID_AGAIN_MILLISECONDS) return
    saidAt = now
    settings.say?.(describeWait(trouble, asked, shortWait(trouble)))
  }

  function sayWait(milliseconds: number): void {
    const { endpoint } = asked
    settings.say?.(endpoint.redact(`${endpoint.host}: its limits are reached; waiting ${formatSeconds(milliseconds)}`))
  }

  function shortWait(trouble: Trouble): number | null {
    return longWait(trouble) === null ? askedWait(trouble.headers, clock.now()) : null
  }

  /** Milliseconds, where the server wants us to come back so late that nobody waits for it. */
  function longWait(trouble: Trouble): number | null {
    const wait = mayAskAgain(trouble) ? askedWait(trouble.headers, clock.now()) : null
    return wait !== null && wait > LONGEST_WAIT ? wait : null
  }
}

/** @throws Trouble `aborted`; `refused`, where the endpoint has said that there is no room for a long time */
async function begin(
  limiter: Limiter,
  tokens: number,
  signal: AbortSignal,
  isAgain: boolean,
  onWait: (milliseconds: number) => void,
): Promise<Permit> {
  try {
    return await limiter.begin(tokens, signal, isAgain, onWait)
  } catch (error) {
    if (error instanceof NoRoom) {
      const headers = new Map([['retry-after-ms', String(error.wait)]])
      throw new Trouble('refused', 'its headers say that its limits are reached', { reason: 'rate_limit', headers })
    }
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
