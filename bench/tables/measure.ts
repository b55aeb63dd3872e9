import { DuckDBInstance } from '@duckdb/node-api'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watch } from '../watch.ts'

/**
 * `npm run bench:tables [-- FILES ROWS]`: a job of many CSV files, registered and profiled by `whygraph ingest`; once
 * more, when nothing has changed; and, for comparison in the same run, DuckDB alone: its own CSV reader and SUMMARIZE,
 * one table a file, no graph.
 */
const [files = 2000, rows = 1000] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-tables-'))
const data = join(folder, 'data')
mkdirSync(data)
for (let file = 0; file < files; file += 1) writeFileSync(join(data, `table${file}.csv`), generate(file))
const megabytes = (files * statSync(join(data, 'table0.csv')).size) / 1e6

const cli = join(import.meta.dirname, '../../src/cli.ts')
const ingest = () =>
  watch(process.execPath, [cli, 'ingest', data, '--store', join(folder, 'store'), '--json'], { cwd: folder })
const first = await ingest()
const again = await ingest()
const alone = await duckdbAlone()

const told = (text: string): unknown => {
  const { documents, tables, replies } = JSON.parse(text) as Record<string, unknown>
  return { documents, tables, replies }
}
process.stdout.write(
  `${JSON.stringify(
    {
      files,
      rows,
      megabytes: round(megabytes),
      ingest: { seconds: round(first.seconds), peakMegabytes: round(first.peak ?? 0), told: told(first.stdout) },
      again: { seconds: round(again.seconds), peakMegabytes: round(again.peak ?? 0), told: told(again.stdout) },
      duckdbAlone: { seconds: round(alone) },
      ratio: round(first.seconds / alone),
    },
    null,
    2,
  )}\n`,
)
rmSync(folder, { recursive: true, force: true })

function generate(file: number): string {
  const lines = ['id,owner,service,since,cost,active,note']
  for (let row = 0; row < rows; row += 1)
    lines.push(
      `${file * rows + row},Person ${'ABCDEFGHIJ'[row % 10]} Name${row % 40},Service ${row % 250},2025-${String((row % 12) + 1).padStart(2, '0')}-11,${(row * 1.37).toFixed(2)},${row % 3 === 0},"Note ${row}, with a comma"`,
    )
  return `${lines.join('\n')}\n`
}

async function duckdbAlone(): Promise<number> {
  const started = performance.now()
  const instance = await DuckDBInstance.create(join(folder, 'alone.duckdb'), { threads: '2' })
  const connection = await instance.connect()
  for (let file = 0; file < files; file += 1) {
    await connection.run(`CREATE TABLE t${file} AS SELECT * FROM read_csv('${join(data, `table${file}.csv`)}')`)
    await connection.runAndReadAll(`SUMMARIZE t${file}`)
  }
  connection.closeSync()
  instance.closeSync()
  return (performance.now() - started) / 1000
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}
