import { zipSync } from 'fflate'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { LABELLED } from '../src/model/label.ts'
import type { StoredDocument, StoredLink } from '../src/store/records.ts'
import type { Store } from '../src/store/store.ts'
import { runHere } from './run-here.ts'
import { eachStoreAtLength } from './stores.ts'
import type { Finished } from './whygraph.ts'

vi.setConfig({ testTimeout: 180_000 })

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const NAMES = ['Ana Ruiz', 'Bo Lindqvist', 'Chen Wei', 'Maria Cole', 'Eva Novak', 'Finn Berg', 'Gus Hale', 'Hana Ito']
/** A text of which the rules make one link of a person with a company. */
const says = (person: string | undefined): string => `# Minutes\n\n${person} works for Acme.\n`

eachStoreAtLength('sources that change', (open) => {
  async function prepare(files: Readonly<Record<string, string | Uint8Array>>) {
    const { store, address, environment } = await open()
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-changing-'))
    folders.push(folder)
    const put = (path: string, content: string | Uint8Array): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    for (const [path, content] of Object.entries(files)) put(path, content)
    const run = (...args: string[]): Promise<Finished> =>
      runHere([...args, '--store', address], {
        cwd: folder,
        environment: { ...environment, WHYGRAPH_REVIEWER: 'rita' },
      })
    const ingest = async (...args: string[]): Promise<IngestSummary> => {
      const { code, stdout, stderr } = await run('ingest', '--json', ...args)
      expect(code, stderr).toBe(0)
      return JSON.parse(stdout) as IngestSummary
    }
    const move = (from: string, to: string): void => renameSync(join(folder, from), join(folder, to))
    const remove = (path: string): void => rmSync(join(folder, path), { recursive: true })
    return { store, folder, put, run, ingest, move, remove }
  }

  const documentAt = async (store: Store, path: string): Promise<StoredDocument | undefined> =>
    (await store.documentsAt(path)).find(({ gone }) => gone === null)
  /** Who works for Acme, and the first place that says so. */
  async function places(store: Store): Promise<Record<string, string | undefined>> {
    const links = (await store.links(['proposed', 'accepted'])).filter(({ type }) => type !== LABELLED)
    return Object.fromEntries(links.map(({ subject, items }) => [subject, items[0]?.place]))
  }
  const linkOf = async (store: Store, subject: string): Promise<StoredLink> => {
    const links = await store.links(['proposed', 'accepted', 'rejected', 'gone', 'held'])
    return links.find((link) => link.subject === subject) as StoredLink
  }

  it('a document that is gone takes its links along, and brings them back unasked', async () => {
    const { store, put, run, ingest, remove } = await prepare(
      Object.fromEntries(NAMES.map((name, at) => [`${at}.md`, says(name)])),
    )
    await ingest('.')
    const accepted = await linkOf(store, 'Bo Lindqvist')
    await run('review', 'accept', accepted.id)
    remove('0.md')
    remove('1.md')
    const plan = await ingest('.', '--dry-run')
    expect(plan.changes).toEqual({ new: [], changed: [], moved: [], returned: [], gone: ['0.md', '1.md'] })
    expect(Object.keys(await places(store))).toHaveLength(8)
    expect((await run('ingest', '.', '--dry-run')).stdout).toMatch(/ {2}gone +2\n +0\.md\n +1\.md\n/)

    const summary = await ingest('.', '--allow-gone')
    // One of the two links stays, as a person accepted it.
    expect(summary).toMatchObject({ documents: { gone: 2, unchanged: 6 }, replies: { asked: 0 }, linksGone: 1 })
    expect((await linkOf(store, 'Ana Ruiz')).status).toBe('gone')
    expect(await store.link(accepted.id)).toMatchObject({ status: 'accepted', unsupported: true })
    expect(summary.notes.find(({ code }) => code === 'unsupported')).toMatchObject({
      where: '1.md',
      message: expect.stringContaining('Bo Lindqvist ──WORKS_FOR──▶ Acme'),
    })
    const listed = await run('review', 'list', '--status', 'unsupported')
    expect(listed.stdout).toMatch(/^\S{8} .*Bo Lindqvist.*no source says it any more\n$/)
    expect((await run('status')).stdout).toMatch(
      /documents +6: .*\n +gone from their sources +2\n[^]*said by no source now +1:/,
    )
    // What is gone is told once.
    expect(await ingest('.')).toMatchObject({ documents: { gone: 0, unchanged: 6 }, notes: [], linksGone: 0 })

    put('0.md', says(NAMES[0]))
    put('1.md', says(NAMES[1]))
    expect(await ingest('.', '--dry-run')).toMatchObject({ documents: { returned: 2 }, chunks: { pending: 0 } })
    const back = await ingest('.')
    expect(back).toMatchObject({ documents: { returned: 2, unchanged: 6 }, replies: { asked: 0, reused: 0 } })
    // The one that stayed was there all the time.
    expect(back).toMatchObject({ links: 0, linksBack: 1, linksGone: 0 })
    expect((await linkOf(store, 'Ana Ruiz')).status).toBe('proposed')
    expect(await store.link(accepted.id)).toMatchObject({ status: 'accepted', unsupported: false })
  })

  it('a document that moved keeps its id and its decisions; places name the new path', async () => {
    const { store, put, run, ingest, move, remove } = await prepare({
      'a.md': says('Ana Ruiz'),
      'b.md': says('Bo Lindqvist'),
      'same/1.md': says('Chen Wei'),
      'same/2.md': says('Chen Wei'),
      'c.md': says('Maria Cole'),
    })
    await ingest('.')
    const [a, b] = [await documentAt(store, 'a.md'), await documentAt(store, 'b.md')]
    const alike = [await documentAt(store, 'same/1.md'), await documentAt(store, 'same/2.md')]
    await run('review', 'accept', (await linkOf(store, 'Ana Ruiz')).id)
    // They change places; two alike go to another folder; one moves and is changed, so that it is another.
    move('a.md', 'x')
    move('b.md', 'a.md')
    move('x', 'b.md')
    move('same', 'other')
    remove('c.md')
    put('d.md', says('Eva Novak'))
    const planned = await ingest('.', '--dry-run')
    expect(planned).toMatchObject({ documents: { moved: 4, new: 1, gone: 1 }, chunks: { unchanged: 4, pending: 1 } })
    expect((await run('ingest', '.', '--dry-run')).stdout).not.toMatch(/^(links|replies)/m)
    const summary = await ingest('.')
    expect(summary).toMatchObject({ documents: { moved: 4, new: 1, gone: 1 }, replies: { asked: 1 } })
    expect(summary.chunks).toMatchObject({ unchanged: 4, reasoned: 1 })
    expect([(await documentAt(store, 'b.md'))?.id, (await documentAt(store, 'a.md'))?.id]).toEqual([a?.id, b?.id])
    expect(
      [await documentAt(store, 'other/1.md'), await documentAt(store, 'other/2.md')].map((one) => one?.id),
    ).toEqual(alike.map((one) => one?.id))
    expect(await linkOf(store, 'Ana Ruiz')).toMatchObject({ status: 'accepted', unsupported: false })
    expect(await places(store)).toMatchObject({
      'Ana Ruiz': 'b.md l. 3',
      'Bo Lindqvist': 'a.md l. 3',
      'Chen Wei': expect.stringMatching(/^other\/[12]\.md l\. 3$/),
      'Eva Novak': 'd.md l. 3',
    })
    expect(await ingest('.')).toMatchObject({ documents: { unchanged: 5, moved: 0, gone: 0 } })

    // Where one moved away from, another may be put; and a move is found from the new folder alone.
    move('b.md', 'other/b.md')
    put('b.md', says('Finn Berg'))
    expect(await ingest('other')).toMatchObject({ documents: { moved: 0, new: 1 } })
  })

  it('a move is found from the new folder alone, and the id of what was there before is not given again', async () => {
    const { store, put, ingest, move } = await prepare({ 'old/a.md': says('Ana Ruiz'), 'b.md': says('Bo Lindqvist') })
    await ingest('.')
    const before = await documentAt(store, 'old/a.md')
    move('old', 'new')
    expect(await ingest('new')).toMatchObject({ documents: { moved: 1, new: 0 }, replies: { asked: 0 } })
    expect((await documentAt(store, 'new/a.md'))?.id).toBe(before?.id)
    put('old/a.md', says('Chen Wei'))
    expect(await ingest('.')).toMatchObject({ documents: { new: 1, unchanged: 2 } })
    expect((await documentAt(store, 'old/a.md'))?.id).not.toBe(before?.id)
    expect(await places(store)).toMatchObject({ 'Ana Ruiz': 'new/a.md l. 3', 'Chen Wei': 'old/a.md l. 3' })
    expect(await ingest('.')).toMatchObject({ documents: { unchanged: 3 } })
  })

  it('what is inside a file goes with it', async () => {
    const zip = zipSync({
      'in/a.txt': Buffer.from('Ana Ruiz works for Acme.'),
      'b.csv': Buffer.from('person,team\nBo,One\nCy,Two\n'),
    })
    const { store, run, ingest, move, remove } = await prepare({ 'x.zip': zip, 'y.md': says('Maria Cole') })
    await ingest('.')
    const inner = await documentAt(store, 'x.zip/in/a.txt')
    move('x.zip', 'z.zip')
    expect(await ingest('.')).toMatchObject({
      documents: { moved: 3, unchanged: 1, new: 0, gone: 0 },
      replies: { asked: 0 },
    })
    expect((await documentAt(store, 'z.zip/in/a.txt'))?.id).toBe(inner?.id)
    expect(await store.documentsAt('x.zip/in/a.txt')).toEqual([])
    expect((await places(store))['Ana Ruiz']).toBe('z.zip/in/a.txt l. 1')
    remove('z.zip')
    expect(await ingest('.', '--allow-gone')).toMatchObject({ documents: { gone: 3, unchanged: 1 } })
    expect(Object.keys(await places(store))).toEqual(['Maria Cole'])
    expect((await run('status')).stdout).toMatch(/documents +1: 1 document\n/)
  })

  it('what this run does not look for, or leaves out, is not gone', async () => {
    const { store, put, ingest, remove } = await prepare({
      'one/a.md': says('Ana Ruiz'),
      'one/b.md': says('Bo Lindqvist'),
      'two/c.md': says('Chen Wei'),
    })
    await ingest('.')
    remove('two/c.md')
    expect(await ingest('one')).toMatchObject({ documents: { unchanged: 2, gone: 0 } })
    put('one/.whygraphignore', 'b.md\n')
    const left = await ingest('one')
    expect(left.documents).toMatchObject({ unchanged: 1, gone: 0 })
    expect(left.notes.map(({ code, where }) => [code, where])).toEqual([['document-left-out', 'one/b.md']])
    expect(Object.keys(await places(store)).toSorted()).toEqual(['Ana Ruiz', 'Bo Lindqvist', 'Chen Wei'])
    // A file by its name, one of a folder in which others are.
    remove('one/a.md')
    expect(await ingest('one/a.md', '--allow-gone')).toMatchObject({ documents: { gone: 1 } })
  })

  it('nothing is retired where too many are gone, until somebody says that it is meant', async () => {
    const { store, folder, put, run, ingest, remove, move } = await prepare(
      Object.fromEntries([
        ...NAMES.map((name, at) => [`drive/${at}.md`, says(name)]),
        ...[0, 1, 2, 3, 4].map((at) => [`drive/other/${at}.md`, `Nothing to be said in ${at}.\n`]),
      ]),
    )
    await ingest('drive')
    const all = await places(store)
    for (const at of [0, 1]) remove(`drive/${at}.md`)
    expect(await ingest('drive')).toMatchObject({ documents: { gone: 2 } })
    remove('drive/2.md')
    expect(await ingest('drive')).toMatchObject({ documents: { gone: 1 } })
    for (const at of [3, 4, 5, 6]) remove(`drive/${at}.md`)
    put('drive/new.md', says('Maria Ruiz'))
    const refused = await run('ingest', 'drive')
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toMatch(
      /4 of 10 documents looked for in source .* are not there any more: drive\/3\.md, .* and 1 more\n[^]*--allow-gone/,
    )
    expect(Object.keys(await places(store))).toHaveLength(5)
    const dry = await ingest('drive', '--dry-run')
    expect(dry.documents).toMatchObject({ gone: 4, new: 1 })
    expect(dry.notes[0]).toMatchObject({ code: 'mass-disappearance' })
    expect(await ingest('drive', '--allow-gone')).toMatchObject({ documents: { gone: 4, new: 1 } })
    expect(Object.keys(await places(store)).toSorted()).toEqual(['Hana Ito', 'Maria Ruiz'])

    // An empty folder, and one that is not there, however few are known of it.
    move('drive', 'elsewhere')
    expect(await run('ingest', 'drive')).toMatchObject({ code: 5 })
    mkdirSync(join(folder, 'drive'))
    const empty = await run('ingest', 'drive')
    expect(empty).toMatchObject({ code: 5 })
    expect(empty.stderr).toContain('from a folder that is empty or not there')
    expect(Object.keys(await places(store))).toHaveLength(2)
    remove('drive')
    move('elsewhere', 'drive')
    expect(await ingest('drive')).toMatchObject({ documents: { unchanged: 7, gone: 0 } })
    expect(all['Hana Ito']).toBe((await places(store))['Hana Ito'])
    expect(await run('ingest', 'nowhere')).toMatchObject({ code: 2 })
  })

  it('a fifth of the documents may be gone, not more, however few they are', async () => {
    const { run, ingest, remove, put } = await prepare(
      Object.fromEntries(NAMES.slice(0, 5).map((name, at) => [`${at}.md`, says(name)])),
    )
    await ingest('.')
    remove('0.md')
    expect(await ingest('.')).toMatchObject({ documents: { gone: 1, unchanged: 4 } })
    remove('1.md')
    const refused = await run('ingest', '.')
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toContain('1 of 4 documents looked for in source')
    // What comes instead of it does not make up for it.
    put('new.md', says('Hana Ito'))
    expect(await run('ingest', '.')).toMatchObject({ code: 5 })
    expect(await ingest('.', '--allow-gone')).toMatchObject({ documents: { gone: 1, new: 1, unchanged: 3 } })
  })

  it('each source of a job is judged by itself', async () => {
    const loader = (pages: readonly string[]): string =>
      `export class Loader { async load() { return ${JSON.stringify(pages.map((page) => ({ pageContent: says(page), metadata: { source: page } })))} } }`
    const { store, put, run, ingest, remove } = await prepare({
      'a/1.md': says('Ana Ruiz'),
      'a/2.md': says('Bo Lindqvist'),
      'named.md': says('Chen Wei'),
      'loader.mjs': loader(['Maria Cole', 'Eva Novak']),
      'job.yaml':
        'sources:\n  - {name: a, folder: a}\n  - {name: named, files: [named.md, never.md]}\n  - {name: wiki, loader: ./loader.mjs}\n',
    })
    expect((await run('ingest', '--job', 'job.yaml')).code).toBe(1)
    remove('a/1.md')
    remove('named.md')
    put('loader2.mjs', loader(['Eva Novak']))
    put('job2.yaml', 'sources:\n  - {name: a, folder: a}\n  - {name: named, files: [named.md]}\n')
    const job2 = ['--job', 'job2.yaml', '--allow-gone']
    expect(await ingest(...job2)).toMatchObject({ documents: { unchanged: 1, gone: 2, failed: 0 } })
    expect(Object.keys(await places(store)).toSorted()).toEqual(['Bo Lindqvist', 'Eva Novak', 'Maria Cole'])
    // Of another loader of the same name nothing is known.
    put('job3.yaml', 'sources:\n  - {name: wiki, loader: ./loader2.mjs}\n')
    expect(await ingest('--job', 'job3.yaml')).toMatchObject({ documents: { unchanged: 1, gone: 0 } })
    remove('a')
    expect(await run('ingest', '--job', 'job2.yaml')).toMatchObject({ code: 5 })
  })

  it('of a loader what it brings no more is gone, unless it failed or brings nothing at all', async () => {
    const { store, put, run, ingest } = await prepare({
      'loader.mjs': `import { readFileSync } from 'node:fs'
export class Loader { async load() {
  const pages = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'))
  return pages.map((page) => page === null ? null : ({ pageContent: page + ' works for Acme.', metadata: { source: page } }))
} }`,
      'pages.json': '["Ana Ruiz", "Bo Lindqvist"]',
      'job.yaml': 'sources:\n  - {name: wiki, loader: ./loader.mjs}\n',
    })
    await ingest('--job', 'job.yaml')
    put('pages.json', '["Ana Ruiz", null]')
    expect((await run('ingest', '--job', 'job.yaml')).code).toBe(1)
    expect(Object.keys(await places(store)).toSorted()).toEqual(['Ana Ruiz', 'Bo Lindqvist'])
    put('pages.json', '["Ana Ruiz"]')
    expect(await ingest('--job', 'job.yaml', '--allow-gone')).toMatchObject({ documents: { gone: 1, unchanged: 1 } })
    put('pages.json', '[]')
    expect(await run('ingest', '--job', 'job.yaml')).toMatchObject({ code: 5 })
    expect(Object.keys(await places(store))).toEqual(['Ana Ruiz'])
  })
})
