import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { madeUpEntity } from '../../bench/resolution/made-up-names.ts'
import type { Entity } from '../../src/model/entity.ts'
import { MOST_IN_POSTING, type NamedThing, type NameIndex } from '../../src/model/name-index.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { indexNames, resolveAcross } from '../../src/resolve/identity/identity.ts'
import { judgeNames } from '../../src/resolving/across.ts'
import type { Store } from '../../src/store/store.ts'
import { noting } from './noting.ts'
import { eachStore } from '../stores.ts'

const person = (id: string, name: string, ...aliases: string[]): Entity => ({ id, type: 'Person', name, aliases })

const thingOf = ({ id, type, name, aliases }: Entity): NamedThing => ({ id, type, names: [name, ...aliases] })

async function put(store: Store, ...entities: Entity[]): Promise<void> {
  const nodes = entities.map((entity) => ({ kind: 'Entity' as const, id: entity.id, properties: { ...entity } }))
  await store.database.write((writer) => writer.putNodes(nodes))
  await store.names.update(entities.map(({ id }) => id))
}

/** What an index says of each key: how many bear it (one more than the cap: too many), and who. */
async function contents(index: NameIndex, keys: readonly string[]): Promise<Record<string, unknown>> {
  const found = [...(await index.lookUp(keys))].map(([key, { things, count }]) => {
    const known = things.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return [key, { count: Math.min(count, MOST_IN_POSTING + 1), things: known }] as const
  })
  return Object.fromEntries(found.toSorted())
}

/** Says what the index in memory says of the same entities, for all keys and some that nobody has. */
async function expectAgreement(store: Store, entities: readonly Entity[], absent: readonly Entity[] = []) {
  const keys = [...new Set([...entities, ...absent].flatMap((entity) => derivation.nameKeys(thingOf(entity))))]
  const expected = await contents(indexNames(entities.map(thingOf)), keys)
  const found = await contents(store.names, keys)
  const others = keys.filter((key) => !isDeepStrictEqual(found[key], expected[key]))
  expect(others.map((key) => [key, found[key], expected[key]])).toEqual([])
  return expected
}

eachStore('the index of names', (open) => {
  it('agrees with the one in memory, whatever is added, renamed and removed', { timeout: 120_000 }, async () => {
    const { store } = await open()
    const smiths = Array.from({ length: MOST_IN_POSTING + 20 }, (_, index) =>
      person(`s${index}`, `Given${index} Smith`),
    )
    const entities = [...smiths, ...Array.from({ length: 180 }, (_, index) => madeUpEntity(index))]
    await put(store, ...entities)
    const all = Object.values(await expectAgreement(store, entities)) as { count: number }[]
    // There are keys that too many bear, and others that just few do.
    expect(all.some(({ count }) => count > MOST_IN_POSTING)).toBe(true)
    expect(all.filter(({ count }) => count > 1 && count <= MOST_IN_POSTING).length).toBeGreaterThan(50)

    const renamed = entities.slice(0, 40).map((entity, index) => ({ ...madeUpEntity(5_000 + index), id: entity.id }))
    await put(store, ...renamed)
    await expectAgreement(store, [...renamed, ...entities.slice(40)], entities)

    const gone = entities.slice(20, 200).map(({ id }) => id)
    await store.database.write((writer) => writer.removeNodes('Entity', gone))
    const left = [...renamed.slice(0, 20), ...entities.slice(200)]
    await expectAgreement(store, left, [...renamed, ...entities])
    // What too many bore is found again once they are fewer.
    await store.names.update(gone)
    await put(store, ...entities.slice(30, 90))
    await expectAgreement(store, [...left, ...entities.slice(30, 90)], entities)
  })

  it('tells no one of a key that too many bear, until some of them go', async () => {
    const { store } = await open()
    const smiths = Array.from({ length: MOST_IN_POSTING + 1 }, (_, index) => person(`s${index}`, `Given${index} Smith`))
    const ofSmith = async () => (await store.names.lookUp(['Person|token=smith'])).get('Person|token=smith')
    await put(store, ...smiths.slice(1))
    expect(await ofSmith()).toMatchObject({ count: MOST_IN_POSTING, things: { length: MOST_IN_POSTING } })
    await put(store, ...smiths)
    expect(await ofSmith()).toEqual({ count: MOST_IN_POSTING + 1, things: [] })
    const counts = await store.database.read(async (reader) => {
      const [one = [], other = []] = (await reader.nameKeys(['s1', 's2'])).values()
      const shared = one.filter((key) => other.includes(key))
      return reader.countByNameKeys(shared, MOST_IN_POSTING)
    })
    expect(Math.max(...counts.values())).toBe(MOST_IN_POSTING + 1)
    await put(store, person('s3', 'Given3 Jones'))
    expect(await ofSmith()).toMatchObject({ count: MOST_IN_POSTING, things: { length: MOST_IN_POSTING } })
  })

  it('serves those who resolve a name across documents', async () => {
    const { store } = await open()
    await put(store, person('a', 'Amara N. Okafor', 'Okafor'), person('b', 'Ben Marsh'))
    const judged = await resolveAcross({ id: 'c', type: 'Person', names: ['Amara Okafor'] }, store.names)
    expect(judged).toMatchObject([{ a: 'a', b: 'c', verdict: 'propose', rule: 'middle-name' }])
  })

  it('gives an entity as it is now, with all its names', async () => {
    const { store } = await open()
    await put(store, person('a', 'Amara Okafor', 'Amara', 'AO'))
    const key = 'Person|name=amara okafor'
    const look = async () => (await store.names.lookUp([key])).get(key)
    expect(await look()).toEqual({
      count: 1,
      things: [{ id: 'a', type: 'Person', names: ['Amara Okafor', 'Amara', 'AO'] }],
    })
    expect(await store.names.lookUp([])).toEqual(new Map())
    expect(await store.names.lookUp(['Person|name=nobody'])).toEqual(new Map())
  })

  it('keeps nothing of an entity that is not there, nor of one that went', async () => {
    const { store } = await open()
    await store.names.update(['nobody'])
    expect(await store.database.read((reader) => reader.list('Entity'))).toEqual([])
    await put(store, person('a', 'Amara Okafor'))
    await store.database.write((writer) => writer.setNameKeys([{ id: 'nobody', keys: [1, 2] }]))
    await store.database.write((writer) => writer.removeNodes('Entity', ['a']))
    expect(await store.database.read((reader) => reader.nameKeys(['nobody', 'a']))).toEqual(new Map())
    expect(await store.database.read((reader) => reader.findByNameKeys([1, 2], 5))).toEqual(new Map())
    // Another one, which may well have the number in the file that the first had.
    await store.database.write((writer) =>
      writer.putNodes([{ kind: 'Entity', id: 'b', properties: { ...person('b', 'Ben Marsh') } }]),
    )
    expect(await store.names.lookUp(derivation.nameKeys(thingOf(person('a', 'Amara Okafor'))))).toEqual(new Map())
  })

  it('takes keys and gives them back, and takes all away', async () => {
    const { store } = await open()
    await put(store, person('a', 'A'), person('b', 'B'))
    const set = (...keys: number[]) => store.database.write((writer) => writer.setNameKeys([{ id: 'a', keys }]))
    const kept = async () => (await store.database.read((reader) => reader.nameKeys(['a']))).get('a') ?? []
    const most = 2 ** 48 - 1
    await set(0, 35, 1e12, most)
    expect(await kept()).toEqual([0, 35, 1e12, most])
    const found = await store.database.read((reader) => reader.findByNameKeys([35, most, 36], 5))
    const counts = await store.database.read((reader) => reader.countByNameKeys([35, most, 36], 5))
    expect([35, most, 36].map((key) => counts.get(key) ?? 0)).toEqual([1, 1, 0])
    expect(new Set(found.keys())).toEqual(new Set([35, most]))
    await set()
    expect(await kept()).toEqual([])
    expect(await store.database.read((reader) => reader.findByNameKeys([0, 35, most], 5))).toEqual(new Map())
  })

  it('is asked for each key once while names are judged', async () => {
    const { store } = await open()
    const entities = Array.from({ length: 20 }, (_, index) => person(`p${index}`, `Given${index} Surname${index % 5}`))
    await store.database.write((writer) =>
      writer.putNodes(entities.map((entity) => ({ kind: 'Entity', id: entity.id, properties: { ...entity } }))),
    )
    const asked: number[] = []
    const ids = entities.map(({ id }) => id)
    const note = (name: PropertyKey, [keys]: readonly unknown[]): void => {
      if (name === 'findByNameKeys' || name === 'countByNameKeys') asked.push(...(keys as number[]))
    }
    await store.database.write((writer) => judgeNames(noting(writer, note), derivation, ids.slice(0, 10)))
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.length - new Set(asked).size).toBe(0)
    await store.names.update(ids)
    await expectAgreement(store, entities)
  })

  it('is made by several at once', async () => {
    const { store } = await open()
    const entities = Array.from({ length: 90 }, (_, index) => madeUpEntity(index))
    await put(store, ...entities)
    const ids = entities.map(({ id }) => id)
    await Promise.all([0, 30, 60, 15].map((at) => store.names.update(ids.slice(at, at + 40))))
    await expectAgreement(store, entities)
  })
})

describe('made-up names', () => {
  it('are the same each time', () => expect(madeUpEntity(17)).toEqual(madeUpEntity(17)))
})
