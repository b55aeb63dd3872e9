import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unscopedEntityId as entityId } from '../../src/model/entity.ts'
import { type Clusterings, follow } from './scores.ts'
import { indexNames, pairOf, resolveAcross, resolveWithin, type Thing } from '../../src/resolve/identity/identity.ts'

interface GoldEntity {
  readonly name: string
  readonly type: string
  readonly aliases: readonly string[]
  readonly files: readonly string[]
}

export interface Gold {
  readonly entities: readonly GoldEntity[]
  readonly distinct: readonly (readonly [string, string])[]
}

export interface SampleResult {
  /** Pairs of names of one thing that stand in the files. */
  readonly pairs: number
  readonly joined: number
  readonly proposed: number
  /** Pairs of things proposed, right or wrong, and those of them that are right. */
  readonly proposals: number
  readonly rightProposals: number
  readonly wrongJoins: readonly string[]
  readonly distinctJoined: readonly string[]
  readonly missed: readonly string[]
  /** The names in each file; without those that two things of a file go by. */
  readonly clusterings: Clusterings
}

/** What is asked about: names of the one and of the other, and an id of each, as {@link measureSample} gives them. */
interface Asked {
  readonly names: readonly [readonly string[], readonly string[]]
  readonly ids: readonly [string, string]
}

export function readGold(folder: string): Gold {
  return JSON.parse(readFileSync(join(folder, 'gold.json'), 'utf8')) as Gold
}

/** The names of the gold that stand in a file, each a thing of its own, and the file's text. */
export function thingsIn(
  gold: Gold,
  folder: string,
  file: string,
): { readonly things: Thing[]; readonly text: string } {
  const text = readFileSync(join(folder, 'repository', file), 'utf8').replaceAll('&atilde;', 'ã')
  return { things: gold.entities.flatMap((entity) => readThings(entity, text, file)), text }
}

/** Resolves each file of the sample, then its clusters against those of the files before, as an ingest does. */
export async function measureSample(folder: string): Promise<SampleResult> {
  const gold = readGold(folder)
  const files = [...new Set(gold.entities.flatMap((entity) => entity.files))].toSorted()
  const graph = new Map<string, Thing>()
  const asked: Asked[] = []
  const nodeOf = new Map<string, string>()
  for (const file of files) {
    const { things, text } = thingsIn(gold, folder, file)
    const { clusters, judgements } = resolveWithin({ things, texts: [text] })
    const wholes = gather(things, clusters, file)
    const namesOf = (id: string): readonly string[] => wholes.get(id)?.names ?? []
    for (const { verdict, a, b } of judgements)
      if (verdict === 'propose')
        asked.push({ names: [namesOf(a), namesOf(b)], ids: [mentionOf(file, a), mentionOf(file, b)] })
    const index = indexNames([...graph.values()])
    for (const whole of new Set(wholes.values())) {
      const found = await resolveAcross(whole, index)
      const otherOf = ({ a, b }: { a: string; b: string }): string => (a === whole.id ? b : a)
      for (const judgement of found) {
        const other = otherOf(judgement)
        if (judgement.verdict === 'propose')
          asked.push({ names: [whole.names, graph.get(other)?.names ?? []], ids: [whole.id, other] })
      }
      const home = found.find(({ verdict }) => verdict === 'join')
      const id = home === undefined ? whole.id : otherOf(home)
      graph.set(id, { ...whole, id, names: [...new Set([...(graph.get(id)?.names ?? []), ...whole.names])] })
      nodeOf.set(whole.id, id)
    }
    for (const [id, whole] of wholes) nodeOf.set(mentionOf(file, id), nodeOf.get(whole.id) ?? whole.id)
  }
  const nodes = [...graph.values()].map(({ names }) => names)
  return judge(gold, nodes, asked, nodeOf)
}

/** The name in the file. A node goes by the first name that came to it. */
const mentionOf = (file: string, id: string): string => `${file} ${id}`

/** The cluster of each thing, by the thing's id. */
function gather(things: readonly Thing[], clusters: readonly (readonly string[])[], file: string): Map<string, Thing> {
  const wholes = new Map(things.map((thing) => [thing.id, { ...thing, id: mentionOf(file, thing.id) }]))
  for (const ids of clusters) {
    const members = things.filter(({ id }) => ids.includes(id))
    const names = members.flatMap((thing) => thing.names).toSorted((x, y) => y.length - x.length)
    const whole = {
      id: mentionOf(file, ids[0] ?? ''),
      type: members[0]?.type ?? '',
      names,
      speaksIn: members.flatMap(({ speaksIn = [] }) => speaksIn),
    }
    for (const id of ids) wholes.set(id, whole)
  }
  return wholes
}

function judge(
  { entities, distinct }: Gold,
  clusters: readonly (readonly string[])[],
  asked: readonly Asked[],
  nodeOf: ReadonlyMap<string, string>,
): SampleResult {
  const present = new Set(clusters.flat())
  const same = new Map(entities.flatMap((entity) => pairsAmong(formsOf(entity).filter((name) => present.has(name)))))
  const joined = new Map(clusters.flatMap(pairsAmong))
  const proposed = new Map(
    asked.flatMap(({ names: [left, right] }) => left.flatMap((a) => right.map((b) => shown(a, b)))),
  )
  const missed = [...same.keys()].filter((pair) => !joined.has(pair) && !proposed.has(pair))
  const right = [...same.keys()].filter((pair) => joined.has(pair)).length
  const goldOf = ownersOf(entities)
  const isRight = ({ ids: [a, b] }: Asked): boolean => goldOf.has(a) && goldOf.get(a) === goldOf.get(b)
  const questions = (some: readonly Asked[]): number =>
    new Set(some.map(({ names: [left, right] }) => pairOf(left[0] ?? '', right[0] ?? ''))).size
  const rightly = asked.filter(isRight)
  return {
    pairs: same.size,
    joined: right,
    proposed: same.size - right - missed.length,
    proposals: questions(asked),
    rightProposals: questions(rightly),
    wrongJoins: [...joined].filter(([pair]) => !same.has(pair)).map(([, words]) => words),
    distinctJoined: distinct.filter(([a, b]) => joined.has(pairOf(a, b))).map(([a, b]) => `${a} = ${b}`),
    missed: missed.map((pair) => same.get(pair) ?? ''),
    clusterings: clusterMentions(goldOf, nodeOf, rightly),
  }
}

function clusterMentions(
  goldOf: ReadonlyMap<string, string>,
  nodeOf: ReadonlyMap<string, string>,
  rightly: readonly Asked[],
): Clusterings {
  const mentions = [...nodeOf.keys()].filter((mention) => goldOf.has(mention))
  const answered = follow([...nodeOf, ...rightly.map(({ ids }) => ids)])
  const cluster = (of: (mention: string) => string) => new Map(mentions.map((mention) => [mention, of(mention)]))
  return {
    gold: cluster((mention) => goldOf.get(mention) ?? mention),
    joined: cluster((mention) => nodeOf.get(mention) ?? mention),
    answered: cluster(answered),
  }
}

/** Whose each name in a file is; not those that two things of the file go by. */
function ownersOf(entities: readonly GoldEntity[]): ReadonlyMap<string, string> {
  const owners = new Map<string, Set<string>>()
  for (const entity of entities)
    for (const file of entity.files)
      for (const form of formsOf(entity)) {
        const mention = mentionOf(file, entityId(entity.type, form))
        owners.set(mention, (owners.get(mention) ?? new Set()).add(entity.name))
      }
  return new Map(
    [...owners].flatMap(([mention, [owner = '', ...others]]) => (others.length > 0 ? [] : [[mention, owner]])),
  )
}

const formsOf = ({ name, aliases }: GoldEntity): string[] => [name, ...aliases]
const shown = (a: string, b: string): [string, string] => [pairOf(a, b), `${a} = ${b}`]
const pairsAmong = (names: readonly string[]): [string, string][] =>
  names.flatMap((a, at) => names.slice(at + 1).map((b) => shown(a, b)))

function readThings(entity: GoldEntity, text: string, file: string): Thing[] {
  if (!entity.files.includes(file)) return []
  const names = formsOf(entity).filter((name) => new RegExp(`(?<!\\p{L})${literal(name)}(?!\\p{L})`, 'u').test(text))
  return names.map((name) => {
    const isLabel = new RegExp(`(?:^|\\n|\\t|<v )${literal(name)}(?:\\s\\(\\d|:|\\t|>)`, 'u').test(text)
    return {
      id: entityId(entity.type, name),
      type: entity.type,
      names: [name],
      ...(isLabel ? { speaksIn: [file] } : {}),
    }
  })
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
