import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { describe, expect, test } from 'vitest'
import { applyDateRule } from '../../ingest/job/date-rule.ts'
import { readFileList } from '../../ingest/job/file-list.ts'
import { parseGlob } from '../../ingest/job/glob.ts'
import { type Job, readJobFile } from '../../ingest/job/job-file.ts'
import type { UsageError } from '../../src/model/errors.ts'

const path = '/anywhere/jobs/company.yaml'

function errorOf(text: string): UsageError {
  try {
    readJobFile(text, path)
  } catch (error) {
    return error as UsageError
  }
  throw new Error('it was taken')
}

describe('readJobFile', () => {
  test('one source of every sort', () => {
    const file = join(import.meta.dirname, '../../fixtures/jobs/company.yaml')
    const job: Job = readJobFile(readFileSync(file, 'utf8'), path)
    const settings = { base: '/anywhere/jobs', labels: [] }
    expect(job.sources).toEqual([
      {
        ...settings,
        name: 'minutes',
        from: 'folder',
        folder: '/anywhere/jobs/minutes',
        include: ['**/*.md', '**/*.vtt'],
        exclude: ['drafts/**'],
        kind: 'transcript',
        date: ['path', 'front-matter', 'file-time'],
        language: 'en-GB',
        engine: { engine: 'chat', model: 'big-one', temperature: 0.2, stream: false },
        schema: '/anywhere/jobs/schemas/meetings.yaml',
        labels: ['HR', 'internal'],
      },
      {
        ...settings,
        name: 'handbook',
        from: 'files',
        files: ['handbook/rules.txt', 'handbook/travel.txt'],
        date: 'none',
      },
      { ...settings, name: 'named-elsewhere', from: 'list', list: '/anywhere/jobs/handbook/files.txt' },
      {
        ...settings,
        name: 'wiki',
        from: 'loader',
        loader: './loaders/wiki.mjs',
        arguments: [],
        options: { spaceKey: 'HR', accessToken: { env: 'WIKI_TOKEN' } },
        format: 'markdown',
      },
    ])
  })

  test('what need not be said', () => {
    const { sources } = readJobFile(
      'sources:\n- {name: a, folder: ../x, date: path}\n- {name: b, list: "-"}\n- {name: c, loader: x, arguments: [1]}\n',
      path,
    )
    expect(sources).toMatchObject([
      { from: 'folder', folder: '/anywhere/x', include: null, exclude: [], date: ['path'] },
      { from: 'list', list: null },
      { from: 'loader', loader: 'x', arguments: [1], options: undefined, format: 'text' },
    ])
  })

  test.each([
    [
      'a slip in a key',
      '- name: a\n  folder: x\n  exlude: [y]',
      4,
      "sources[1].exlude is no key of a job. Did you mean 'exclude'?",
    ],
    ['a slip in the first key', null, 1, "source is no key of a job. Did you mean 'sources'?"],
    [
      'a key of nothing',
      '- {name: a, folder: x, zzzzzz: 1}',
      2,
      'sources[1].zzzzzz is no key of a job. Keys are: name, folder',
    ],
    ['no source', '[]', 1, 'sources is empty. A job holds'],
    ['sources that are no list', '{a: 1}', 1, 'sources must be array, not object. A job holds'],
    ['no name', '- folder: x', 2, 'sources[1].name is missing. Give every source'],
    ['a name on two lines', '- {name: "a\\nb", folder: x}', 2, 'sources[1].name must be 1 to 100 characters'],
    [
      'the same name twice',
      '- {name: a, folder: x}\n- {folder: y,\n   name: a}',
      4,
      'sources[2].name is the name of source 1 too',
    ],
    ['no place', '- name: b\n  kind: chat', 2, 'sources[1] says not where its documents are. Give it one of'],
    ['two places', '- name: b\n  folder: x\n  loader: y', 4, 'sources[1].loader stands beside folder'],
    [
      'include beside files',
      '- name: b\n  files: [x]\n  include: ["*"]',
      4,
      'sources[1].include means nothing beside files. It goes with folder',
    ],
    [
      'options beside folder',
      '- {name: b, folder: x, options: {}}',
      2,
      'sources[1].options means nothing beside folder',
    ],
    [
      'a file that is no word',
      '- name: b\n  files:\n  - x\n  - 5',
      5,
      'sources[1].files[2] must be string, not number. Write a list of files',
    ],
    ['no files', '- {name: b, files: []}', 2, 'sources[1].files is empty'],
    ['a path with a NUL', '- {name: b, folder: "x\\0"}', 2, 'sources[1].folder must be a path'],
    ['a kind that is none', '- {name: b, folder: x, kind: archive}', 2, 'sources[1].kind must be one of "document"'],
    [
      'a date that is none',
      '- {name: b, folder: x, date: [path, none]}',
      2,
      'sources[1].date is not of the right form. Write none',
    ],
    [
      'no language',
      '- {name: b, folder: x, language: en_GB!}',
      2,
      'sources[1].language is no language tag. Write a language tag',
    ],
    [
      'settings in settings',
      '- {name: b, folder: x, engine: {body: {a: 1}}}',
      2,
      'sources[1].engine.body is not of the right form. Write settings',
    ],
    [
      'labels that are none',
      '- {name: b, folder: x, labels: [a, ""]}',
      2,
      'sources[1].labels[2] must be 1 to 200 characters',
    ],
    [
      'a pattern that leads out',
      "- name: b\n  folder: x\n  exclude:\n  - 'a'\n  - '../b'",
      6,
      'sources[1].exclude[2] leads out of the folder',
    ],
    [
      'stdin twice',
      '- {name: a, list: "-"}\n- {name: b, list: "-"}',
      3,
      'sources[2].list is stdin, which another source reads',
    ],
    ['YAML that is none', '- {name: a, folder: x', 3, 'is not valid YAML: '],
    ['a key twice', '- {name: a, name: b, folder: x}', 2, 'is not valid YAML: Map keys must be unique'],
    [
      'two jobs in one',
      '- {name: a, folder: x}\n---\nsources: []',
      3,
      'is not valid YAML: Source contains multiple documents',
    ],
  ])('%s', (_, sources, line, message) => {
    const error = errorOf(
      sources === null ? 'source: []' : `sources: ${sources.startsWith('-') ? '\n' : ''}${sources}\n`,
    )
    expect(error).toMatchObject({ name: 'UsageError', code: 'invalid-job', place: `${path} line ${line}` })
    expect(`${error.message}. ${error.hint ?? ''}`.replace('..', '.')).toContain(`${path}, line ${line}: ${message}`)
  })

  test('a file that holds nothing, and one that holds no keys', () => {
    expect(errorOf('').message).toBe(`${path}, line 1: is empty`)
    expect(errorOf('# nothing yet').message).toBe(`${path}, line 1: is empty`)
    expect(errorOf('- a\n').message).toBe(`${path}, line 1: must be object, not array`)
  })

  test('values are never in an error', () => {
    const options = '{token: sesame, deep: {token: sesame}}'
    for (const slip of [
      'kind: x',
      'optons: 1',
      'format: sesame',
      'export: 5',
      'date: sesame',
      'engine: {apiKey: [sesame]}',
      'x: "sesame',
    ])
      expect(JSON.stringify(errorOf(`sources:\n- {name: a, loader: x, options: ${options}, ${slip}}`))).not.toContain(
        'sesame',
      )
  })

  test('bombs: aliases of aliases, aliases inside of themselves, brackets in brackets, and sheer size', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) =>
        `l${index}: &l${index} [${Array(10)
          .fill(index === 0 ? 'x' : `*l${index - 1}`)
          .join(', ')}]`,
    )
    expect(errorOf(levels.join('\n')).message).toContain('repeats itself too often')
    const own = `sources: [{name: a, loader: x, options: &o {${Array.from({ length: 60 }, (_, index) => `k${index}: *o`).join(', ')}}}]`
    expect(errorOf(own)).toMatchObject({ code: 'invalid-job' })
    expect(errorOf(`sources: ${'['.repeat(200_000)}`)).toMatchObject({ code: 'invalid-job' })
    expect(
      errorOf(`sources: [{name: a, loader: x, options: {a: ${'['.repeat(30)}${']'.repeat(30)}}}]`).message,
    ).toContain('options is nested too deeply')
    expect(errorOf(`#${'x'.repeat(1024 * 1024)}`).message).toContain('is larger than 1 MB')
    const many = Array.from({ length: 201 }, (_, index) => `p${index}`).join(', ')
    expect(errorOf(`sources: [{name: a, folder: x, exclude: [${many}]}]`).message).toContain(
      'exclude holds more than 200 patterns',
    )
  })

  test('keys of an object prototype are keys like others', () => {
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(errorOf(`sources: [{name: a, folder: x, ${key}: {kind: chat}}]`).message).toContain(
        `${key} is no key of a job`,
      )
  })
})

describe('parseGlob', () => {
  test.each([
    ['**/*.md', ['a.md', 'x/y/a.md'], ['a.md/x', 'a.txt', 'a.mdx']],
    ['*.md', ['a.md', '.md', 'Größe.md'], ['x/a.md']],
    ['drafts/**', ['drafts/a', 'drafts/a/b'], ['drafts', 'x/drafts/a', 'draftsx/a']],
    ['*/**', ['a/b', 'a/b/c'], ['a']],
    ['drafts/', ['drafts/a'], ['drafts', 'drafts2']],
    ['./a/*/c', ['a/b/c'], ['a/c', 'a/b/b/c']],
    ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['a/z/b', 'az']],
    ['*.{md,vtt}', ['a.md', 'b.vtt'], ['a.txt', 'a.{md,vtt}']],
    ['{a,b{1,2}}/{**,x}/e', ['a/e', 'b1/k/e', 'b2/x/e'], ['b/e']],
    ['a{b}c{}', ['a{b}c{}'], ['abc']],
    ['Report (final)+v[12].p?f', ['Report (final)+v1.pdf'], ['Report final+v1.pdf', 'Report (final)+v3.pdf']],
    ['[!a-c]x[]-]', ['dx]', 'zx-'], ['ax-', 'dxa']],
    ['[^.]*', ['a'], ['.a']],
    [String.raw`\[a\]\{b,c\}\*`, ['[a]{b,c}*'], ['a', '[a]b*']],
    ['**', ['a', 'a/b'], []],
    ['a**b', ['ab', 'axxb'], ['a/b']],
    ['cafe\u0301', ['caf\u00e9', 'cafe\u0301'], ['cafe']],
    ['?', ['😀', 'a'], ['', 'ab']],
  ])('%s', (pattern, meant, others) => {
    const glob = parseGlob(pattern)
    expect([...meant, ...others].filter((name) => glob.matches(name))).toEqual(meant)
  })

  test.each([
    ['', 'is empty'],
    ['x'.repeat(1001), 'is longer than 1000 characters'],
    ['/etc/**', 'must be relative'],
    [String.raw`C:\x`, 'must be relative'],
    ['a/../b', "leave out '..'"],
    ['!x', 'name under exclude'],
    ['*.@(md|vtt)', 'write {a,b}'],
    ['{1..3}', 'has a range'],
    ['[[:alpha:]]', 'has a named class'],
    ['[abc', "has a '[' that is never closed"],
    ['a[/]b', "has a '[' that is never closed"],
    ['{a,b', "has a '{' that is never closed"],
    ['a\\', "ends in a '\\'"],
    ['a\0b', 'holds a NUL'],
    ['{a,b}'.repeat(10), 'has over 100 alternatives'],
    ['{a,b}'.repeat(190), 'has over 100 alternatives'],
  ])('%s is refused', (pattern, message) => {
    expect(() => parseGlob(pattern)).toThrow(message)
  })

  test('which folders need not be gone into', () => {
    const glob = parseGlob('minutes/{2024,2025}/**/*.md')
    expect(['minutes', 'minutes/2025', 'minutes/2025/x/y'].every(glob.reachesBelow)).toBe(true)
    expect(['other', 'minutes/2023', 'other/minutes'].some(glob.reachesBelow)).toBe(false)
    expect(parseGlob('*.md').reachesBelow('x')).toBe(false)
    expect(['a/**', 'a', 'a/', '**', '*/**', '**/a', '{a,b}/**'].every((one) => parseGlob(one).coversFolder('a'))).toBe(
      true,
    )
    expect(['a/*', 'a/**/b', '*/*', 'b/**'].some((one) => parseGlob(one).coversFolder('a'))).toBe(false)
  })

  test('means what picomatch means, where both know it', () => {
    const part = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[^a]', '**', '/', '/', '.', '{a,b}', '{*,b/a}', 'ab')
    const name = fc
      .array(fc.constantFrom('a', 'b', '.', 'ab'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join(''))
    const names = fc.array(
      name.filter((one) => !/^\.+$/.test(one)),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 7 }), names, (parts, names) => {
        const pattern = parts.join('')
        // Where picomatch goes its own way: `**` beside other signs, `.` and empty segments.
        fc.pre(
          !/\*{3}|[^/]\*\*|\*\*[^/]|^\/|\/\/|\/$|(?:^|\/)\.+(?:\/|$)|\*\*\/\*\*|\/\*\*$/.test(pattern) &&
            !/\*\*|\{\*/.test(pattern.replaceAll(/(?:^|\/)\*\*(?=\/|$)/g, '')),
        )
        const subject = names.join('/')
        expect([pattern, subject, parseGlob(pattern).matches(subject)]).toEqual([
          pattern,
          subject,
          picomatch(pattern, { dot: true, fastpaths: false })(subject),
        ])
      }),
      { numRuns: 3000 },
    )
  })

  test('takes no longer than the two are long', () => {
    const started = performance.now()
    const path = Array.from({ length: 16 }, () => 'a'.repeat(250)).join('/')
    for (const pattern of ['*a'.repeat(499), '**/'.repeat(333), '**/*a*a*a*/'.repeat(90), `${'*?'.repeat(490)}b`])
      expect(parseGlob(`${pattern}b`).matches(path)).toBe(false)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

async function listed(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const stream = async function* (): AsyncIterable<string | Uint8Array> {
    yield* chunks
  }
  const paths: string[] = []
  for await (const path of readFileList(stream())) paths.push(path)
  return paths
}

describe('readFileList', () => {
  test.each([
    ['lines', ['a.md\nb c.md\n'], ['a.md', 'b c.md']],
    ['no line end at the end', ['a\nb'], ['a', 'b']],
    ['Windows', ['a\r\n\r\nb\r\n'], ['a', 'b']],
    ['blank lines', ['\n \n\ta\n\n'], ['\ta']],
    ['a comment is a name', ['# a\n'], ['# a']],
    ['cut anywhere', ['a', '.m', 'd\n', 'b', '\r', '\nc'], ['a.md', 'b', 'c']],
    ['NUL, with names that hold line ends', ['a\nb\0c\r\0 \0\0d'], ['a\nb', 'c\r', ' ', 'd']],
    ['nothing', [''], []],
    ['no chunk', [], []],
    ['a byte order mark', ['\ufeffa\n'], ['a']],
  ])('%s', async (_, chunks, paths) => {
    expect(await listed(...chunks)).toEqual(paths)
    const bytes = Buffer.from(chunks.join(''))
    expect(await listed(bytes)).toEqual(paths)
    expect(await listed(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(paths)
  })

  test('UTF-16 as PowerShell writes it', async () => {
    expect(await listed(Buffer.from('\ufeffGröße.md\r\nb.md\r\n', 'utf16le'))).toEqual(['Größe.md', 'b.md'])
  })

  test('a line beyond all paths is refused, with its number', async () => {
    const long = 'x'.repeat(64 * 1024 + 1)
    await expect(listed(`a\n${long}\n`)).rejects.toMatchObject({
      code: 'invalid-list',
      message: expect.stringContaining('line 2') as string,
    })
    await expect(listed(long)).rejects.toThrow('the list of files, line 1: longer than 64 KB')
    await expect(listed('a\0', long)).rejects.toThrow('line 2')
  })

  test('a million paths go through as they come', async () => {
    let held = 0
    const chunk = Buffer.from('folder/file.md\n'.repeat(1000))
    const stream = async function* (): AsyncIterable<Uint8Array> {
      for (let index = 0; index < 1000; index += 1) {
        held += 1000
        yield chunk
      }
    }
    let count = 0
    let most = 0
    for await (const _ of readFileList(stream())) {
      count += 1
      most = Math.max(most, held - count)
    }
    expect(count).toBe(1_000_000)
    expect(most).toBeLessThan(10_000)
  })
})

describe('applyDateRule', () => {
  const file = { path: 'a/2025-03-18 notes.md', readerDate: '2024-01-02', modifiedAt: Date.UTC(2023, 4, 6, 23, 30) }

  test.each([
    [undefined, file, '2024-01-02'],
    ['none', file, null],
    [['path'], file, '2025-03-18'],
    [['front-matter'], file, '2024-01-02'],
    [['file-time'], file, '2023-05-06'],
    [['path', 'front-matter'], { ...file, path: 'notes.md' }, '2024-01-02'],
    [['front-matter', 'file-time'], { ...file, readerDate: null }, '2023-05-06'],
    // The reader looked into the path.
    [['front-matter', 'file-time'], { ...file, readerDate: '2025-03-18' }, '2023-05-06'],
    [['front-matter', 'file-time'], { ...file, readerDate: '2025-03-18', frontMatterDate: '2025-03-18' }, '2025-03-18'],
    [['front-matter'], { ...file, frontMatterDate: null }, null],
    [['file-time'], { ...file, modifiedAt: new Date(Number.NaN) }, null],
    [['file-time'], { ...file, modifiedAt: 8.64e15 }, null],
    [['file-time'], { ...file, modifiedAt: null }, null],
    [['file-time'], { ...file, modifiedAt: new Date('2020-02-29T00:00:00Z') }, '2020-02-29'],
  ] as const)('%s', (rule, dates, date) => {
    expect(applyDateRule(rule, dates)).toBe(date)
  })
})
