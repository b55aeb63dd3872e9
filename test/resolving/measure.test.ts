import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { countRight, keyOfJoin, readVerdicts, type Verdict } from '../../bench/resolution/joins-judged.ts'
import { measureAcross, measureWithin } from '../../bench/resolution/redocred.ts'
import { bCubed, follow, pairwise, unite } from '../../bench/resolution/scores.ts'
import { ROOT } from '../whygraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-measure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function measure(...given: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bench/resolution/measure.ts', ...given], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    )
  })
}

it('measure:resolution takes the folder of its data itself, too', { timeout: 120_000 }, async () => {
  const data = join(folder, 'entity-resolution')
  mkdirSync(join(data, 'nicknames'), { recursive: true })
  writeFileSync(join(data, 'nicknames/names.csv'), 'name1,relationship,name2\naaron,has_nickname,ron\n')
  expect(await measure(data)).toMatchObject({ code: 0, stdout: expect.stringContaining('of 1 pairs') })
})

it('measure:resolution meets nothing where there is nothing to measure', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await measure(join(folder, 'elsewhere'))
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('Nothing was measured')
})

const person = (id: string, ...aliases: string[]) => ({ id, name: aliases[0] ?? '', type: 'PER', aliases })
/** The first one's annotators have a surname as somebody else; the second one's do not. */
const ROWS = [
  {
    id: 'doc-1',
    text: 'Ada Byron wrote a program. Later Byron slept.',
    entities: [person('e0', 'Ada Byron'), person('e1', 'Byron')],
  },
  {
    id: 'doc-2',
    text: 'Grace Hopper found a moth. Then Hopper wrote it down, as Amazing Grace does.',
    entities: [person('e0', 'Grace Hopper', 'Hopper', 'Amazing Grace')],
  },
]
const judgedIn = (result: ReturnType<typeof measureWithin>) => [...result.seen.judged, ...result['held-out'].judged]
const clusteringsIn = (result: ReturnType<typeof measureWithin>) =>
  unite([result.seen.clusterings, result['held-out'].clusterings])

it('measure:resolution misses the target where nobody has read a join that the annotators lack', async () => {
  const data = join(folder, 'unread')
  mkdirSync(join(data, 'relations/redocred'), { recursive: true })
  const lines = ROWS.map((row) => JSON.stringify(row)).join('\n')
  writeFileSync(join(data, 'relations/redocred/dev.jsonl'), `${lines}\n`)
  const { code, stdout } = await measure(data, '--wrong')
  expect(code).toBe(1)
  expect(stdout).toContain('when each that the annotators lack is read: 1 of 2 (50.0 %)')
  expect(stdout).toContain('0 were read as two, 0 as undecidable, 1 by nobody')
  expect(stdout).toContain(`${keyOf('Byron', 'Ada Byron')} unread, surname: `)
  expect(stdout).toMatch(/^MISSED +within: automatic joins right, as read +50\.0 % +≥ 98\.0 %/m)
}, 120_000)

const keyOf = (a: string, b: string): string =>
  keyOfJoin({ measured: 'within', document: 'doc-1', judgement: { forms: [a, b] } })

describe('joins that were read', () => {
  const judged = judgedIn(measureWithin(ROWS))
  const key = keyOf('Ada Byron', 'Byron')

  it('go by the document and a hash of both names, in either order', () => {
    expect(key).toMatch(/^within doc-1 [0-9a-f]{12}$/)
    expect(key).toBe(keyOf('Byron', 'Ada Byron'))
  })

  it.each<[Verdict, number]>([
    ['one', 2],
    ['two', 1],
    ['undecidable', 1],
  ])('are right as %s: %i of 2', (verdict, right) => {
    const nothing = { two: 0, undecidable: 0, unread: 0 }
    const { all, right: found, ...others } = countRight(judged, new Map([[key, verdict]]))
    expect({ all, found }).toEqual({ all: 2, found: right })
    expect(others).toEqual(verdict === 'one' ? nothing : { ...nothing, [verdict]: 1 })
  })

  it('have one verdict each', () => {
    const text = readFileSync(join(ROOT, 'bench/resolution/joins-judged.json'), 'utf8')
    const keys = text.match(/(?:within|across) redocred-dev-\d+ [0-9a-f]{12}/g) ?? []
    expect(keys.length).toBeGreaterThan(0)
    expect(readVerdicts().size).toBe(keys.length)
  })
})

describe('clusterings', () => {
  it('are scored by item and by pair', () => {
    const gold = new Map(Object.entries({ a: '1', b: '1', c: '1', d: '2', e: '3' }))
    const found = new Map(Object.entries({ a: 'x', b: 'x', c: 'y', d: 'y', e: 'z' }))
    expect(pairwise(found, gold)).toEqual({ right: 1, wrong: 1, all: 3 })
    // a and b: 1 and 2/3; c: 1/2 and 1/3; d: 1/2 and 1; e: 1 and 1.
    expect(bCubed(found, gold).precision).toBeCloseTo(4 / 5)
    expect(bCubed(found, gold).recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
  })

  it('follow pairs from one to the next', () => {
    const end = follow([
      ['a', 'b'],
      ['c', 'd'],
      ['b', 'c'],
    ])
    expect(new Set(['a', 'b', 'c', 'd'].map(end)).size).toBe(1)
    expect(end('e')).toBe('e')
  })

  it('of documents keep apart what stands in two, and take up proposals that are right', () => {
    const { gold, joined, answered } = clusteringsIn(measureWithin(ROWS))
    expect(pairwise(joined, gold)).toEqual({ right: 1, wrong: 1, all: 3 })
    expect(pairwise(answered, gold).wrong).toBe(1)
    expect(new Set(gold.values()).size).toBe(3)
  })

  it('across documents have what annotators of any of them call one', async () => {
    const again = { id: 'doc-3', text: '', entities: [person('e0', 'Hopper', 'G. M. Hopper')] }
    const { gold, answered } = clusteringsIn(await measureAcross([...ROWS, again]))
    expect(gold.size).toBe(6)
    expect(new Set(gold.values()).size).toBe(3)
    expect(pairwise(answered, gold)).toMatchObject({ wrong: 0, all: 6 })
  })
})
