import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { CLI, parseJson, whygraph } from '../whygraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-tables-full-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROWS = 15_000
/** Blocks of half a kilobyte, or of one: less than the tables take, and more than the rest of the store. */
const MOST_BLOCKS = 3000

describe.skipIf(process.platform === 'win32')('tables for which there is no room', () => {
  it('stop the ingest, and the next one registers them', { timeout: 240_000 }, async () => {
    mkdirSync(join(folder, 'docs'))
    // Nothing that could be kept in less room.
    const rows = Array.from({ length: ROWS }, (_, row) => `${row},${randomBytes(300).toString('base64')}`)
    writeFileSync(join(folder, 'docs/big.csv'), `id,seal\n${rows.join('\n')}\n`)
    const args = ['ingest', 'docs', '--engine', 'rules', '--store', 'store', '--json']
    const program = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ')
    const script = `( ulimit -f ${MOST_BLOCKS}; ${program} >out 2>err; echo $? >code )`
    await promisify(execFile)('/bin/sh', ['-c', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
    })
    expect(readFileSync(join(folder, 'code'), 'utf8').trim()).toBe('6')
    // Nothing was done that could be summed up.
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('')
    const said = readFileSync(join(folder, 'err'), 'utf8').trimEnd().split('\n').at(-1) as string
    expect(JSON.parse(said)).toMatchObject({ error: { code: 'disk-full', hint: expect.stringContaining('quota') } })
    const after = await whygraph(args, { cwd: folder })
    expect(after).toMatchObject({ code: 0 })
    expect(parseJson<IngestSummary>(after)).toMatchObject({ documents: { new: 1 }, tables: 1 })
    const count = await whygraph(['sql', 'SELECT count(*) AS n FROM big', '--store', 'store', '--json'], {
      cwd: folder,
    })
    expect(count.stdout).toContain(String(ROWS))
  })
})
