import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './whygraph.ts'

const run = promisify(execFile)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-package-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', { timeout: 300_000 }, () => {
  it('installs elsewhere, and its whygraph works there: ingest, query, review', async () => {
    await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT })
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string
    writeFileSync(join(folder, 'package.json'), '{"name": "elsewhere", "private": true}')
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${archive}`], { cwd: folder })
    writeFileSync(
      join(folder, 'note.md'),
      '# Roles\n\nTevita Fonua leads Billing Operations.\n\nBrinetally replaces BRASS.\n',
    )
    const environment = { PATH: process.env['PATH'], HOME: folder }
    const whygraph = async (...args: string[]): Promise<string> => {
      const command = join(folder, 'node_modules/.bin/whygraph')
      // The shebang would take the machine's Node; whygraph says itself which it needs.
      const { stdout } = await run(process.execPath, [command, ...args], { cwd: folder, env: environment })
      return stdout
    }
    expect(await whygraph('--version')).toMatch(/^\d+\.\d+\.\d+/)
    const summary = JSON.parse(await whygraph('ingest', 'note.md', '--json')) as { links: number }
    expect(summary.links).toBeGreaterThan(0)
    expect(await whygraph('query', 'MATCH (a)-[r:LEADS]->(b) RETURN a.name, r.evidence[0]')).toMatch(/Tevita Fonua/)
    const { links } = JSON.parse(await whygraph('review', 'list', '--json')) as { links: { id: string }[] }
    expect(await whygraph('review', 'accept', links[0]?.id ?? '', '--reviewer', 'me')).toMatch(/saved/)
    // LangChain is the user's to install, so it is not there.
    const told = whygraph('doctor', '--engine', 'langchain', '--model', 'google:some-model')
    await expect(told).rejects.toMatchObject({
      code: 6,
      stdout: expect.stringMatching(/needs the package langchain, which is not installed: npm install langchain /),
    })
  })
})
