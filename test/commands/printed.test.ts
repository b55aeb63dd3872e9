import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../src/run-cli.ts'
import { whygraph } from '../whygraph.ts'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-printed-'))
  writeFileSync(join(folder, 'note.md'), 'Ana Ruiz leads the Billing Team.\n')
  await whygraph(['ingest', 'note.md'], { cwd: folder })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what is printed', () => {
  const body = 'body:\n  api_key: s3cretpass\n  nested: {token: s3cretpass}\n'
  const baseUrl = 'baseUrl: https://bob:s3cretpass@127.0.0.1:9/v1?key=s3cretpass&version=1\n'
  it.each([[[]], [['--json']]])('by doctor %j holds no secret of the settings', async (flags) => {
    const store = 'store: neo4j://bob:s3cretpass@127.0.0.1:9\n'
    writeFileSync(join(folder, 'doctor.yaml'), `engine: chat\nmodel: m\n${store}${baseUrl}${body}`)
    const { stdout, stderr } = await whygraph(['doctor', '--config', 'doctor.yaml', ...flags], { cwd: folder })
    expect(stdout + stderr).not.toMatch(/s3cretpass|bob/)
    expect(stdout).toContain('neo4j://127.0.0.1:9')
    expect(stdout).toContain('https://127.0.0.1:9/v1?key=…&version=…')
    expect(stdout).toMatch(/api_key[^]*nested/)
  })

  it('by a store without a password holds no login', async () => {
    const { stderr } = await whygraph(['status', '--store', 'neo4j://bob:s3cretpass@127.0.0.1:9'], { cwd: folder })
    expect(stderr).toMatch(/no password for neo4j:\/\/127\.0\.0\.1:9/)
  })
})

describe('query --format csv', () => {
  const args = ['query', '--format', 'csv', '--param', 'x=a\u001b[31mb', 'RETURN $x AS x']
  it('keeps what is stored where a program reads it', async () => {
    expect((await whygraph(args, { cwd: folder })).stdout).toBe('x\r\na\u001b[31mb\n')
  })

  it('lets nothing act on a terminal', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true })
    const stderr = new PassThrough()
    const signal = new AbortController().signal
    const surroundings = {
      cwd: folder,
      environment: {},
      stdout,
      stderr,
      stdin: new PassThrough(),
      signal,
      version: '0',
    }
    expect(await runCli(args, surroundings)).toBe(0)
    expect(String(stdout.read())).toBe('x\r\na‹U+001B›[31mb\n')
  })
})
