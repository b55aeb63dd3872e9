import { describe, expect, it } from 'vitest'
import {
  indexNames,
  resolveAcross,
  resolveWithin,
  signatureOf,
  type Thing,
} from '../../../src/resolve/identity/identity.ts'
import type { NameSignatures } from '../../../src/model/name-index.ts'
import { bandKeys, likenessOf } from '../../../src/resolve/identity/signature.ts'

/** Normally distributed numbers, the same in every run. */
function createNormal(): () => number {
  let state = 7
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 1) / 4_294_967_297
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

const DIMENSIONS = 256
const normal = createNormal()
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0)
const unit = (vector: readonly number[]): number[] => vector.map((x) => x / Math.sqrt(dot(vector, vector)))
const random = (): number[] => unit(Array.from({ length: DIMENSIONS }, normal))

/** A vector at this cosine from another. */
function near(vector: readonly number[], cosine: number): number[] {
  const other = random()
  const along = dot(vector, other)
  const across = unit(other.map((x, at) => x - along * (vector[at] ?? 0)))
  return vector.map((x, at) => cosine * x + Math.sqrt(1 - cosine * cosine) * (across[at] ?? 0))
}

const bitsOf = (vector: readonly number[]): Uint8Array => signatureOf(vector) ?? new Uint8Array()

describe('signatures of vectors', () => {
  it.each([
    // What theory says of 32 bands of 16 bits: 1 - (1 - p^16)^32 with p = 1 - angle/π.
    [0.95, 0.998],
    [0.9, 0.939],
    [0.8, 0.563],
    [0.5, 0.048],
    [0, 0.0005],
  ])('share a band with a cosine of %f in a share of %f, and tell the cosine', (cosine, share) => {
    const pairs = Array.from({ length: 300 }, () => {
      const vector = random()
      return [bitsOf(vector), bitsOf(near(vector, cosine))] as const
    })
    const found = pairs.filter(([one, other]) => {
      const keys = new Set(bandKeys('Person', one))
      return bandKeys('Person', other).some((key) => keys.has(key))
    })
    // Three standard deviations of a sample of 300.
    expect(Math.abs(found.length / pairs.length - share)).toBeLessThan(
      3 * Math.sqrt((share * (1 - share)) / 300) + 0.005,
    )
    const likeness = pairs.reduce((sum, [one, other]) => sum + likenessOf(one, other), 0) / pairs.length
    expect(likeness).toBeCloseTo(cosine, 1)
  })

  it('are the same in every run, and do not depend on length', () => {
    const vector = Array.from({ length: 8 }, (_, at) => Math.sin(at + 1))
    expect(Buffer.from(bitsOf(vector)).toString('hex').slice(0, 32)).toBe('87259ada8e7cfd69d1d72abdace97720')
    expect(bitsOf(vector.map((x) => x * 1000))).toEqual(bitsOf(vector))
  })

  it.each([[[0, 0, 0]], [[Number.NaN, 1]], [[]]])('there is none of %j', (vector) => {
    expect(signatureOf(vector)).toBeNull()
  })
})

describe('names that a model takes for alike', () => {
  const [one, other, far, moon] = [random(), random(), random(), random()]
  const vectors = new Map([
    ['Ministry of War', one],
    ['Pentagon', near(one, 0.97)],
    ['Jonas Brandão', other],
    ['Jonas Vettergren', near(other, 0.97)],
    ['Post Office', far],
    ['Apollo 11', moon],
    ['Apollo 12', near(moon, 0.97)],
  ])
  const signatures: NameSignatures = {
    model: 'embedder',
    least: 0.8,
    of: (name) => signatureOf(vectors.get(name) ?? []),
  }
  const thing = (name: string, type = 'Organization'): Thing => ({ id: name, type, names: [name] })
  const index = indexNames(
    ['Ministry of War', 'Jonas Brandão', 'Post Office', 'Apollo 11'].map((name) => thing(name)),
    signatures,
  )
  const across = (name: string, known?: NameSignatures) => resolveAcross(thing(name), index, new Set(), known)

  it('are proposed, never joined, and it is said by whom', async () => {
    const [found, ...more] = await across('Pentagon', signatures)
    expect(more).toEqual([])
    expect(found).toMatchObject({ verdict: 'propose', rule: 'embedding', forms: ['Ministry of War', 'Pentagon'] })
    expect(found?.why).toMatch(/^embedder takes them for alike: a cosine of some 0\.9\d$/)
  })

  it('are nothing to each other without the model', async () => {
    expect(await across('Pentagon')).toEqual([])
  })

  it('of unlike types or numbers are not proposed', async () => {
    const persons = indexNames([thing('Ministry of War', 'Person')], signatures)
    expect(await resolveAcross(thing('Pentagon'), persons, new Set(), signatures)).toEqual([])
    expect((await across('Apollo 12', signatures)).filter(({ verdict }) => verdict !== null)).toEqual([])
  })

  it('that are two people with one first name are not proposed', async () => {
    const people = indexNames([thing('Jonas Brandão', 'Person')], signatures)
    const judged = await resolveAcross(thing('Jonas Vettergren', 'Person'), people, new Set(), signatures)
    expect(judged.filter(({ verdict }) => verdict !== null)).toEqual([])
  })

  it('are found within a document too', () => {
    const things = [thing('Ministry of War'), thing('Pentagon'), thing('Post Office')]
    const { clusters, judgements } = resolveWithin({ things, texts: [], signatures })
    expect(clusters).toEqual([])
    expect(judgements.filter(({ verdict }) => verdict === 'propose')).toMatchObject([{ rule: 'embedding' }])
  })
})
