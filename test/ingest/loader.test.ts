import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readJobFile, type LoaderSource } from '../../ingest/job/job-file.ts'
import { loadDocuments, type LoadedDocument, type LoaderOptions } from '../../ingest/loader.ts'
import { findModule } from '../../ingest/loader/find-module.ts'
import { packageMissingBy } from '../../src/find-package.ts'
import { resolveSecrets } from '../../ingest/loader/secrets.ts'
import type { InputError } from '../../src/model/errors.ts'
import { expectWellFormed } from './well-formed.ts'

const jobs = join(import.meta.dirname, '../../fixtures/jobs')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-loader-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function sourceOf(yaml: string, base = jobs): LoaderSource {
  const [source] = readJobFile(`sources:\n  - {name: wiki, ${yaml}}\n`, join(base, 'job.yaml')).sources
  if (source?.from !== 'loader') throw new Error('no loader')
  return source
}

interface Loaded {
  readonly documents: LoadedDocument[]
  readonly unread: string[]
  readonly error: InputError | null
}

async function load(yaml: string, options: Partial<LoaderOptions> & { base?: string } = {}): Promise<Loaded> {
  const documents: LoadedDocument[] = []
  const unread: string[] = []
  const onUnread = (path: string, error: InputError): number => unread.push(`${path} ${error.code}`)
  try {
    const source = sourceOf(yaml, options.base)
    for await (const document of loadDocuments(source, { environment: {}, onUnread, ...options })) {
      expectWellFormed(document.parsed)
      documents.push(document)
    }
  } catch (error) {
    return { documents, unread, error: error as InputError }
  }
  return { documents, unread, error: null }
}

describe('loadDocuments', () => {
  test('a class of the user, with a key from the environment', async () => {
    const environment = { WIKI_TOKEN: 'open sesame' }
    const wiki = 'loader: ./loaders/wiki.mjs, format: markdown, options: {spaceKey: HR, accessToken: {env: WIKI_TOKEN}}'
    const { documents, error } = await load(wiki, { environment })
    expect(error).toBeNull()
    expect(documents.map((document) => document.path)).toEqual([
      'wiki.teal.example/display/HR/Who does what?pageId=7',
      '12',
    ])
    const [first, second] = documents.map((document) => document.parsed)
    expect(first).toMatchObject({
      title: 'Who does what',
      date: '2025-04-02',
      mediaType: 'text/markdown',
      kind: 'document',
    })
    expect(first?.metadata).toMatchObject({ status: 'current', version: '3', labels: ['people', 'harbour'] })
    expect(first?.metadata).toMatchObject({ seenWith: '‹WIKI_TOKEN›' })
    expect(first?.metadata).not.toHaveProperty('body')
    expect(first?.units.map((unit) => [unit.kind, unit.place, first.text.slice(unit.start, unit.end)])).toEqual([
      ['heading', { line: 1 }, 'Who does what'],
      ['sentence', { line: 3 }, 'Ana Ruiz leads the harbour team.'],
      ['item', { line: 5 }, 'Omar Lind checks the lorries'],
    ])
    expect(second).toMatchObject({ title: '12', date: null })
    expect(Buffer.from(documents[1]?.bytes ?? []).toString()).toBe('Lorries are blue.\n\nThey run at night.')
  })

  test('a key is never in an error, neither in its message nor in what caused it', async () => {
    const wiki = 'loader: ./loaders/wiki.mjs, options: {accessToken: {env: WIKI_TOKEN}}'
    const { error } = await load(wiki, { environment: { WIKI_TOKEN: 'wrong sesame' } })
    expect(error).toMatchObject({
      name: 'InputError',
      code: 'loader-failed',
      message: 'source wiki: the loader ./loaders/wiki.mjs failed: 401: the token ‹WIKI_TOKEN› is not known',
    })
    const { message, stack } = (error as InputError).cause as Error
    expect(`${message} ${stack ?? ''}`).not.toContain('sesame')
    expect(stack).toContain('wiki.mjs')
  })

  test('a variable that is not set is named, wherever it stands', async () => {
    const yaml = 'loader: ./loaders/wiki.mjs, options: {login: [{user: ana}, {token: {env: WIKI_TOKEN}}]}'
    for (const environment of [{}, { WIKI_TOKEN: '' }, Object.create({ WIKI_TOKEN: 'inherited' }) as object])
      expect((await load(yaml, { environment: environment as Record<string, string> })).error).toMatchObject({
        name: 'UsageError',
        code: 'missing-variable',
        message: 'source wiki: options.login[2].token: the variable WIKI_TOKEN is not set',
      })
  })

  test('what came before a loader fails is kept; pages are places', async () => {
    const { documents, error } = await load('loader: ./loaders/stream.mjs')
    expect(documents.map((document) => document.path)).toEqual(
      [1, 2, 3].map((page) => expect.stringMatching(new RegExp(`(^|/)srv/lorries\\.txt#page=${page}$`)) as string),
    )
    expect(documents[1]?.parsed.units[0]?.place).toEqual({ page: 2, line: 1 })
    expect(error).toMatchObject({
      code: 'loader-failed',
      message: 'source wiki: the loader ./loaders/stream.mjs failed: the line was cut',
    })
    expect((await load('loader: ./loaders/stream.mjs, options: {upTo: 1}')).documents).toHaveLength(1)
  })

  test('lazyLoad goes before load; arguments before options; one path for each', async () => {
    const lazy = 'loader: ./loaders/lazy.mjs, export: LazyLoader, arguments: [data/a.csv], options: {owner: Ana}'
    const { documents, error } = await load(lazy)
    expect(error).toBeNull()
    expect(documents.map(({ path, parsed }) => [path, parsed.text])).toEqual([
      ['data/a.csv', 'data/a.csv of Ana'],
      ['data/a.csv#2', 'Two of Ana'],
    ])
  })

  test('a module in CommonJS; dates as numbers', async () => {
    const { documents, error } = await load('loader: ./loaders/common.cjs')
    expect(error).toBeNull()
    expect(documents.map(({ path, parsed }) => [path, parsed.date])).toEqual([['common.txt', '2025-04-02']])
  })

  test('parts of a text keep its lines', async () => {
    write(
      'parts.mjs',
      `export default () => [{pageContent: 'a one.\\n\\nb two.', metadata: {loc: {lines: {from: 7, to: 9}}}}]`,
    )
    const { documents } = await load('loader: ./parts.mjs', { base: folder })
    expect(documents[0]?.parsed.units.map((unit) => unit.place)).toEqual([{ line: 7 }, { line: 9 }])
  })

  test('what is no document costs itself only, and no path is unsafe or used twice', async () => {
    const { documents, unread, error } = await load('loader: ./loaders/odd.mjs')
    expect(error).toBeNull()
    expect(unread).toEqual(['item 1 loader-item', 'item 2 loader-item', 'blank empty-file', 'item 5 loader-item'])
    const paths = documents.map((document) => document.path)
    expect(paths).toEqual([
      'item',
      'etc/passwd',
      'a b/c',
      'item#2',
      expect.stringMatching(/^….{990,}x\/end$/),
      'twin',
      'twin#2',
      'twin#3',
      'twin#4',
    ])
    expect(documents[2]?.parsed.title).toBe('T [31m')
  })

  test('stops when told, even where the loader hangs', async () => {
    const controller = new AbortController()
    const found: string[] = []
    const read = async (): Promise<void> => {
      for await (const { path } of loadDocuments(sourceOf('loader: ./loaders/hangs.mjs'), {
        environment: {},
        signal: controller.signal,
      })) {
        found.push(path)
        setTimeout(() => controller.abort(), 20)
      }
    }
    await expect(read()).rejects.toThrow(/abort/i)
    expect(found).toEqual(['one'])
  })

  test('a loader is closed when nobody wants more', async () => {
    write(
      'closing.mjs',
      `export const state = { closed: false }
       export default async function* () {
         try { while (true) yield { pageContent: 'again', metadata: {} } } finally { state.closed = true }
       }`,
    )
    for await (const { path } of loadDocuments(sourceOf('loader: ./closing.mjs', folder), { environment: {} })) {
      expect(path).toBe('item')
      break
    }
    const module = (await import(pathToFileURL(join(folder, 'closing.mjs')).href)) as { state: { closed: boolean } }
    expect(module.state.closed).toBe(true)
  })
})

describe('which of a module is the loader', () => {
  test.each([
    [
      './loaders/nothing.mjs',
      'source wiki: ./loaders/nothing.mjs: it exports no class or function',
      'Is it the right module?',
    ],
    [
      './loaders/lazy.mjs',
      'source wiki: ./loaders/lazy.mjs: it exports several loaders, or none that can be told',
      'Name one of them under export: LazyLoader, OtherLoader.',
    ],
    [
      './loaders/lazy.mjs, export: LasyLoader',
      'source wiki: ./loaders/lazy.mjs: it exports no class or function LasyLoader',
      'Name one of them under export: LazyLoader, OtherLoader.',
    ],
  ])('%s', async (loader, message, hint) => {
    expect((await load(`loader: ${loader}`)).error).toMatchObject({
      name: 'UsageError',
      code: 'no-loader',
      message,
      hint,
    })
  })

  test('a load() that gives no list', async () => {
    expect((await load('loader: ./loaders/no-list.mjs')).error).toMatchObject({
      code: 'loader-failed',
      message: expect.stringContaining('it gives no list of documents') as string,
    })
  })
})

describe('where a module is', () => {
  test('a package that is not there is named, with what to install and where', async () => {
    const community = '@langchain/community/document_loaders/web/confluence'
    expect((await load(`loader: '${community}', export: ConfluencePagesLoader`, { base: folder })).error).toMatchObject(
      {
        name: 'UsageError',
        code: 'missing-package',
        message: `source wiki: the loader ${community} needs the package @langchain/community, which is not installed: npm install @langchain/community @langchain/core`,
        hint: expect.stringContaining(folder) as string,
      },
    )
  })

  test('what a loader needs in turn is named itself, as Node says it', async () => {
    // In a plain Node, whose errors these are; the test runner has its own way to import.
    const script = `
      const { loadDocuments } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../ingest/loader.ts')).href)})
      const source = { name: 'wiki', base: ${JSON.stringify(jobs)}, from: 'loader', arguments: [], format: 'text', labels: [] }
      for (const loader of ['./loaders/needs-package.mjs', ${JSON.stringify(join(folder, 'needs.cjs'))}, ${JSON.stringify(join(folder, 'broken.mjs'))}, ${JSON.stringify(join(folder, 'late.mjs'))}])
        try { for await (const _ of loadDocuments({ ...source, loader }, { environment: {} })); } catch (error) { console.log(error.code + ' ' + error.message) }`
    write('needs.cjs', `const { read } = require('@teal/parser/deep/part')\nmodule.exports = read`)
    write('broken.mjs', `import './not-there.mjs'\nexport default () => []`)
    write('late.mjs', `export class Late { async load() { return (await import('teal-late')).all } }`)
    const lines = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).split(
      '\n',
    )
    expect(lines[0]).toBe(
      'missing-package source wiki: the loader ./loaders/needs-package.mjs needs the package teal-cheerio-that-nobody-has, which is not installed: npm install teal-cheerio-that-nobody-has',
    )
    expect(lines[1]).toMatch(/^missing-package .* needs the package @teal\/parser, .*: npm install @teal\/parser$/)
    expect(lines[2]).toMatch(/^loader-failed .* Cannot find module .*not-there\.mjs/)
    expect(lines[3]).toMatch(/^missing-package .* needs the package teal-late, /)
  })

  test('packages are found from the job file first, as import finds them', () => {
    const manifest = (name: string, rest: object): string => JSON.stringify({ name, type: 'module', ...rest })
    write(
      'node_modules/teal-only/package.json',
      manifest('teal-only', {
        exports: {
          '.': { import: './i.js' },
          './sub/*': { require: './no.js', import: { types: './t.d.ts', default: './s/*.js' } },
          './sub/secret': null,
        },
      }),
    )
    write('node_modules/teal-only/i.js', 'export default () => []')
    write('node_modules/teal-only/s/deep/one.js', 'export default () => []')
    write('node_modules/teal-plain/package.json', JSON.stringify({ name: 'teal-plain', main: 'lib/main.js' }))
    write('node_modules/teal-plain/lib/main.js', '')
    write('node_modules/teal-plain/other.js', '')
    write('node_modules/teal-out/package.json', manifest('teal-out', { exports: './../teal-plain/other.js' }))
    const find = (specifier: string): string =>
      findModule({ source: 'wiki', specifier, folder: join(folder, 'deep/down') })
    const inPackages = (path: string): string => pathToFileURL(join(folder, 'node_modules', path)).href
    expect(find('teal-only')).toBe(inPackages('teal-only/i.js'))
    expect(find('teal-only/sub/deep/one')).toBe(inPackages('teal-only/s/deep/one.js'))
    expect(find('teal-plain')).toBe(inPackages('teal-plain/lib/main.js'))
    expect(find('teal-plain/other')).toBe(inPackages('teal-plain/other.js'))
    // Only whygraph itself has this one.
    expect(find('zod')).toMatch(/node_modules\/zod\/.*\.js$/)
    for (const specifier of ['teal-only/sub/secret', 'teal-only/inner', 'teal-plain/none', 'teal-out'])
      expect(() => find(specifier)).toThrow(expect.objectContaining({ code: 'missing-module' }) as Error)
    for (const specifier of [
      'fs',
      'node:fs',
      'https://example.com/x.mjs',
      'data:text/javascript,1',
      './none.mjs',
      '#own',
    ])
      expect(() => find(specifier)).toThrow(expect.objectContaining({ code: 'missing-module' }) as Error)
  })

  test('only a package is named as one', () => {
    const missing = (message: string): string | null =>
      packageMissingBy(new Error('no', { cause: Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' }) }))
    expect(missing("Cannot find module 'cheerio/slim'\nRequire stack:")).toBe('cheerio')
    expect(missing("Cannot find package '@a/b' imported from /x")).toBe('@a/b')
    expect(missing("Cannot find module './x.js'")).toBeNull()
    expect(missing("Cannot find module '/x.js'")).toBeNull()
    expect(missing("Cannot find module '$(rm -rf ~)'")).toBeNull()
    expect(packageMissingBy('text')).toBeNull()
  })
})

test('secrets are hidden in every spelling, the longer before the shorter', () => {
  const environment = { LONG: 'key/with "signs"', SHORT: 'key/', TINY: 'a' }
  const { value, hide } = resolveSecrets(
    [{ env: 'LONG' }, { env: 'SHORT' }, { env: 'TINY' }, { env: 'x y' }],
    environment,
    'wiki',
  )
  expect(value).toEqual(['key/with "signs"', 'key/', 'a', { env: 'x y' }])
  expect(hide('a key/with "signs" key/ ?k=key%2Fwith%20%22signs%22 {"k":"key/with \\"signs\\""}')).toBe(
    'a ‹LONG› ‹SHORT› ?k=‹LONG› {"k":"‹LONG›"}',
  )
  expect(hide(Buffer.from('key/with "signs"').toString('base64'))).toBe('‹LONG›')
})
