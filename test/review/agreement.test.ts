import { expect, it } from 'vitest'
import type { Decision } from '../../src/model/decision.ts'
import { firstVerdicts } from '../../src/review/agree.ts'
import { cohensKappa, krippendorffsAlpha, rawAgreement, type Ratings } from '../../src/review/agreement.ts'

/** Each string is what one person said of the things, one letter each; a dot where they said nothing. */
function rated(...people: readonly string[]): Ratings[] {
  return Array.from({ length: people[0]?.length ?? 0 }, (_, thing) => {
    const said = people.map((letters, person) => [`p${person}`, letters[thing] ?? '.'] as const)
    return new Map(said.filter(([, letter]) => letter !== '.'))
  })
}

const pairs = (one: string, other: string) => [...one].map((letter, at) => [letter, other[at] ?? ''] as const)

it.each([
  // Krippendorff, Computing Krippendorff's alpha-reliability (2011), sections A, B and C.
  ['A: binary, two people', ['0100000010', '1110010000'], 0.095],
  ['B: nominal, two people', ['aabbdcccedda', 'babbbccceddd'], 0.692],
  ['C: nominal, four people, missing values', ['123321412...', '1233224125.3', '.3332342251.', '12332441251.'], 0.743],
])("Krippendorff's own example %s has his alpha", (_, people, alpha) => {
  expect(krippendorffsAlpha(rated(...people))).toBeCloseTo(alpha, 3)
})

it("Fleiss's example (Statistical methods for rates and proportions, 3rd edition, table 18.1) has his kappa", () => {
  const table = [
    [75, 1, 4],
    [5, 4, 1],
    [0, 0, 10],
  ]
  const both = table.flatMap((row, one) =>
    row.flatMap((count, other) => Array.from({ length: count }, () => [String(one), String(other)] as const)),
  )
  expect(both).toHaveLength(100)
  expect(cohensKappa(both)).toBeCloseTo(0.6765, 4)
})

it('kappa is 0 by chance, 1 for all, below 0 for less than chance, and not defined where all is one', () => {
  expect(cohensKappa(pairs('aabb', 'abab'))).toBe(0)
  expect(cohensKappa(pairs('aabb', 'aabb'))).toBe(1)
  expect(cohensKappa(pairs('aabb', 'bbaa'))).toBe(-1)
  expect(cohensKappa(pairs('aaaa', 'aaaa'))).toBeNull()
  expect(cohensKappa([])).toBeNull()
})

it('alpha passes over what one person only rated, and is not defined where all is one', () => {
  expect(krippendorffsAlpha(rated('ab.', 'abb'))).toBe(1)
  expect(krippendorffsAlpha(rated('aaa', 'aaa'))).toBeNull()
  expect(krippendorffsAlpha(rated('a..', '.bb'))).toBeNull()
})

it('raw agreement counts each thing once, however many spoke of it', () => {
  expect(rawAgreement(rated('aa', 'ab'))).toBe(0.5)
  // One of three pairs about the first, all of one about the second.
  expect(rawAgreement(rated('aa', 'aa', 'b.'))).toBeCloseTo((1 / 3 + 1) / 2, 10)
  expect(rawAgreement(rated('a.', '.b'))).toBeNull()
})

it("a person's first verdict counts, unless they took it back themselves", () => {
  let sequence = 0
  const say = (id: string, reviewer: string, verdict: Decision['verdict'], more: object = {}): Decision => {
    sequence += 1
    return { id, sequence, reviewer, verdict, undoes: null, ...more } as unknown as Decision
  }
  const first = [say('1', 'rita', 'accept'), say('2', 'sam', 'reject'), say('3', 'rita', 'reject')]
  expect(Object.fromEntries(firstVerdicts(first))).toEqual({ rita: 'accept', sam: 'reject' })
  const slip = [...first, say('4', 'rita', 'undo', { undoes: '1' }), say('5', 'rita', 'undo', { undoes: '2' })]
  expect(Object.fromEntries(firstVerdicts(slip))).toEqual({ rita: 'reject', sam: 'reject' })
  const settled = [say('6', 'tom', 'accept', { adjudicates: ['1', '2'] }), say('7', 'uma', 'undo', { undoes: '9' })]
  expect(firstVerdicts(settled).size).toBe(0)
})
