import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFiles, findSourceFiles, type FindOptions, type FoundFile, type SourceOptions } from '../../ingest/job.ts'
import { readJobFile, type FileSource } from '../../ingest/job/job-file.ts'
import { planDocument } from '../../ingest/plan.ts'
import { random } from '../random.ts'

let base = ''
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'whygraph-job-'))
  const files = [
    'b/z.md',
    'b/a.md',
    'b/c/d.txt',
    'a.txt',
    'b/.hidden.md',
    'b/.git/config',
    'b/node_modules/x/readme.md',
    '.whygraph/graph.db',
    'out/secret.md',
  ]
  for (const file of files) {
    mkdirSync(dirname(join(base, file)), { recursive: true })
    writeFileSync(join(base, file), file)
  }
  symlinkSync(join(base, 'out'), join(base, 'b/out-link'))
  symlinkSync(join(base, 'b'), join(base, 'b/c/loop'))
  symlinkSync(join(base, 'b'), join(base, 'link'))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

async function pathsOf(paths: string[], options?: AbortSignal | FindOptions): Promise<string[]> {
  const found: string[] = []
  for await (const file of findFiles(paths, base, options)) found.push(file.path)
  return found
}

describe('findFiles', () => {
  test('walks in sorted order, leaving out what is hidden, linked or a dependency, and says so', async () => {
    const passed: string[] = []
    const found = await pathsOf(['b'], { onPassedOver: (path, why) => passed.push(`${path} ${why}`) })
    expect(found).toEqual(['b/a.md', 'b/c/d.txt', 'b/z.md'])
    expect(passed.toSorted()).toEqual([
      'b/.git hidden',
      'b/.hidden.md hidden',
      'b/c/loop link',
      'b/node_modules dependencies',
      'b/out-link link',
    ])
  })

  test('keeps the order of the arguments and yields each file once', async () => {
    expect(await pathsOf(['b/z.md', 'b', './b/a.md', 'a.txt', 'link'])).toEqual([
      'b/z.md',
      'b/a.md',
      'b/c/d.txt',
      'a.txt',
    ])
    expect(await pathsOf(['.'])).toEqual(['a.txt', 'b/a.md', 'b/c/d.txt', 'b/z.md', 'out/secret.md'])
  })

  test('a hidden file or a link is read where it is given by name', async () => {
    expect(await pathsOf(['b/.hidden.md'])).toEqual(['b/.hidden.md'])
    expect(await pathsOf(['link'])).toEqual(['link/a.md', 'link/c/d.txt', 'link/z.md'])
  })

  test('absolute paths that lead there, paths with slashes', async () => {
    for await (const file of findFiles([join(base, 'a.txt')], join(base, 'b'))) {
      expect(file).toEqual({ absolute: join(base, 'a.txt'), path: '../a.txt' })
    }
  })

  test('a missing path is an error before anything is yielded', async () => {
    await expect(pathsOf(['b', 'nowhere'])).rejects.toMatchObject({
      name: 'UsageError',
      code: 'missing-path',
      message: 'nowhere: no such file or folder',
    })
  })

  test('stops when told', async () => {
    const controller = new AbortController()
    const found: string[] = []
    const walk = async (): Promise<void> => {
      for await (const file of findFiles(['b'], base, controller.signal)) {
        found.push(file.path)
        controller.abort()
      }
    }
    await expect(walk()).rejects.toThrow(/abort/i)
    expect(found).toEqual(['b/a.md'])
  })
})

interface Found {
  readonly found: string[]
  /** As `path why`, sorted. */
  readonly passed: string[]
}

/** Makes files in a new folder, and finds them. A name that ends in a slash is a folder. */
class Tree {
  readonly root: string
  constructor(files: Readonly<Record<string, string>>) {
    this.root = mkdtempSync(join(base, 'tree-'))
    this.write(files)
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, `${name}x`)), { recursive: true })
      if (!name.endsWith('/')) writeFileSync(join(this.root, name), text)
    }
  }

  async find(paths: string[] = ['.'], options: FindOptions = {}, from = '.'): Promise<Found> {
    const passed: string[] = []
    const onPassedOver = (path: string, why: string): number => passed.push(`${path} ${why}`)
    const files = findFiles(paths, join(this.root, from), { ...options, onPassedOver })
    return { found: await namesOf(files), passed: passed.toSorted() }
  }

  /** Of the first source of a job file in the folder `jobs`. */
  async findSource(yaml: string, options: SourceOptions = {}): Promise<Found> {
    const [source] = readJobFile(`sources:\n- {name: one, ${yaml}}\n`, join(this.root, 'jobs/job.yaml')).sources
    const passed: string[] = []
    const onPassedOver = (path: string, why: string): number => passed.push(`${path} ${why}`)
    const files = findSourceFiles(source as FileSource, { ...options, onPassedOver })
    return { found: await namesOf(files), passed: passed.toSorted() }
  }
}

async function namesOf(files: AsyncIterable<FoundFile>): Promise<string[]> {
  const names: string[] = []
  for await (const file of files) names.push(file.path)
  return names
}

describe('patterns', () => {
  const files = { 'a.md': '', 'a.txt': '', 'drafts/b.md': '', 'x/drafts/c.md': '', 'x/y/d.vtt': '', 'z/e.pdf': '' }

  test('include and exclude, with whole folders left out at once', async () => {
    const tree = new Tree(files)
    expect(await tree.find(['.'], { include: ['**/*.{md,vtt}'], exclude: ['drafts/**'] })).toEqual({
      found: ['a.md', 'x/drafts/c.md', 'x/y/d.vtt'],
      passed: ['a.txt excluded', 'drafts excluded', 'z/e.pdf excluded'],
    })
    expect(await tree.find(['.'], { include: ['x/*/*.md', 'z/'], exclude: ['**/*.pdf'] })).toEqual({
      found: ['x/drafts/c.md'],
      passed: ['a.md excluded', 'a.txt excluded', 'drafts excluded', 'x/y/d.vtt excluded', 'z/e.pdf excluded'],
    })
    expect((await tree.find(['.'], { include: null })).found).toHaveLength(6)
  })

  test('count from the given folder; what is given by name is read', async () => {
    const tree = new Tree(files)
    const options = { include: ['*.md'], exclude: ['drafts'] }
    expect((await tree.find(['x/drafts', 'a.txt', 'drafts'], options)).found).toEqual([
      'x/drafts/c.md',
      'a.txt',
      'drafts/b.md',
    ])
  })
})

describe('ignore files', () => {
  test('nested, with negation, anchors and folders, as git has it', async () => {
    const tree = new Tree({
      '.gitignore': '# what is made\n*.log\nbuild/\n/top.md\nkeep?.txt\n!keep1.txt\ndocs/**/tmp\n',
      'a.log': '',
      'top.md': '',
      'sub/top.md': '',
      'build/x.md': '',
      'sub/build': 'a file of this name',
      'keep1.txt': '',
      'keep2.txt': '',
      'docs/a/b/tmp': '',
      'docs/a/tmp2': '',
      'sub/.gitignore': '!a.log\n*.md\n!sub.md\n',
      'sub/a.log': '',
      'sub/b.log': '',
      'sub/sub.md': '',
      'sub/deep/a.log': '',
    })
    expect(await tree.find()).toEqual({
      found: ['docs/a/tmp2', 'keep1.txt', 'sub/a.log', 'sub/build', 'sub/deep/a.log', 'sub/sub.md'],
      passed: [
        '.gitignore hidden',
        'a.log ignored',
        'build ignored',
        'docs/a/b/tmp ignored',
        'keep2.txt ignored',
        'sub/.gitignore hidden',
        'sub/b.log ignored',
        'sub/top.md ignored',
        'top.md ignored',
      ],
    })
  })

  test('.whygraphignore goes before any .gitignore, also inside of what it brings back', async () => {
    const tree = new Tree({
      '.gitignore': 'build/\n*.tmp\nprivate.md\n',
      '.whygraphignore': '!build/\nsecret.*\n',
      'build/x.md': '',
      'build/x.tmp': '',
      'build/deep/y.md': '',
      'build/deep/build/z.md': '',
      'sub/.gitignore': '!secret.md\n',
      'sub/secret.md': '',
      'sub/.whygraphignore': '!secret.txt\n!private.md',
      'sub/secret.txt': '',
      'sub/private.md': '',
    })
    expect((await tree.find()).found).toEqual([
      'build/deep/build/z.md',
      'build/deep/y.md',
      'build/x.md',
      'sub/private.md',
      'sub/secret.txt',
    ])
  })

  test('what is given by name is read, whatever is said of it; what is in it is not', async () => {
    const tree = new Tree({
      '.git/': '',
      '.gitignore': '/out/\n*.log\n\\[odd] !name#/\n',
      'out/a/x.md': '',
      'out/a/x.log': '',
      '[odd] !name#/y.md': '',
    })
    expect((await tree.find()).found).toEqual([])
    expect((await tree.find(['out/a', 'out/a/x.log', '[odd] !name#'])).found).toEqual([
      'out/a/x.md',
      'out/a/x.log',
      '[odd] !name#/y.md',
    ])
    tree.write({ '.gitignore': 'o\\[d* x/\n', 'o[d* x/y.md': '', 'o[d* x/more/z.md': '' })
    expect((await tree.find()).found).not.toContain('o[d* x/y.md')
    expect((await tree.find(['o[d* x'])).found).toEqual(['o[d* x/more/z.md', 'o[d* x/y.md'])
  })

  test('parents count up to the git root, or to the base above it; no further', async () => {
    const tree = new Tree({
      '.gitignore': '*.top\n',
      '.whygraphignore': '*.own\n',
      'repo/.git/': '',
      'repo/.gitignore': '*.root\n',
      'repo/kb/.gitignore': '*.kb\n',
      'repo/kb/docs/a.top': '',
      'repo/kb/docs/a.own': '',
      'repo/kb/docs/a.root': '',
      'repo/kb/docs/a.kb': '',
      'repo/kb/docs/a.md': '',
    })
    const from = async (base: string, path: string): Promise<string> => {
      const { found } = await tree.find([path], {}, base)
      return found.map((name) => name.slice(name.lastIndexOf('.') + 1)).join(' ')
    }
    expect(await from('repo/kb', 'docs')).toBe('md own top')
    expect(await from('repo/kb/docs', '.')).toBe('md own top')
    // Of what is above the repository, git sees nothing; what is ours is seen from the base.
    expect(await from('.', 'repo/kb/docs')).toBe('md top')
    expect(await from('.', '.')).toBe('md top')
    rmSync(join(tree.root, 'repo/.git'), { recursive: true })
    expect(await from('repo/kb', 'docs')).toBe('md own root top')
    expect(await from('.', 'repo/kb/docs')).toBe('md')
    // Neither a repository nor below the base.
    mkdirSync(join(tree.root, 'elsewhere'))
    expect(await from('elsewhere', '../repo/kb/docs')).toBe('kb md own root top')
  })

  test('beyond all measure: cut, told, and quickly', async () => {
    const tree = new Tree({
      'large/.gitignore': `secret.md\n${'# x\n'.repeat(12_500_000)}`,
      'large/secret.md': '',
      'large/a.md': '',
      'many/.gitignore': Array.from({ length: 6000 }, (_, index) => `x${index}*y`).join('\n'),
      'many/a.md': '',
      'long/.gitignore': `${'*'.repeat(1001)}\n${'a*'.repeat(450)}b\nsecret.md`,
      'long/secret.md': '',
      [`long/${'a'.repeat(250)}`]: '',
      [`${'a/'.repeat(60)}end.md`]: '',
      '.gitignore': `${'a/**/'.repeat(20)}zz\n${'**/*a*/**/*a*/**/zz\n'.repeat(200)}`,
    })
    const started = performance.now()
    expect(await tree.find()).toEqual({
      found: [`${'a/'.repeat(60)}end.md`, 'large/a.md', `long/${'a'.repeat(250)}`, 'many/a.md'],
      passed: [
        '.gitignore hidden',
        '.gitignore ignore-file',
        'large/.gitignore hidden',
        'large/.gitignore ignore-file',
        'large/secret.md ignored',
        'long/.gitignore hidden',
        'long/.gitignore ignore-file',
        'long/secret.md ignored',
        'many/.gitignore hidden',
        'many/.gitignore ignore-file',
      ],
    })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('an ignore file that is no file: a folder, a link, a pipe, unreadable', async () => {
    const tree = new Tree({
      'a/.gitignore/': '',
      'a/a.md': '',
      'b/b.md': '',
      'c/c.md': '',
      'd/.gitignore': 'd.md',
      'd/d.md': '',
    })
    writeFileSync(join(tree.root, 'rules'), 'b.md\nrules')
    symlinkSync(join(tree.root, 'rules'), join(tree.root, 'b/.gitignore'))
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(tree.root, 'c/.whygraphignore')])
    chmodSync(join(tree.root, 'd/.gitignore'), 0)
    const { found, passed } = await tree.find()
    expect(found.filter((name) => name !== 'd/d.md')).toEqual(['a/a.md', 'b/b.md', 'c/c.md', 'rules'])
    expect(passed).toContain('b/.gitignore ignore-file')
    // The superuser may read it all the same.
    expect(found.includes('d/d.md')).toBe(passed.includes('d/.gitignore ignore-file'))
  })

  test('marks of order, Windows line ends, spaces, comments', async () => {
    const tree = new Tree({
      '.gitignore': '\ufeffa.md\r\n# b.md\r\n\\#c.md\r\nd.md   \r\n\\!e.md\r\nf\\ ',
      ...Object.fromEntries(['a.md', 'b.md', '#c.md', 'd.md', '!e.md', 'f '].map((name) => [name, ''])),
    })
    expect((await tree.find()).found).toEqual(['b.md'])
  })
})

const hasGit = spawnSync('git', ['--version']).status === 0

describe.skipIf(!hasGit)('beside git itself', () => {
  test('random trees with random rules: the files that git would add', async () => {
    const parts = ['a', 'b', 'c', '*', '?', '[ab]', '/', '/', '**/', '/**', '*.x', 'ab', '\\a']
    const names = ['a', 'b', 'c', 'ab', 'a.x', 'b.x', 'ca']
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = random(seed)
      const pick = <Item>(items: readonly Item[]): Item => items[next(items.length)] as Item
      const folders = ['', ...Array.from({ length: 6 }, () => `${pick(names)}/`)]
      for (let count = 0; count < 8; count += 1) folders.push(`${pick(folders)}${pick(names)}/`)
      const tree = new Tree({})
      for (const folder of folders) mkdirSync(join(tree.root, folder), { recursive: true })
      for (const folder of folders) {
        // But for `a**`, which git takes for more than its own manual says.
        const rule = (): string =>
          `${next(3) === 0 ? '!' : ''}${Array.from({ length: 1 + next(3) }, () => pick(parts)).join('')}${next(4) === 0 ? '/' : ''}`.replaceAll(
            /(?<=[^/!*])\*\*+|\*\*+(?=[^/*])/g,
            '*',
          )
        if (folder === '' || next(3) === 0)
          writeFileSync(join(tree.root, folder, '.gitignore'), Array.from({ length: 1 + next(5) }, rule).join('\n'))
        for (const name of names)
          if (next(3) === 0) unlessTaken(() => writeFileSync(join(tree.root, folder, name), '', { flag: 'wx' }))
      }
      const git = (...args: string[]): string =>
        execFileSync('git', ['-c', 'core.excludesFile=', ...args], {
          cwd: tree.root,
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', HOME: tree.root },
        })
      git('init', '-q')
      const wanted = git('ls-files', '-z', '--others', '--exclude-standard')
        .split('\0')
        .filter((path) => path !== '' && !/(?:^|\/)\./.test(path))
      const { found } = await tree.find()
      expect([seed, found.toSorted()]).toEqual([seed, wanted.toSorted()])
    }
  })

  /** A folder may have the name already. */
  function unlessTaken(write: () => void): void {
    try {
      write()
    } catch {
      // Then there is no file of that name.
    }
  }
})

describe('findSourceFiles', () => {
  const files = {
    'minutes/a.md': '',
    'minutes/b.txt': '',
    'minutes/drafts/c.md': '',
    'minutes/.gitignore': 'old.md',
    'minutes/old.md': '',
    'jobs/handbook/x.md': '',
    'jobs/y.md': '',
    'jobs/list.txt': 'y.md\r\n../minutes/old.md\ngone.md\n\nhandbook\n./y.md\nno\u0000where\n',
  }

  test('a whole job', async () => {
    const path = join(import.meta.dirname, '../../fixtures/jobs/company.yaml')
    const found: Record<string, string[]> = {}
    for (const source of readJobFile(readFileSync(path, 'utf8'), path).sources)
      if (source.from !== 'loader') found[source.name] = await namesOf(findSourceFiles(source))
    expect(found).toEqual({
      minutes: ['2025-03-18-harbour.md'],
      handbook: ['handbook/rules.txt', 'handbook/travel.txt'],
      'named-elsewhere': ['handbook/travel.txt', 'handbook/rules.txt'],
    })
  })

  test('a folder: paths count from there', async () => {
    const tree = new Tree(files)
    expect(await tree.findSource("folder: ../minutes, include: ['**/*.md'], exclude: ['drafts/**']")).toEqual({
      found: ['a.md'],
      passed: ['.gitignore hidden', 'b.txt excluded', 'drafts excluded', 'old.md ignored'],
    })
    await expect(tree.findSource('folder: ../nowhere')).rejects.toMatchObject({
      name: 'UsageError',
      code: 'missing-path',
    })
    await expect(tree.findSource('folder: y.md')).rejects.toMatchObject({
      code: 'missing-path',
      message: expect.stringMatching(/y\.md is no folder$/) as string,
    })
  })

  test('files by name: ignored or not; what is not there costs itself only', async () => {
    const tree = new Tree(files)
    expect(await tree.findSource('files: [y.md, ../minutes/old.md, gone.md, handbook, y.md]')).toEqual({
      found: ['y.md', '../minutes/old.md', 'handbook/x.md'],
      passed: ['gone.md missing'],
    })
  })

  test('a list in a file', async () => {
    const tree = new Tree({ ...files, 'jobs/list.txt': files['jobs/list.txt'].replace('no\u0000where\n', '') })
    expect(await tree.findSource('list: list.txt')).toEqual({
      found: ['y.md', '../minutes/old.md', 'handbook/x.md'],
      passed: ['gone.md missing'],
    })
    for (const list of ['nowhere.txt', 'handbook'])
      await expect(tree.findSource(`list: ${list}`)).rejects.toMatchObject({
        name: 'UsageError',
        code: 'unreadable-file',
      })
  })

  test('a list from stdin counts from where one stands', async () => {
    const tree = new Tree(files)
    const stream = async function* (): AsyncIterable<string> {
      yield 'a.md\0b.t'
      yield 'xt\0\u0001\nodd\0'
    }
    const stdin = { stream: stream(), cwd: join(tree.root, 'minutes') }
    expect(await tree.findSource("list: '-'", { stdin })).toEqual({
      found: ['../minutes/a.md', '../minutes/b.txt'],
      passed: ['\u0001\nodd missing'],
    })
    await expect(tree.findSource("list: '-'")).rejects.toMatchObject({ code: 'no-stdin' })
  })

  test('a long list is read as it is used, and stops when told', async () => {
    const tree = new Tree(files)
    let given = 0
    const stream = async function* (): AsyncIterable<string> {
      for (; given < 1_000_000; given += 1000) yield 'y.md\n'.repeat(999) + `gone${given}.md\n`
    }
    const controller = new AbortController()
    const stdin = { stream: stream(), cwd: join(tree.root, 'jobs') }
    const [source] = readJobFile("sources: [{name: a, list: '-'}]", join(tree.root, 'jobs/job.yaml')).sources
    let missing = 0
    const onPassedOver = (): void => {
      if (++missing === 3) controller.abort()
    }
    const walk = async (): Promise<void> => {
      const files = findSourceFiles(source as FileSource, { stdin, signal: controller.signal, onPassedOver })
      for await (const { path } of files) expect(path).toBe('y.md')
    }
    await expect(walk()).rejects.toThrow(/abort/i)
    expect(given).toBeLessThan(50_000)
  })
})

describe('odd trees', () => {
  test('loops and links that lead out are passed over; a link is read where it is given', async () => {
    const tree = new Tree({ 'a/b/c.md': '', 'out/secret.md': '' })
    symlinkSync('..', join(tree.root, 'a/b/up'))
    symlinkSync('self', join(tree.root, 'a/self'))
    symlinkSync(join(tree.root, 'out/secret.md'), join(tree.root, 'a/link.md'))
    symlinkSync(join(tree.root, 'gone'), join(tree.root, 'a/gone'))
    expect(await tree.find(['a'])).toEqual({
      found: ['a/b/c.md'],
      passed: ['a/b/up link', 'a/gone link', 'a/link.md link', 'a/self link'],
    })
    expect((await tree.find(['a/link.md', 'out'])).found).toEqual(['a/link.md'])
  })

  test('names with line ends, controls and other languages come as they are', async () => {
    const names = ['a\nb.md', '\u0007.md', '\u202egnp.md', 'Größe.md', 'ñ/日本.md', ' .md', '-rf', '*', 'a\\b']
    const tree = new Tree(Object.fromEntries(names.map((name) => [name, ''])))
    expect((await tree.find()).found.toSorted()).toEqual(names.toSorted())
    expect((await tree.find(['.'], { include: ['?[^x]*'] })).found.length).toBeGreaterThan(3)
  })

  test('deeper than any tree of documents is told', async () => {
    const tree = new Tree({ [`${'d/'.repeat(70)}end.md`]: '', 'a.md': '' })
    expect(await tree.find()).toEqual({ found: ['a.md'], passed: [`${'d/'.repeat(63)}d unreadable`] })
  })
})

test('planDocument compares hashes', () => {
  const found = { id: 'd', contentHash: 'h1' }
  expect(planDocument(found, undefined)).toBe('new')
  expect(planDocument(found, { contentHash: 'h1' })).toBe('unchanged')
  expect(planDocument(found, { contentHash: 'h0' })).toBe('changed')
})
