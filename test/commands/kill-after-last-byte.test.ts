import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdStore, killRound, startTimedServer, type TimedServer } from '../kill-rounds.ts'
import { parseJson, whygraph } from '../whygraph.ts'

let server: TimedServer
beforeAll(async () => {
  server = await startTimedServer(60, 1)
})
afterAll(() => server.close())

/**
 * Milliseconds before the kill from which on a reply that has left the server must be kept. The journal writes the end of
 * a reply at once; the rest is for the process to read it, on a machine that may be busy with other tests.
 */
const SAFE_AFTER = 250

describe('a process that is killed after the last byte of a reply', () => {
  it.each([0, 60, 400])(
    '%s ms: what it had kept is not asked for again, nor is what is old',
    { timeout: 120_000 },
    async (delay) => {
      const round = await killRound(server, { documents: 8, concurrency: 3, after: 2 + (delay % 4), delay })
      expect(round.askedAgain).toBe(8 - round.kept)
      if (delay > SAFE_AFTER) expect(round.delivered.some((age) => age >= SAFE_AFTER)).toBe(true)
      expect(round.lost.filter((age) => age >= SAFE_AFTER)).toEqual([])
      expect(round.supports).toEqual(Array.from({ length: 8 }, () => 1))
      expect(round.left).toEqual([])
    },
  )

  it('a store that takes nothing meanwhile loses only what is that new; without a journal, all', async () => {
    const round = { documents: 2, concurrency: 1, after: 1, delay: 400, isStoreHeld: true }
    const kept = await killRound(server, round)
    const lost = await killRound(server, { ...round, withoutJournal: true })
    expect(kept.delivered).toHaveLength(1)
    expect(kept).toMatchObject({ lost: [], askedAgain: 1, supports: [1, 1] })
    expect(lost.lost).toHaveLength(1)
  }, 120_000)

  it('keeps it even where the store could not take it', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-held-'))
    mkdirSync(join(folder, 'docs'))
    writeFileSync(join(folder, 'docs/a.md'), 'Ana Ruiz leads Team A.\n')
    const args = `ingest docs --engine chat --model r1 --base-url ${server.url} --json`.split(' ')
    server.replies.clear()
    // Somebody else holds the store from before the reply to after the kill.
    let store: DatabaseSync | undefined
    server.onAsked = () => (store = holdStore(join(folder, '.whygraph')))
    let kill: (signal: NodeJS.Signals) => void = () => {}
    const killed = whygraph(args, { cwd: folder, onStart: (stop) => (kill = stop) })
    while (!journaled(folder).includes('"finish"')) await pause(5)
    kill('SIGKILL')
    await killed
    store?.close()
    server.onAsked = () => {}
    const summary = parseJson<{ replies: object; links: number }>(await whygraph(args, { cwd: folder }))
    expect(summary).toMatchObject({ replies: { asked: 0, reused: 1 }, links: 1 })
    expect(server.replies.get('Ana Ruiz')).toHaveLength(1)
    expect(journaled(folder)).toBe('')
    rmSync(folder, { recursive: true })
  })
})

/** All that the journal of a project holds. */
function journaled(folder: string): string {
  const journal = join(folder, '.whygraph/replies')
  if (!existsSync(journal)) return ''
  const files = readdirSync(journal, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'))
  return files.map((name) => readFileSync(join(journal, name), 'utf8')).join('')
}
