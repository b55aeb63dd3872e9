import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { runHere } from '../run-here.ts'
import { parseJson, ROOT, type Finished } from '../whygraph.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-job-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

const run = (args: readonly string[], input?: string): Promise<Finished> =>
  runHere(args, { cwd: folder, ...(input === undefined ? {} : { input }) })

async function rowsOf(cypher: string): Promise<unknown[][]> {
  return parseJson<{ rows: unknown[][] }>(await run(['query', cypher, '--json'])).rows
}

describe('ingest --job', { timeout: 60_000 }, () => {
  test('reads its sources by their own rules', async () => {
    put('minutes/2025-03-18 board.txt', 'Ana Ruiz leads Project Heron.')
    put('minutes/drafts/x.txt', 'Nobody should read this draft.')
    put('minutes/secret.txt', 'Nor this one.')
    put('minutes/.gitignore', 'secret.txt\n')
    put('listed/one.md', '# One\n\nBo Lindqvist works for Acme.')
    put(
      'loader.mjs',
      `export class Loader {
      constructor(options) { this.options = options }
      async load() { return [{ pageContent: this.options.text, metadata: { source: 'wiki/page', title: 'From the wiki' } }] }
    }`,
    )
    put(
      'jobs/all.yaml',
      `
sources:
  - name: minutes
    folder: ../minutes
    exclude: ['drafts/**']
    date: path
    language: en-GB
    labels: [board, internal]
  - name: listed
    list: '-'
    kind: chat
    date: none
  - name: wiki
    loader: ../loader.mjs
    options: { text: { env: WIKI_TEXT } }
`,
    )
    const finished = await runHere(['ingest', '--job', 'jobs/all.yaml', '--json'], {
      cwd: folder,
      input: 'listed/one.md\nlisted/not-there.md\n',
      environment: { WIKI_TEXT: 'Chen Wei works for Acme.' },
    })
    expect(finished.code).toBe(1)
    const summary = parseJson<IngestSummary>(finished)
    expect(summary).toMatchObject({ documents: { new: 3, failed: 1 }, leftOut: { ignored: 1, excluded: 1 } })
    expect(summary.notes.find((note) => note.code === 'file-failed')?.where).toContain('not-there.md')
    const documents = await rowsOf(
      'MATCH (d:Document) RETURN d.source, d.path, d.kind, d.date, d.language, d.labels ORDER BY d.source',
    )
    expect(documents).toEqual([
      ['listed', '../listed/one.md', 'chat', null, null, null],
      ['minutes', '2025-03-18 board.txt', 'document', '2025-03-18', 'en-GB', ['board', 'internal']],
      ['wiki', 'wiki/page', 'document', null, null, null],
    ])
    const again = parseJson<IngestSummary>(
      await runHere(['ingest', '--job', 'jobs/all.yaml', '--json'], {
        cwd: folder,
        environment: { WIKI_TEXT: 'Chen Wei works for Acme.' },
      }),
    )
    expect(again).toMatchObject({ documents: { new: 0, changed: 0, unchanged: 2 }, replies: { asked: 0 } })
  })

  test('what is wrong with a job is said before anything is read, and no secret with it', async () => {
    const cases: [job: string, message: RegExp][] = [
      ['sources:\n  - name: a\n    foldr: x\n', /jobs\/bad\.yaml.*foldr.*folder/s],
      ['sources:\n  - name: a\n    folder: x\n    engine: { engine: nothing }\n', /engine .*source a/s],
      ['sources:\n  - name: a\n    folder: x\n    schema: none.yaml\n', /none\.yaml cannot be read/],
      [
        "sources:\n  - name: a\n    loader: '@langchain/community/document_loaders/web/confluence'\n",
        /npm install @langchain\/community/,
      ],
      ['sources:\n  - name: a\n    loader: ../loader.mjs\n    options: { text: { env: NOT_SET } }\n', /NOT_SET/],
      ['sources:\n  - name: a\n    folder: nowhere\n', /nowhere/],
    ]
    for (const [job, message] of cases) {
      put('jobs/bad.yaml', job)
      const { code, stderr } = await run(['ingest', '--job', 'jobs/bad.yaml', '--store', 'other'])
      expect(code, stderr).toBe(2)
      expect(stderr).toMatch(message)
    }
    expect((await run(['ingest', '--job', 'jobs/none.yaml'])).code).toBe(2)
    expect((await run(['ingest', '--job', 'jobs/all.yaml', 'minutes'])).code).toBe(2)
    expect((await run(['ingest'])).code).toBe(2)
  })
})

describe('tables on the command line', { timeout: 60_000 }, () => {
  test('are queried, their mapping accepted and undone, their rows opened', async () => {
    const store = ['--store', join(folder, 'tables')]
    const services = join(ROOT, 'fixtures/tables/services.csv')
    expect((await run(['ingest', services, ...store])).stdout).toMatch(/tables +1 registered/)
    const { stdout } = await run([
      'sql',
      'SELECT owner, sum(monthly_cost) AS cost FROM services GROUP BY 1 ORDER BY 1',
      '--format',
      'csv',
      ...store,
    ])
    expect(stdout).toBe('owner,cost\r\nIdris Bello,1890\r\nMarit Holm,489.7\r\nOona Varga,640\n')
    expect(await run(['sql', 'DROP VIEW services', ...store])).toMatchObject({ code: 5 })

    const { links } = parseJson<{ links: StoredLink[] }>(await run(['review', 'list', '--json', ...store]))
    const mapping = links.find((link) => link.mapsFrom !== null) as StoredLink
    expect((await run(['show', mapping.id, ...store])).stdout).toContain(
      'in every row, the Person in owner OWNS the System in service',
    )
    const accepted = await run(['review', 'accept', mapping.id, '--reviewer', 'rita', ...store])
    expect(accepted.stderr).toMatch(/rows of .*services\.csv: \d links? new/)
    const places = 'MATCH (:Person {name: "Oona Varga"})-[r:OWNS]->(:System {name: "Kelpline"}) RETURN r.places'
    const [[found]] = parseJson<{ rows: [[string[]]] }>(await run(['query', places, '--json', ...store])).rows
    const place = found.find((one) => one.includes('column owner')) as string
    expect((await run(['show', place, ...store])).stdout).toMatch(
      /row 5 .*\n service +Kelpline\n owner +Oona Varga\n team +Logistics/,
    )
    expect((await run(['show', 'nothing.csv row 3', ...store])).code).toBe(3)
    const undone = await run(['review', 'undo', mapping.id, '--reviewer', 'rita', ...store])
    expect(undone.stderr).toContain('not read any more')
  })

  test('names of rows are resolved with the command that accepts their mapping', async () => {
    const store = ['--store', join(folder, 'named-rows')]
    put('owners.csv', 'service,owner,team\nBilling,Bartholomew Okafor,Money\nLedger,B. Okafor,Money\n')
    expect((await run(['ingest', 'owners.csv', ...store])).code).toBe(0)
    const linksOf = async (...args: string[]) =>
      parseJson<{ links: StoredLink[] }>(await run(['review', 'list', '--json', ...args, ...store])).links
    const mapping = (await linksOf()).find((link) => link.mapsFrom !== null) as StoredLink
    expect(await linksOf('--type', 'SAME_AS')).toEqual([])
    await run(['review', 'accept', mapping.id, '--reviewer', 'rita', ...store])
    const [same] = await linksOf('--type', 'SAME_AS')
    expect([same?.subject, same?.object].toSorted()).toEqual(['B. Okafor', 'Bartholomew Okafor'])
    await run(['review', 'undo', mapping.id, '--reviewer', 'rita', ...store])
    expect(await linksOf('--type', 'SAME_AS')).toEqual([])
  })

  test('without tables the error says how to come by some', async () => {
    const { code, stderr } = await run(['sql', 'SELECT 1', '--store', join(folder, 'no-tables')])
    expect(code).toBe(2)
    expect(stderr).toContain('whygraph ingest')
  })
})

describe('--ocr', { timeout: 60_000 }, () => {
  const scan = join(ROOT, 'fixtures/ingest/pdf/scanned-page/scan-only.pdf')

  test('a scan fails by name, and a command may supply its text, page by page', async () => {
    const store = ['--store', join(folder, 'scans')]
    const refused = await run(['ingest', scan, ...store])
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/scan-only\.pdf: no text layer/)
    put(
      'ocr.mjs',
      `import { readFileSync } from 'node:fs'
if (!readFileSync(process.argv[2]).toString('latin1').startsWith('%PDF')) process.exit(3)
process.stdout.write('Ana Ruiz leads Project Heron.\\f\\nBo Lindqvist works for Acme.\\f')\n`,
    )
    const read = await run(['ingest', scan, '--ocr', `${process.execPath} ocr.mjs {}`, ...store])
    expect(read.code, read.stdout).toBe(0)
    const { rows } = parseJson<{ rows: unknown[][] }>(
      await run(['query', 'MATCH (a)-[r:WORKS_FOR]->(b) RETURN a.name, b.name, r.places[0]', '--json', ...store]),
    )
    expect(rows).toEqual([['Bo Lindqvist', 'Acme', expect.stringMatching(/scan-only\.pdf p\. 2 l\. 1$/)]])
  })

  test('a command that fails, or is not there, costs the file', async () => {
    const store = ['--store', join(folder, 'scans2')]
    const failed = await run(['ingest', scan, '--ocr', 'false', ...store])
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stdout).toMatch(/the OCR command failed \(exit code 1\)/)
    const missing = await run(['ingest', scan, '--ocr', 'no-such-command-here', ...store])
    expect(missing).toMatchObject({ code: 1 })
    expect(missing.stdout).toContain("the OCR command 'no-such-command-here' cannot be run (ENOENT)")
  })
})
