import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CopyReport } from '../../src/commands/copy.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import type { Comparison } from '../../src/store/compare.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'
import { SAMPLE } from '../recorded.ts'
import { eachStore } from '../stores.ts'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-copy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStore('whygraph copy', (open, kind) => {
  it('takes the sample with its decisions and tables there and back', { timeout: 600_000 }, async () => {
    const { store, address, environment } = await open()
    const tables = { WHYGRAPH_TABLES_TO: join(folder, `${kind}.duckdb`) }
    const run = (args: string[], more: Readonly<Record<string, string>> = {}) =>
      runHere(args, { cwd: folder, environment: { ...environment, ...more } })
    const [first, last] = [join(folder, `${kind}-first`), join(folder, `${kind}-last`)]
    await run(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', first])
    const links = parseJson<{ links: { id: string }[] }>(
      await run(['review', 'list', '--json', '--store', first]),
    ).links
    for (const [index, verdict] of ['accept', 'reject', 'accept'].entries())
      await run(['review', verdict, String(links[index]?.id), '--reviewer', 'rita', '--store', first])

    const there = await run(['copy', '--from', first, '--to', address, '--json'], tables)
    expect([there.code, there.stderr]).toEqual([0, expect.stringContaining('copy: ')])
    const report = parseJson<CopyReport>(there)
    expect(report).toMatchObject({ version: 1, passes: 2, changed: 0, removed: 0, resumed: false, tables: 'copied' })
    const repeated = await run(['copy', '--from', first, '--to', address], tables)
    expect(repeated).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    const back = await run(['copy', '--from', address, '--to', last], {
      WHYGRAPH_TABLES_FROM: tables.WHYGRAPH_TABLES_TO,
    })
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining(`copied  ${report.added} nodes`)])

    for (const other of [address, last]) {
      const compared = await run(['doctor', '--store', first, '--compare', other], {
        WHYGRAPH_TABLES_COMPARE: other === last ? '' : tables.WHYGRAPH_TABLES_TO,
      })
      const expected = /\(:Decision\) +3\n[^]*\n +tables +1 with 12 rows\nequal\n$/
      expect([compared.code, compared.stdout]).toEqual([0, expect.stringMatching(expected)])
    }
    for (const opened of [store, new Store(await openLocalDatabase(last), derivation)]) {
      const postings = await opened.names.lookUp(['Person|name=tevita fonua'])
      expect([...postings.values()]).toMatchObject([{ count: 1, things: [{ names: ['Tevita Fonua', 'Tevita'] }] }])
      if (opened !== store) await opened.close()
    }
    const verified = await run(['review', 'log', '--verify', '--store', last])
    expect(verified.code).toBe(0)
    const counted = ['sql', 'SELECT count(*) AS tables FROM information_schema.tables', '--format', 'csv']
    expect((await run([...counted, '--store', last])).stdout).toBe((await run([...counted, '--store', first])).stdout)

    await run(['review', 'undo', '--reviewer', 'rita', '--store', last])
    const differing = await run(['doctor', '--store', first, '--compare', last, '--json'])
    expect(differing.code).toBe(1)
    const changed = parseJson<Comparison>(differing).differences.map(({ name }) => name)
    expect(changed).toEqual(expect.arrayContaining(['Decision', 'Chain', 'Link', 'DECIDES']))

    const again = await run(['copy', '--from', first, '--to', last])
    expect([again.code, again.stderr]).toEqual([
      5,
      expect.stringMatching(/was copied from .*first before.*Decision 1 only in the target/),
    ])
    const other = join(folder, `${kind}-other`)
    await run(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', other])
    const onto = await run(['copy', '--from', first, '--to', other])
    expect([onto.code, onto.stderr]).toEqual([5, expect.stringContaining('is not empty')])
  })
})

it('says what is wrong before anything is made', { timeout: 60_000 }, async () => {
  const [none, same] = [join(folder, 'none'), join(folder, 'same')]
  expect((await runHere(['copy', '--from', none, '--to', same])).code).toBe(3)
  await runHere(['ingest', join(SAMPLE, 'job.yaml'), '--store', same])
  const onto = await runHere(['copy', '--from', same, '--to', same])
  expect([onto.code, onto.stderr]).toEqual([2, expect.stringContaining('Name two stores')])
  expect((await runHere(['copy', '--from', same])).code).toBe(2)
})

it('says of two stores where their sources are named otherwise', { timeout: 60_000 }, async () => {
  for (const name of ['mine', 'yours', 'hers/mine']) {
    const cwd = join(folder, name)
    mkdirSync(cwd, { recursive: true })
    writeFileSync(join(cwd, 'a.md'), 'Ana Ruiz leads the Billing team.\n')
    expect((await runHere(['ingest', 'a.md'], { cwd })).code).toBe(0)
  }
  const compare = (other: string) =>
    runHere(['doctor', '--store', join(folder, 'mine/.whygraph'), '--compare', join(folder, other, '.whygraph')])
  expect(await compare('yours')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('sources  named otherwise: mine in one, yours in the other'),
  })
  expect((await compare('hers/mine')).stdout).not.toContain('sources')
})
