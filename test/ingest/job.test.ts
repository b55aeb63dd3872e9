import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFiles, type FindOptions } from '../../ingest/job.ts'
import { planDocument } from '../../ingest/plan.ts'

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

test('planDocument compares hashes', () => {
  const found = { id: 'd', contentHash: 'h1' }
  expect(planDocument(found, undefined)).toBe('new')
  expect(planDocument(found, { contentHash: 'h1' })).toBe('unchanged')
  expect(planDocument(found, { contentHash: 'h0' })).toBe('changed')
})
