import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

let cwd: string
let id: string
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'whygraph-redo-'))
  writeFileSync(join(cwd, 'note.md'), 'Ana Ruiz leads the Billing Team.\n')
  await runHere(['ingest', 'note.md', '--store', 'kept'], { cwd })
  const { links } = parseJson<{ links: { id: string }[] }>(await review('list', '--json'))
  id = links[0]?.id ?? ''
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const review = (...args: string[]) => runHere(['review', ...args, '--store', 'kept'], { cwd })
const said = async (...args: string[]): Promise<string> => (await review(...args, '--reviewer', 'rita')).stdout

it('says what stands again, and what is taken back', async () => {
  const about = `${id.slice(0, 8)}  Ana Ruiz ──LEADS──▶ Billing Team`
  await said('reject', id, '--reason', 'duplicate')
  expect(await said('undo')).toMatch(/^took back the reject of rita at .*\(duplicate\), decision \w+, about\n/)
  const again = await said('redo')
  expect(again).toMatch(/^rejected again: the reject of rita at .*\(duplicate\), decision \w+, stands about\n/)
  expect(again).toContain(`\n${about}: rejected, revision 3  saved ✓\n`)
  const [{ id: redone } = { id: '' }] = parseJson<{ decisions: { id: string }[] }>(
    await review('log', '--json'),
  ).decisions
  // The record tells undo and redo apart, wherever it is read.
  const words = async (...args: string[]): Promise<(string | undefined)[]> =>
    [...(await said(...args)).matchAll(/rita(?:: {1}| {2})(\w+)/g)].map(([, word]) => word)
  expect(await words('log', '--about', id)).toEqual(['redo', 'undo', 'reject'])
  expect(await words('log', '--limit', '1')).toEqual(['redo'])
  expect(await words('show', id)).toEqual(['reject', 'undo', 'redo'])
  expect(await said('undo', redone)).toMatch(/^took back the redo of rita at/)
  expect(await words('log', '--limit', '1')).toEqual(['undo'])
  await said('skip', id)
  await said('undo')
  expect(await said('redo')).toMatch(/^skipped again: /)
})
