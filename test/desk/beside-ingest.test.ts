import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eachStoreAtLength } from '../stores.ts'
import { whygraph } from '../whygraph.ts'
import { deskLine, HAS_TMUX, openTerminal, type TestTerminal } from './tmux.ts'

let folder: string
let terminal: TestTerminal | null = null
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-beside-'))
})
afterEach(() => {
  terminal?.close()
  terminal = null
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStoreAtLength('the desk beside an ingest', (open) => {
  it.skipIf(!HAS_TMUX)('shows what another process proposes meanwhile', { timeout: 180_000 }, async () => {
    const { store, address, environment } = await open()
    const ingest = async (name: string, text: string): Promise<void> => {
      writeFileSync(join(folder, name), text)
      const { code } = await whygraph(['ingest', name, '--store', address], { cwd: folder, environment })
      expect(code).toBe(0)
    }
    terminal = openTerminal(80, 24, folder)
    const { press, sees } = terminal
    const variables = Object.entries(environment).map(([name, value]) => `${name}='${value}'`)
    press(deskLine(address, '', variables.join(' ')), 'Enter')
    await sees('Nothing waits for a person now')
    await ingest('one.md', 'Ana Ruiz leads the Billing Team.\n')
    await sees(/ 1\/1 [^]*Ana Ruiz ──LEADS──▶/)
    await ingest('two.md', 'Tom Reed leads the Platform Team.\n')
    press('a')
    await sees(/ 2\/2 [^]*Tom Reed ──LEADS──▶[^]*accepted {2}saved ✓/)
    press('2')
    await sees(/Nothing waits[^]*rejected: wrong type {2}saved ✓/)
    press('q')
    await sees('2 decided, 0 skipped')
    const decisions = await store.decisions({ order: 'sequence' })
    expect(decisions.map(({ verdict, reason, order }) => [verdict, reason, order])).toEqual([
      ['accept', null, 'entity'],
      ['reject', 'wrong type', 'entity'],
    ])
  })
})
