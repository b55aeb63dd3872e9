import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { normaliseName } from '../../src/model/entity.ts'
import { runCli } from '../../src/program.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { Store } from '../../src/store/store.ts'

interface Gold {
  readonly entities: readonly { readonly name: string; readonly aliases: readonly string[] }[]
  readonly distinct: readonly (readonly [string, string])[]
}

export interface ProductResult {
  /** Pairs of names that were joined, and that are asked about, as `one = other`, sorted; right by the gold. */
  readonly joined: { readonly right: readonly string[]; readonly wrong: readonly string[] }
  readonly asked: { readonly right: readonly string[]; readonly wrong: readonly string[] }
  /** Pairs that the gold keeps apart, and that one node bears. */
  readonly distinctJoined: readonly string[]
  /** Nodes by name, with all that they go by. */
  readonly nodes: ReadonlyMap<string, readonly string[]>
}

/** What the product itself makes of the sample's names: its job is ingested into a store of its own, with the recorded replies. */
export async function measureProduct(folder: string): Promise<ProductResult> {
  const store = mkdtempSync(join(tmpdir(), 'whygraph-names-'))
  try {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    stdout.resume()
    let said = ''
    stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    stdin.end()
    const { signal } = new AbortController()
    const surroundings = { cwd: folder, environment: {}, stdin, stdout, stderr, signal, version: '0' }
    const code = await runCli(['ingest', '--job', 'job.yaml', '--store', store], surroundings)
    if (code !== 0) throw new Error(`the sample was not ingested: ${said}`)
    return await judge(folder, store)
  } finally {
    rmSync(store, { recursive: true, force: true })
  }
}

async function judge(folder: string, path: string): Promise<ProductResult> {
  const gold = JSON.parse(readFileSync(join(folder, 'gold.json'), 'utf8')) as Gold
  const store = new Store(await openLocalDatabase(path), derivation)
  try {
    const links = (await store.links(['proposed', 'merged', 'held'])).filter(({ type }) => type === 'SAME_AS')
    const isRight = await createIsRight(store, gold)
    const sorted = async (some: readonly StoredLink[]) => {
      const judged = await Promise.all(some.map(async (link) => ({ shown: shown(link), right: await isRight(link) })))
      const those = (right: boolean) => judged.filter((one) => one.right === right).map((one) => one.shown)
      return { right: those(true).toSorted(), wrong: those(false).toSorted() }
    }
    const entities = await store.database.read(async (reader) => reader.list('Entity'))
    const nodes = new Map(
      entities.map(({ properties }) => {
        const name = String(properties['name'])
        return [name, [name, ...((properties['aliases'] ?? []) as readonly string[])]]
      }),
    )
    const bears = (names: readonly string[], name: string): boolean =>
      names.some((one) => normaliseName(one) === normaliseName(name))
    return {
      joined: await sorted(links.filter(({ status, bond }) => status === 'merged' && bond?.kind === 'automatic')),
      asked: await sorted(links.filter(({ status }) => status === 'proposed')),
      distinctJoined: gold.distinct
        .filter(([one, other]) => [...nodes.values()].some((names) => bears(names, one) && bears(names, other)))
        .map(([one, other]) => `${one} = ${other}`),
      nodes,
    }
  } finally {
    await store.close()
  }
}

const shown = ({ subject, object }: StoredLink): string => [subject, object].toSorted().join(' = ')

/** Whether the gold has one entity that goes by both; a lone name of a person may be anybody's who goes by it. */
async function createIsRight(store: Store, { entities }: Gold): Promise<(link: StoredLink) => Promise<boolean>> {
  const of = (name: string): number[] =>
    entities.flatMap(({ name: own, aliases }, at) =>
      [own, ...aliases].some((form) => normaliseName(form) === normaliseName(name)) ? [at] : [],
    )
  return async (link) => {
    const compared = (await store.proposalsFor(link.id)).flatMap(({ proposal }) => proposal.compared ?? [])
    const [one, other] = [[link.subject], [link.object]].map((names) => new Set(names.flatMap(of)))
    const among = new Set(compared.flatMap(of))
    return [...(one ?? [])].some((at) => other?.has(at) === true) || (among.size === 1 && (one?.size ?? 0) <= 1)
  }
}
