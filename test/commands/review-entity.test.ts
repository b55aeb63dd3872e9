import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStore, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nAna knows Anna.\n',
  'b.md': 'Anna leads Kestrel.\n\nBen knows Anna.\n',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-entity-'))
  writeFileSync(join(folder, 'whygraph.yaml'), 'reviewer: rita\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [E, OTHER] = [actorId('Ana'), actorId('Anna')].toSorted() as [string, string]
const leads = ['Ana', 'Anna'].map((name) => linkId(actorId(name), 'LEADS', actorId('Kestrel'))).toSorted() as [
  string,
  string,
]

eachStore('review entity', (open, _, itAtLength) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment })
  const graph = async ({ store }: StoreUnderTest): Promise<string> => {
    const drawn = 'MATCH (a:__Entity__)-[r]->(b) RETURN a, r, b ORDER BY a.id, b.id, type(r)'
    const { rows } = await store.database.query(drawn, {}, { seconds: 30 })
    return JSON.stringify(rows)
  }

  it(
    'merges and splits two entities, says what it does to links, and gives all of it back',
    { timeout: 240_000 },
    async () => {
      const opened = await open()
      const { store } = opened
      await ingestTexts(store, readingEngine(), TEXTS)
      const whole = await snapshot(store)
      const before = await graph(opened)

      const dry = await run(opened, 'review', 'entity', 'merge', E, OTHER, '--dry-run')
      expect(dry.code).toBe(0)
      expect(dry.stdout).toContain('nothing was written')
      for (const id of leads) expect(dry.stdout).toContain(id.slice(0, 8))
      expect(dry.stdout).toMatch(/between the two, which would leave the graph:\n.*Ana ──KNOWS──▶ Anna/)
      expect(await snapshot(store)).toBe(whole)

      const merge = await run(opened, 'review', 'entity', 'merge', E, OTHER, '--reason', 'one lady')
      expect(merge).toMatchObject({ code: 0, stderr: '' })
      expect(merge.stdout).toContain(`are one: Anna, id ${E}`)
      const again = await run(opened, 'review', 'entity', 'merge', OTHER, E, '--json')
      expect(again).toMatchObject({ code: 0, stderr: '' })
      expect(parseJson(again)).toMatchObject({ unchanged: true, isOne: true })

      const shown = await run(opened, 'show', OTHER)
      expect(shown.stderr).toContain(`(${OTHER}) was taken for one thing with ${E}`)
      expect(shown.stderr).toMatch(/by link \S{8} {2}Ana ──SAME_AS──▶ Anna: accepted by rita at 20\S+ \(one lady\)\n$/)
      expect(shown.stdout).toContain(`id ${E}`)
      expect(shown.stdout).toContain(`one with: ${OTHER === actorId('Ana') ? 'Ana' : 'Anna'}  id ${OTHER}`)
      const link = await run(opened, 'show', leads[1])
      expect(link.stderr).toContain(`link ${leads[1]} has fallen into one with ${leads[0]}`)
      expect(link.stdout).toContain('2 for · 0 against')
      const accept = await run(opened, 'review', 'accept', leads[1])
      expect(accept.stdout).toContain(`${leads[0].slice(0, 8)}`)
      await run(opened, 'review', 'undo', leads[1])
      const same = await run(opened, 'review', 'list', '--status', 'merged', '--type', 'SAME_AS', '--json')
      const [joining] = parseJson<{ links: { id: string; items: { evidence: string }[] }[] }>(same).links
      expect(joining?.items.map(({ evidence }) => evidence)).toEqual(['Ana', 'Anna'])
      const card = await run(opened, 'review', 'show', joining?.id ?? '')
      expect(card.stdout).toContain('accepted: its ends are one thing')
      const own = await run(opened, 'review', 'list', '--status', 'accepted')
      expect(own.stdout).toMatch(/^\S{8} +\S+ +accepted +.*──SAME_AS──▶.*\n$/)
      const where = (conditions: string) => run(opened, 'review', 'list', '--status', 'accepted', '--where', conditions)
      expect((await where('type=SAME_AS')).stdout).toBe(own.stdout)
      expect((await where('type=LEADS')).stdout).toBe('')

      const undo = await run(opened, 'review', 'undo', joining?.id ?? '')
      expect(undo).toMatchObject({ code: 0, stderr: '' })
      expect(undo.stdout).toMatch(
        /^took back the accept of rita at 20\d\d-\d\d-\d\dT[\d:]{8} \(one lady\), decision [0-9A-Z]{26}, about\n.*──SAME_AS──▶.*: gone, revision 2 {2}saved ✓\n$/,
      )
      const counted = (text: string): string => text.replaceAll(/"rev":\d+/g, '"rev":0')
      expect(counted(await graph(opened))).toBe(counted(before))
      expect((await run(opened, 'show', OTHER)).stderr).toBe('')

      const split = await run(opened, 'review', 'entity', 'split', E, OTHER)
      expect(split.stdout).toContain('are two')
      expect(await store.link(joining?.id ?? '')).toMatchObject({ status: 'rejected' })
      expect((await run(opened, 'doctor', '--deep')).code).toBe(0)
    },
  )

  itAtLength(
    'says who stays with whom where one of three is split off, before and after',
    { timeout: 240_000 },
    async () => {
      const opened = await open()
      const { store } = opened
      const texts = {
        'c.md': 'Ana leads Kestrel.\n\nAnna leads Kestrel.\n\nHanna leads Kestrel.\n\nAna knows Hanna.\n',
      }
      await ingestTexts(store, readingEngine(), texts)
      const [ana, anna, hanna] = ['Ana', 'Anna', 'Hanna'].map(actorId) as [string, string, string]
      const mergeDry = await run(opened, 'review', 'entity', 'merge', ana, anna, '--dry-run')
      expect(mergeDry.stdout).toMatch(/^ {2}Anna {2}id \S+: (?:Ana|Anna) \(\S{8}\), (?:Ana|Anna) \(\S{8}\)$/m)
      await run(opened, 'review', 'entity', 'merge', ana, anna)
      await run(opened, 'review', 'entity', 'merge', anna, hanna)
      const whole = await snapshot(store)

      const dry = await run(opened, 'review', 'entity', 'split', anna, hanna, '--dry-run')
      expect(dry).toMatchObject({ code: 0, stderr: '' })
      expect(await snapshot(store)).toBe(whole)
      const nodes = (text: string): string[] =>
        [...text.matchAll(/^ {2}.* id \S+: .*$/gm)].map(([line]) => line).toSorted()
      expect(nodes(dry.stdout)).toHaveLength(2)
      expect(nodes(dry.stdout).join('\n')).toContain(`  Hanna  id ${hanna}: Hanna (${hanna.slice(0, 8)})`)
      expect(dry.stdout).toMatch(/links that would be links of their own again:\n.*LEADS/)
      expect(dry.stdout).toMatch(/which would come back:\n.*Ana ──KNOWS──▶ Hanna/)
      const split = await run(opened, 'review', 'entity', 'split', anna, hanna)
      expect(nodes(split.stdout)).toEqual(nodes(dry.stdout))
    },
  )

  itAtLength('says why two cannot be one', { timeout: 120_000 }, async () => {
    const opened = await open()
    await ingestTexts(opened.store, readingEngine(), TEXTS)
    const same = await run(opened, 'review', 'entity', 'merge', E, E)
    expect(same.stderr).toContain('are the id of one entity')
    const unknown = await run(opened, 'review', 'entity', 'merge', E, 'zzzzzz')
    expect(unknown.stderr).toContain("no entity or redirect has an id that starts with 'zzzzzz'")
  })

  itAtLength('refuses a verdict on a revision that was another one before links fell together and parted', async () => {
    const opened = await open()
    await ingestTexts(opened.store, readingEngine(), TEXTS)
    const [first, second] = leads
    const decide = async (...args: string[]): Promise<void> =>
      expect(await run(opened, 'review', ...args)).toMatchObject({ code: 0, stderr: '' })
    await decide('accept', first)
    await decide('reject', second)
    await decide('entity', 'merge', E, OTHER)
    const together = await run(opened, 'review', 'show', first)
    const [, revision = ''] = /revision (\d+)/.exec(together.stdout) ?? []
    await decide('undo')
    for (const rev of ['1', revision]) {
      const refused = await run(opened, 'review', 'reject', first, '--expect-rev', rev)
      expect(refused).toMatchObject({ code: 4, stdout: '' })
      expect(refused.stderr).toContain(`is at revision ${Number(revision) + 1}, you decided on revision ${rev}`)
    }
    expect(await opened.store.link(first)).toMatchObject({ status: 'accepted' })
  })

  it('writes a verdict on a pair though its link has fallen into another that bears the same verdict', async () => {
    const opened = await open()
    // The pair's link has a greater id than the one that it falls into.
    const names = ['Ana', 'Ben', 'Cid', 'Eva']
    const texts = names.map((name) => [`${name}.md`, `${name} leads Kestrel.\n`] as const)
    await ingestTexts(opened.store, readingEngine(), Object.fromEntries(texts))
    const [one, two, three, four] = names.map((name) => actorId(name)).toSorted() as [string, string, string, string]
    const decide = async (verb: string, ...pair: [string, string]): Promise<void> =>
      expect(await run(opened, 'review', 'entity', verb, ...pair)).toMatchObject({ code: 0 })
    await decide('merge', one, two)
    await decide('merge', two, three)
    await decide('merge', four, three)
    await decide('merge', one, four)
    await decide('split', one, four)
    const [split] = await opened.store.decisions({ order: 'sequence', descending: true, limit: 1 })
    await decide('split', one, two)
    expect(await opened.store.decisions({ order: 'sequence' })).toHaveLength(6)
    expect(await run(opened, 'review', 'undo', split?.id ?? '')).toMatchObject({ code: 0 })
    const standing = async (id: string): Promise<string> => (await opened.store.redirect(id))?.to ?? id
    expect(await standing(one)).not.toBe(await standing(two))
  })
})
