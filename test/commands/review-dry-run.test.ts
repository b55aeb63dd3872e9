import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'
import { personAt } from '../review/person.ts'

const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nBen leads Osprey.\n' }
const [ANA, BEN] = [
  linkId(actorId('Ana'), 'LEADS', actorId('Kestrel')),
  linkId(actorId('Ben'), 'LEADS', actorId('Osprey')),
] as const
const NOTHING = 'would become of the graph; nothing was written\n'

eachStoreAtLength('a dry run of verdicts', (open) => {
  it('says what would become of links, and writes nothing', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    await ingestTexts(store, readingEngine(), TEXTS)
    const rita = personAt(under, 'rita', tmpdir())
    const tried = async (...words: string[]): Promise<string> => {
      const before = await snapshot(store)
      const { code, stdout, stderr } = await rita.review(...words, '--dry-run')
      expect([code, stderr], words.join(' ')).toEqual([0, ''])
      expect(await snapshot(store)).toBe(before)
      expect(stdout.startsWith(NOTHING)).toBe(true)
      return stdout.slice(NOTHING.length)
    }
    const line = (sign: string, id: string, change: string): RegExp =>
      new RegExp(`^  ${sign} ${id.slice(0, 8)}  \\w+ ──LEADS──▶ \\w+  ${change}$`, 'm')

    expect(await tried('accept', ANA)).toMatch(line('~', ANA, 'proposed → accepted'))
    const both = await tried('reject', ANA, BEN)
    for (const id of [ANA, BEN]) expect(both).toMatch(line('-', id, 'proposed → rejected'))
    expect(await tried('reject', ANA, '--rule', 'ends')).toContain('  rule for replies that come: ')

    await rita.json('reject', ANA)
    expect(await tried('undo', ANA)).toMatch(line('\\+', ANA, 'rejected → proposed'))
    await rita.json('undo')
    expect(await tried('redo')).toMatch(line('-', ANA, 'proposed → rejected'))

    // Of a batch all links are told, in JSON both as they are and as they would be.
    const { plan } = await rita.json<{ plan: string }>('accept', '--where', 'type=LEADS', '--dry-run')
    const { batch } = await rita.json<{ batch: string }>('accept', '--where', 'type=LEADS', '--plan', plan)
    const { links, ...told } = await rita.json<{ links: { before: { status: string }; after: { status: string } }[] }>(
      'undo',
      batch,
      '--dry-run',
    )
    expect(told).toEqual({ version: 1, dryRun: true, refused: [], rules: [] })
    expect(links.map(({ before, after }) => [before.status, after.status])).toEqual([
      ['accepted', 'proposed'],
      ['accepted', 'proposed'],
    ])

    // What would be refused is, with the same exit code.
    const late = await rita.review('reject', ANA, BEN, '--dry-run')
    expect(late.stdout).toMatch(line('-', BEN, 'accepted → rejected'))
    expect(await rita.review('accept', ANA, '--expect-rev', '0', '--dry-run')).toMatchObject({ code: 4 })
    expect((await rita.review('log', '--verify')).code).toBe(0)
  })

  it('lists what a person is still to be asked about', { timeout: 120_000 }, async () => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS)
    const rita = personAt(under, 'rita', tmpdir())
    await rita.json('skip', ANA)
    const listed = async (...who: string[]): Promise<string[]> =>
      (await rita.json<{ links: { id: string }[] }>('list', ...who)).links.map(({ id }) => id).toSorted()
    expect(await listed()).toEqual([ANA, BEN].toSorted())
    expect(await listed('--reviewer', 'rita', '--limit', '1')).toEqual([BEN])
    expect(await listed('--reviewer', 'sam')).toEqual([ANA, BEN].toSorted())
  })
})
