import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

let cwd: string
let id: string
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'whygraph-errors-'))
  writeFileSync(join(cwd, 'note.md'), 'Ana Ruiz leads the Billing Team.\n')
  await runHere(['ingest', 'note.md'], { cwd })
  const { links } = parseJson<{ links: { id: string }[] }>(await runHere(['review', 'list', '--json'], { cwd }))
  id = links[0]?.id ?? ''
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

it('tells what was refused as one object, the last line of stderr, in whatever command', async () => {
  for (const [exitCode, kind, code, ...args] of [
    [2, 'usage', 'bad-where', 'review', 'list', '--where', 'kind=x'],
    [2, 'usage', 'unknownOption', 'status', '--nonsense'],
    [2, 'usage', 'missingArgument', 'show'],
    [2, 'usage', 'no-terminal', 'review'],
    [3, 'not-found', 'unknown-id', 'show', 'zzzzzzzzzz'],
    [4, 'conflict', 'revision-moved', 'review', 'accept', id, '--expect-rev', '7', '--reviewer', 'rita'],
    [5, 'refused', 'nothing-to-fix', 'review', 'fix', id, '--type', 'LEADS', '--reviewer', 'rita'],
    [5, 'refused', null, 'query', 'CREATE (x) RETURN x'],
  ] as const) {
    const { code: ended, stderr } = await runHere([...args, '--json'], { cwd })
    const what = args.join(' ')
    expect(ended, what).toBe(exitCode)
    const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }
    expect(error, what).toMatchObject({
      kind,
      exitCode,
      message: expect.any(String),
      ...(code === null ? {} : { code }),
    })
    // For people it is words, as ever.
    const told = await runHere(args, { cwd })
    expect(told.code, what).toBe(exitCode)
    expect(told.stderr, what).toMatch(/^(?:.*\n)*error: /)
    expect(told.stderr, what).not.toContain('{"error"')
  }
})
