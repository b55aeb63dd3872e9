import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { planSource, type KnownDocument } from '../../ingest/plan.ts'

/** A store in which the document at each path is called after it; what is not among the files is missing. */
function plan(
  files: Readonly<Record<string, string | null>>,
  stored: Readonly<Record<string, string>>,
  about: Readonly<Record<string, Partial<KnownDocument>>> = {},
) {
  const known = Object.entries(stored).map(([path, contentHash]): KnownDocument => ({
    id: path,
    path,
    contentHash,
    isGone: false,
    isMissing: !(path in files),
    isJudged: true,
    ...about[path],
  }))
  const found = Object.entries(files).map(([path, contentHash]) => ({ path, contentHash }))
  const { files: planned, gone } = planSource(found, known, (path, number) => path + (number === 0 ? '' : `#${number}`))
  const changes = Object.fromEntries(planned.map(({ path, change, id }) => [path, `${change} ${id}`]))
  return { ...changes, gone: gone.map(({ id }) => id) }
}

describe('what is to be done about a source', () => {
  it.each([
    ['nothing', { a: '1' }, { a: '1' }, { a: 'unchanged a', gone: [] }],
    ['new', { a: '1', b: '2' }, { a: '1' }, { a: 'unchanged a', b: 'new b', gone: [] }],
    ['changed', { a: '2' }, { a: '1' }, { a: 'changed a', gone: [] }],
    ['gone', { a: '1' }, { a: '1', b: '2' }, { a: 'unchanged a', gone: ['b'] }],
    ['moved', { b: '1' }, { a: '1' }, { b: 'moved a', gone: [] }],
    ['moved with a change', { b: '2' }, { a: '1' }, { b: 'new b', gone: ['a'] }],
    ['two that changed places', { a: '2', b: '1' }, { a: '1', b: '2' }, { a: 'moved b', b: 'moved a', gone: [] }],
    [
      'three in a circle',
      { a: '3', b: '1', c: '2' },
      { a: '1', b: '2', c: '3' },
      { a: 'moved c', b: 'moved a', c: 'moved b', gone: [] },
    ],
    [
      'pages, one more put in front',
      { p1: '0', p2: '1', p3: '2' },
      { p1: '1', p2: '2' },
      { p1: 'new p1#1', p2: 'moved p1', p3: 'moved p2', gone: [] },
    ],
    ['a copy, and then a change', { a: '2', b: '1' }, { a: '1' }, { a: 'changed a', b: 'new b', gone: [] }],
    ['a copy', { a: '1', b: '1' }, { a: '1' }, { a: 'unchanged a', b: 'new b', gone: [] }],
    ['one moved over another', { b: '1' }, { a: '1', b: '2' }, { b: 'moved a', gone: ['b'] }],
    ['two alike, both moved', { c: '1', d: '1' }, { a: '1', b: '1' }, { c: 'moved a', d: 'moved b', gone: [] }],
    ['two alike, one moved', { a: '1', c: '1' }, { a: '1', b: '1' }, { a: 'unchanged a', c: 'moved b', gone: [] }],
    ['two alike, one gone', { b: '1' }, { a: '1', b: '1' }, { b: 'unchanged b', gone: ['a'] }],
    [
      'a new file where one has moved from',
      { a: '2', b: '1' },
      { a: '1', b: '3' },
      { a: 'new a#1', b: 'moved a', gone: ['b'] },
    ],
    ['one that cannot be read now', { a: null }, { a: '1' }, { a: 'changed a', gone: [] }],
  ])('%s', (_, files, stored, expected) => {
    expect(plan(files, stored)).toEqual(expected)
  })

  it('what was gone comes back where it was, or elsewhere', () => {
    const gone = { a: { isGone: true, isMissing: true } }
    expect(plan({ a: '1' }, { a: '1' }, gone)).toEqual({ a: 'returned a', gone: [] })
    expect(plan({ a: '2' }, { a: '1' }, gone)).toEqual({ a: 'returned a', gone: [] })
    expect(plan({ b: '1' }, { a: '1' }, gone)).toEqual({ b: 'moved a', gone: [] })
    expect(plan({ a: '1', b: '1' }, { b: '1' }, { b: { isGone: true } })).toEqual({
      a: 'new a',
      b: 'returned b',
      gone: [],
    })
  })

  it('what is left out, or lies where this run does not look, is not gone', () => {
    expect(plan({}, { a: '1', b: '2' }, { a: { isMissing: false }, b: { isJudged: false } })).toEqual({ gone: [] })
  })

  it('of two that stand at one path after a move that was broken off, each finds its own', () => {
    const stored = { a: '1', b: '2' }
    expect(plan({ a: '2', b: '1' }, stored, { a: { path: 'b', isMissing: false } })).toEqual({
      a: 'moved b',
      b: 'unchanged a',
      gone: [],
    })
  })
})

test('however files are shuffled, each document goes with its content, and none is taken twice', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const folder = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '2', '3', '4', '5', '6', '7'))
  fc.assert(
    fc.property(folder, folder, (stored, files) => {
      const { gone, ...planned } = plan(files, stored)
      const ids = Object.values(planned).map((text) => String(text).split(' ')[1] as string)
      expect(new Set([...ids, ...gone]).size).toBe(ids.length + gone.length)
      // Every document is a file now, or gone.
      expect([...ids, ...gone]).toEqual(expect.arrayContaining(Object.keys(stored)))
      for (const [path, text] of Object.entries(planned)) {
        const [change, id = ''] = String(text).split(' ')
        if (change === 'moved' || change === 'unchanged') expect(stored[id]).toBe(files[path])
        if (change === 'new') expect(Object.keys(stored)).not.toContain(id)
      }
      // Where all contents differ and none is new, none is lost.
      const before = Object.values(stored)
      const isShuffle =
        new Set(before).size === before.length && before.toSorted().join() === Object.values(files).toSorted().join()
      if (isShuffle) expect(gone).toEqual([])
    }),
  )
})
