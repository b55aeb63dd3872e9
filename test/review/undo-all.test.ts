import { expect, it } from 'vitest'
import { CONFLICT_ENGINE } from '../../src/model/conflict.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { PERSON } from '../../src/model/proposal.ts'
import { verifyChain } from '../../src/review/verify-chain.ts'
import type { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { random } from '../random.ts'
import { sameAs } from '../same-as.ts'
import { readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength, TESTS_LONG } from '../stores.ts'
import { doSomething, takeBack, type Done } from './mixed-operations.ts'

/** With one value each, so that decisions and joins make links that cannot hold beside each other, and end that. */
const SCHEMA = schemaFile.parse({
  linkTypes: [
    { name: 'LEADS', singleValued: 'from', supersedes: 'later' },
    { name: 'OWNS', singleValued: 'from' },
    { name: 'KNOWS' },
    { name: 'MEETS', fourEyes: true },
  ],
})
const NAMES = ['Ana', 'Anna', 'Hanna', 'Ben', 'Cleo']
const TEXTS = {
  '2025-01-01.md': 'Ana leads Kestrel.\n\nAnna knows Ben.\n\nBen owns Merlin.\n',
  '2025-02-01.md': 'Anna leads Kestrel.\n\nHanna knows Ben.\n\nCleo owns Merlin.\n',
  '2025-03-01.md': 'Hanna leads Osprey.\n\nAna knows Anna.\n\nCleo knows Hanna.\n',
  '2025-04-01.md': 'Ben leads Osprey.\n\nCleo knows Ana.\n\nAna owns Hobby.\n\nAnna meets Cleo.\n\nHanna meets Cleo.\n',
}
const SCENE = { names: NAMES, texts: TEXTS, schema: SCHEMA }
const OPERATIONS = TESTS_LONG ? 1000 : 60

/** Labels of the graph that people query, and of what it is derived from. Decisions are the record. */
const DRAWN = ['__Entity__', 'Redirect', 'Chunk', 'Document', 'Reply']
const ALL = [...DRAWN, 'Link', 'Proposal']

/**
 * All that bears the labels, and what is drawn between such, without what a person proposed in order to decide, what rules
 * once said of links that were decided about, and links that nothing speaks for any more. Links of the graph between links
 * are in both; of one that stands by a person's word alone, not what was last said of it. All these are the record.
 */
async function graphOf(store: Store, labels: readonly string[]): Promise<string> {
  const kept = (node: string): string =>
    `any(label IN labels(${node}) WHERE label IN $labels) AND NOT (${node}:Link AND (${node}.status = 'gone' OR ${node}.items = '[]'))
      AND NOT (${node}:Proposal AND (${node}.engine = $person OR (${node}.engine = $conflicts AND ${node}.live = false)))`
  const texts = [
    `MATCH (n) WHERE ${kept('n')} RETURN labels(n) AS labels, properties(n) AS node`,
    `MATCH (a)-[r]->(b) WHERE ${kept('a')} AND ${kept('b')} AND type(r) <> 'DECIDES'
      RETURN labels(a), a.id AS one, type(r) AS type, labels(b), b.id AS other, properties(r) AS link`,
    `MATCH (a:Link)-[r]->(b:Link) RETURN a.id AS one, type(r) AS type, b.id AS other, properties(r) AS link`,
  ]
  const found = await Promise.all(
    texts.map((text) =>
      store.database.query(text, text.includes('$') ? { labels, person: PERSON, conflicts: CONFLICT_ENGINE } : {}, {
        seconds: 60,
      }),
    ),
  )
  const lines = ({ rows }: { readonly rows: readonly unknown[] }): string =>
    rows
      .map((row) => JSON.stringify(row, withoutRevisions))
      .toSorted()
      .join('\n')
  const [nodes, drawn, between] = found
  const standing = (between?.rows ?? []).map((row) => row.map((value) => (isByWordAlone(value) ? value.status : value)))
  return [nodes, drawn, { rows: standing }].map((some) => lines(some ?? { rows: [] })).join('\n\n')
}

function isByWordAlone(value: unknown): value is { readonly status: string } {
  return typeof value === 'object' && value !== null && 'unsupported' in value && value.unsupported === true
}

/** They count decisions, which links name. Databases give properties in any order. */
function withoutRevisions(name: string, value: unknown): unknown {
  if (name === 'rev') return 0
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const others = Object.entries(value).filter(([key]) => key !== 'decisions' && key !== 'remarks')
  return Object.fromEntries(others.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function faults(store: Store) {
  const checks = await store.check({ signal: new AbortController().signal, progress: () => {} })
  return checks.filter(({ wrong }) => wrong > 0)
}

eachStoreAtLength(`the undo of ${OPERATIONS} mixed operations`, (open) => {
  it('gives the graph that was there before, the record aside', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS, {}, SCHEMA, new Tables(null), { date: ['path'] })
    await store.propose([
      await sameAs(store, '2025-03-01.md', ['Ana', 'Anna']),
      await sameAs(store, '2025-03-01.md', ['Anna', 'Hanna'], { joins: true }),
    ])
    await store.compareLinks({ signal: new AbortController().signal })
    const before = await graphOf(store, ALL)
    const next = random(7)
    const states: string[] = []
    const done: Done[] = []
    while (done.length < OPERATIONS) {
      if (done.length % 20 === 0 && states.length === done.length / 20) states.push(await graphOf(store, DRAWN))
      const one = await doSomething(store, SCENE, next)
      if (one !== null) done.push(one)
    }
    const kinds = new Set(done.map(({ kind }) => kind))
    expect([...kinds].toSorted()).toEqual([
      'accept',
      'add',
      'bulk accept',
      'bulk reject',
      'fix',
      'flag',
      'merge',
      'redo',
      'reject',
      'rename',
      'skip',
      'split',
      'undo',
    ])
    expect(new Set([...states, await graphOf(store, DRAWN)]).size).toBeGreaterThan(states.length / 2)
    expect(await faults(store)).toEqual([])

    for (let count = OPERATIONS; count > 0; count -= 1) {
      await takeBack(store, done[count - 1] as Done)
      if ((count - 1) % 20 === 0)
        expect(await graphOf(store, DRAWN), `after ${count - 1} operations`).toBe(states[(count - 1) / 20])
    }
    expect(await graphOf(store, ALL)).toBe(before)
    expect(verifyChain(await store.decisions(), await store.chainHead())).toEqual([])
    expect(await faults(store)).toEqual([])
  }, 1_800_000)
})
