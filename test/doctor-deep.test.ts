import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, vi } from 'vitest'
import { documentId } from '../ingest/identify.ts'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { linkId } from '../src/model/link.ts'
import { DEFAULT_SCHEMA, schemaFile } from '../src/model/schema.ts'
import { NO_PRICES } from '../src/money/price.ts'
import { readSchema } from '../src/read-schema.ts'
import { rebuild } from '../src/rebuild/rebuild.ts'
import { decideLink } from '../src/review/decide.ts'
import { resolveNames } from '../src/resolving/resolve-names.ts'
import type { CheckName, CheckResult } from '../src/store/check/checks.ts'
import { Tables } from '../src/tables/tables.ts'
import type { GraphNode, GraphRelationship, GraphWriter, NodeKind, Properties } from '../src/store/database.ts'
import type { SourceRules } from '../src/sources.ts'
import type { Store } from '../src/store/store.ts'
import { ingestTexts } from './ingest-texts.ts'
import { namingEngine } from './resolving/naming-engine.ts'
import { wholeGraph } from './resolving/whole-graph.ts'
import { routeBy } from './routes/route-by.ts'
import { runHere } from './run-here.ts'
import { actorId, answerWith, readingEngine, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStoreAtLength } from './stores.ts'
import { parseJson } from './whygraph.ts'

vi.setConfig({ testTimeout: 600_000 })

const now = new Date('2026-01-01T00:00:00.000Z')
const link = (subject: string, type: string, object: string): string => linkId(actorId(subject), type, actorId(object))
const LEADS = link('Ana', 'LEADS', 'Ben')
const entity = (name: string) => ({ kind: 'Entity', id: actorId(name) }) as const

async function check(store: Store, signal = new AbortController().signal): Promise<CheckResult[]> {
  return store.check({ progress: () => {}, signal })
}

async function wrong(store: Store): Promise<CheckName[]> {
  return (await check(store)).filter((one) => one.wrong > 0).map((one) => one.check)
}

async function rebuilt(store: Store, force = true) {
  const options = { fromReplies: false, dryRun: false, schema: DEFAULT_SCHEMA, journal: NO_JOURNAL, prices: NO_PRICES }
  return rebuild(
    store,
    { ...options, force, tables: new Tables(null), progress: () => {} },
    new AbortController().signal,
  )
}

/** Two documents of several chunks, decisions, a table with a mapping that waits. */
async function fill(store: Store): Promise<void> {
  const csv = 'service,owner\nBilling,Ana Ruiz\nSearch,Bo Lindqvist\n'
  const reading = readingEngine()
  const engine = scriptedEngine((request) => {
    const { question } = request
    const header = question.units.find((unit) => unit.text === 'service | owner')
    const said = [{ subject: 'owner', type: 'OWNS', object: 'service', quote: 'owner', s: header?.s ?? 0 }]
    if (question.asksFor === 'columns') return answerWith(said)
    const links = question.units.flatMap(({ s, text }) => {
      const [, subject, type, object] = /^(\w+) (\w+) (\w+)\.$/.exec(text) ?? []
      return subject && type && object ? [{ subject, type: type.toUpperCase(), object, quote: text, s }] : []
    })
    return answerWith([...links, ...links.map((one) => ({ ...one, type: 'KNOWS', quote: 'not there' }))])
  }, reading.model)
  const texts = {
    'a.md': 'Ana leads Ben.\n\nBen knows Cid.\n\nCid trusts Dan.\n\nDan leads Eve.\n',
    'b.md': 'Ben knows Cid.\n\nAna leads Dan.\n',
    's.csv': csv,
  }
  await ingestTexts(store, engine, texts, { chunkTokens: 6 })
  await decideLink(store, LEADS, 'accept', { reviewer: 'rita', reason: 'seen' }, now)
  await decideLink(store, link('Ana', 'LEADS', 'Dan'), 'reject', { reviewer: 'rita' }, now)
  await decideLink(store, link('Ben', 'KNOWS', 'Cid'), 'accept', { reviewer: 'rob' }, now)
}

const JOINS = [
  ['FROM_DOCUMENT', 'Chunk', 'Document'],
  ['FROM_DOCUMENT', 'Dataset', 'Document'],
  ['NEXT_CHUNK', 'Chunk', 'Chunk'],
  ['HAS_COLUMN', 'Dataset', 'Column'],
  ['REPLY_TO', 'Reply', 'Chunk'],
  ['FROM_REPLY', 'Proposal', 'Reply'],
  ['PROPOSES', 'Proposal', 'Link'],
  ['DECIDES', 'Decision', 'Link'],
] as const

eachStoreAtLength('doctor --deep', (open, kind) => {
  /** The checks stand above the database: on a server, where each takes its time, a third of the cases show as much. */
  const some = <T>(cases: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(cases).filter((_, at) => kind === 'local' || at % 3 === 0)

  const nodes = (store: Store, of: NodeKind): Promise<GraphNode[]> => store.database.read((reader) => reader.list(of))
  const patch =
    (of: NodeKind, id: string, properties: Properties) =>
    (writer: GraphWriter): Promise<void> =>
      writer.patchNodes(of, [{ id, properties }])
  const changeFirst = (of: NodeKind, properties: Properties) => async (writer: GraphWriter) => {
    const [first] = await writer.list(of)
    await patch(of, first?.id ?? '', properties)(writer)
  }
  /** Removes some relationship of a type. */
  const cut =
    (type: string, from: NodeKind, to: NodeKind) =>
    async (writer: GraphWriter): Promise<void> => {
      const ids = (await writer.list(from)).map((node) => node.id)
      const [first] = await writer.relationships(type, 'from', from, to, ids)
      if (first === undefined) throw new Error(`no ${type}`)
      await writer.removeRelationships([first])
    }
  const drawn = (type: string, id: string, from: string, to: string): GraphRelationship => {
    return { type, id, from: entity(from), to: entity(to), properties: { id, status: 'accepted' } }
  }

  const derived: Record<string, [CheckName, (writer: GraphWriter) => Promise<unknown>]> = {
    'a link altered': ['links', patch('Link', LEADS, { confidence: 0.1 })],
    'a quote as queries see it': ['copies', changeFirst('Proposal', { evidence: ['Ana hates Ben.'] })],
    'whose link a proposal is of, as queries see it': ['copies', changeFirst('Proposal', { subject: 'Eve' })],
    'who speaks in a chunk': ['copies', changeFirst('Chunk', { speakers: ['Eve'] })],
    'a link gone': ['links', (writer) => writer.removeNodes('Link', [LEADS])],
    'a relationship altered': ['links', (writer) => writer.putRelationships([drawn('LEADS', LEADS, 'Ana', 'Ben')])],
    'a relationship gone': ['links', (writer) => writer.removeRelationships([drawn('LEADS', LEADS, 'Ana', 'Ben')])],
    'a relationship of a link that was rejected': [
      'relationships',
      (writer) => writer.putRelationships([drawn('LEADS', link('Ana', 'LEADS', 'Dan'), 'Ana', 'Dan')]),
    ],
    'a relationship of no link at all': [
      'relationships',
      (writer) => writer.putRelationships([drawn('HATES', 'nobody-said-so', 'Ana', 'Dan')]),
    ],
    'an entity gone with all its relationships': [
      'mentions',
      (writer) => writer.removeNodes('Entity', [actorId('Ana')]),
    ],
    'an entity under another name': ['entities', patch('Entity', actorId('Ben'), { name: 'Benno', aliases: ['B'] })],
    'an entity that nothing needs': [
      'entities',
      (writer) =>
        writer.putNodes([{ kind: 'Entity', id: 'nobody', properties: { id: 'nobody', name: 'N', type: 'Person' } }]),
    ],
    'a mention gone': ['mentions', cut('FROM_CHUNK', 'Entity', 'Chunk')],
    'a proposal that counts no more': [
      'standing',
      async (writer) => {
        const [first] = await writer.find('Proposal', 'linkId', [LEADS])
        await writer.patchNodes('Proposal', [{ id: first?.id ?? '', properties: { live: false } }])
      },
    ],
    'a proposal drawn to another link': [
      'relationships',
      async (writer) => {
        const [first] = await writer.find('Proposal', 'linkId', [LEADS])
        const from = { kind: 'Proposal', id: first?.id ?? '' } as const
        const to = { kind: 'Link', id: link('Ben', 'KNOWS', 'Cid') } as const
        await writer.putRelationships([{ type: 'PROPOSES', id: null, from, to, properties: {} }])
      },
    ],
    // All at once: on Neo4j each look takes its time.
    'relationships of the record gone': [
      'relationships',
      async (writer) => {
        for (const [type, from, to] of JOINS) await cut(type, from, to)(writer)
      },
    ],
  }

  it('names whatever is not as it is derived; a rebuild brings all of it back', async () => {
    const { store } = await open()
    await fill(store)
    expect(await wrong(store)).toEqual([])
    const whole = await snapshot(store, ['Run'])
    for (const [name, [expected, damage]] of some(derived)) {
      await store.database.write(damage)
      const found = (await check(store)).find((one) => one.check === expected)
      expect(found?.wrong, name).toBeGreaterThan(0)
      if (name === 'relationships of the record gone') {
        const named = found?.offenders.map(({ what }) => what.replaceAll(/ [a-z2-7]{26}| 01\w{24}/g, ''))
        expect(named?.toSorted()).toEqual(JOINS.map(([type, from, to]) => `${from} -${type}-> ${to}`).toSorted())
      }
      expect((await rebuilt(store)).changed, name).toBeGreaterThan(0)
      expect(await wrong(store), name).toEqual([])
    }
    expect(await snapshot(store, ['Run'])).toBe(whole)
  })

  it('names an entity that is found by other names, or by none; a rebuild brings its own back, and changes nothing else', async () => {
    const { store } = await open()
    await fill(store)
    const ana = actorId('Ana')
    await resolveNames(store, new AbortController().signal)
    const keysOf = async () => (await store.database.read((reader) => reader.nameKeys([ana]))).get(ana)
    const keys = await keysOf()
    expect(keys?.length).toBeGreaterThan(0)
    expect(await wrong(store)).toEqual([])
    const whole = await snapshot(store)
    await store.database.write((writer) => writer.setNameKeys([{ id: ana, keys: [1, 2] }]))
    expect(await wrong(store)).toEqual(['names'])
    expect(await rebuilt(store)).toMatchObject({ names: 1, changed: 0 })
    expect(await keysOf()).toEqual(keys)
    await store.database.write((writer) => writer.setNameKeys([{ id: ana, keys: [] }]))
    expect((await check(store)).find((one) => one.check === 'names')?.offenders).toEqual([
      { what: ana, message: 'is not found by the names that it goes by, or by others, or is not there any more' },
    ])
    expect(await rebuilt(store)).toMatchObject({ names: 1, changed: 0 })
    expect(await keysOf()).toEqual(keys)
    expect(await wrong(store)).toEqual([])
    // Not resolved yet: whoever does that keeps its keys.
    await store.database.write((writer) => writer.setNameKeys([{ id: ana, keys: [1, 2] }]))
    const { chunkId } = await firstMention(store, ana)
    await store.database.write(patch('Chunk', chunkId, { unresolved: 'yes' }))
    expect((await check(store)).find((one) => one.check === 'names')?.wrong).toBe(0)
    await store.database.write(patch('Chunk', chunkId, { unresolved: null }))
    await rebuilt(store)
    expect(await snapshot(store)).toBe(whole)
  })

  it.runIf(kind === 'local')(
    'names what the index of names lacks or keeps of nobody; a rebuild puts it right first',
    async () => {
      const { store, address } = await open()
      const texts = {
        'one.md': 'Bartholomew Okafor was here.',
        'other.md': 'B. Okafor was here.',
        'c.md': 'AB was here.',
      }
      const engine = namingEngine({ Person: ['Bartholomew Okafor', 'B. Okafor', 'AB'] })
      await ingestTexts(store, engine, texts)
      expect((await store.links(['proposed'])).map(({ type }) => type)).toEqual(['SAME_AS'])
      const whole = await wholeGraph(store)
      const damages = {
        'keys that find an entity no more':
          "DELETE FROM name_key WHERE node IN (SELECT key FROM node WHERE properties ->> 'name' = 'B. Okafor')",
        'what is kept of which':
          "DELETE FROM entity_keys WHERE node IN (SELECT key FROM node WHERE properties ->> 'name' = 'B. Okafor')",
        'a key of nobody': 'INSERT INTO name_key SELECT key, 99999 FROM name_key LIMIT 1',
        'a key that an entity does not keep':
          "INSERT INTO name_key SELECT 7, key FROM node WHERE kind = 'Entity' LIMIT 1",
        'an entity without its keys':
          "DELETE FROM node WHERE kind = 'Entity' AND properties ->> 'name' = 'Bartholomew Okafor'",
      }
      for (const [name, sql] of Object.entries(damages)) {
        const file = new DatabaseSync(join(address, 'whygraph.db'))
        file.exec(sql)
        file.close()
        expect((await check(store)).find((one) => one.check === 'names')?.wrong, name).toBeGreaterThan(0)
        expect(await runHere(['rebuild', '--store', address]), name).toMatchObject({ code: 0 })
        expect(await wholeGraph(store), name).toEqual(whole)
        expect(await wrong(store), name).toEqual([])
      }
    },
  )

  const firstMention = async (store: Store, entityId: string): Promise<{ chunkId: string }> => {
    const [mention] = await store.database.read((reader) =>
      reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', [entityId]),
    )
    return { chunkId: mention?.to.id ?? '' }
  }
  const firstOf = async (store: Store, of: NodeKind, fits: (node: GraphNode) => boolean = () => true) => {
    const node = (await nodes(store, of)).find(fits)
    if (node === undefined) throw new Error(`no ${of}`)
    return node
  }
  const inData = (node: GraphNode, change: (evidence: Record<string, unknown>) => object): Properties => {
    const data = JSON.parse(String(node.properties['data'])) as { evidence: Record<string, unknown>[] }
    const evidence = data.evidence.map((item) => ({ ...item, ...change(item) }))
    return { data: JSON.stringify({ ...data, evidence }) }
  }
  const isFound = (node: GraphNode): boolean => String(node.properties['grounding']) === 'exact'
  const isMissing = (node: GraphNode): boolean => String(node.properties['grounding']) === 'missing'

  const record: Record<string, [CheckName, NodeKind, (node: GraphNode) => Properties, ((n: GraphNode) => boolean)?]> = {
    "a chunk's units": ['unreadable', 'Chunk', () => ({ units: '{"half' })],
    "a chunk's text": [
      'chunks',
      'Chunk',
      ({ properties }) => ({ text: String(properties['text']).replace(/\w/, '#') }),
    ],
    "a chunk's document": ['documents', 'Chunk', () => ({ documentId: 'gone' })],
    "a chunk's replies": ['chunks', 'Chunk', () => ({ replies: ['gone'], fingerprints: ['f'] })],
    "a reply's trace": ['replies', 'Reply', () => ({ reasoning: 'Let me lie.' })],
    "a reply's answer": ['replies', 'Reply', () => ({ content: '{}' })],
    "a quote's offset": [
      'quotes',
      'Proposal',
      (node) => inData(node, ({ start, end, offset }) => ({ start: Number(start) + 1, end: Number(end) + 1, offset })),
      isFound,
    ],
    "a quote's words": ['quotes', 'Proposal', (node) => inData(node, () => ({ quote: 'Ana hates Ben.' })), isFound],
    'the words of a quote that is missing': [
      'quotes',
      'Proposal',
      (node) => inData(node, () => ({ quote: 'Ana' })),
      isMissing,
    ],
    "a quote's grounding": [
      'quotes',
      'Proposal',
      (node) => inData(node, () => ({ claimed: 'something else' })),
      isFound,
    ],
    "a quote's place": ['places', 'Proposal', (node) => inData(node, () => ({ placeText: 'c.md l. 1' })), isFound],
    "a proposal's reply": ['proposals', 'Proposal', () => ({ replyId: 'gone' })],
    "a proposal's link": ['proposals', 'Proposal', () => ({ linkId: link('Eve', 'LEADS', 'Ana') })],
    "a decision's reason": ['decisions', 'Decision', () => ({ reason: 'paid' })],
    "a decision's place": ['decisions', 'Decision', () => ({ sequence: 7 })],
    'the end of the chain': ['decisions', 'Chain', () => ({ sequence: 2 })],
  }

  it('names whatever was altered in the record; a rebuild does not hide it, and makes nothing of an altered decision', async () => {
    const { store } = await open()
    await fill(store)
    for (const [name, [expected, of, change, fits]] of some(record)) {
      const node = await firstOf(store, of, fits)
      await store.database.write(patch(of, node.id, change(node)))
      const found = (await check(store)).find((one) => one.check === expected)
      expect(found?.wrong, name).toBeGreaterThan(0)
      if (of !== 'Chain')
        expect(
          found?.offenders.map(({ what }) => what),
          name,
        ).toContain(node.id)
      expect(found?.remedy, name).not.toBeNull()
      // What people decided is taken from nothing that anybody altered.
      if (expected === 'decisions')
        await expect(rebuilt(store, false), name).rejects.toThrow(
          /^(the chain of decisions is not whole|decisions that)/,
        )
      else if (expected !== 'unreadable') await rebuilt(store)
      expect(await wrong(store), name).toContain(expected)
      await store.database.write((writer) => writer.putNodes([node]))
      await rebuilt(store)
      expect(await wrong(store), name).toEqual([])
    }
  })

  it('names what is gone of the record', async () => {
    const { store } = await open()
    await fill(store)
    const gone: [CheckName, NodeKind][] = [
      ['decisions', 'Decision'],
      ['proposals', 'Reply'],
      ['documents', 'Document'],
    ]
    for (const [expected, of] of gone) {
      const node = await firstOf(store, of)
      await store.database.write((writer) => writer.removeNodes(of, [node.id]))
      expect(await wrong(store), of).toContain(expected)
      await store.database.write((writer) => writer.putNodes([node]))
      await rebuilt(store)
      expect(await wrong(store), of).toEqual([])
    }
  })

  it('says where a rebuild would make a loss final, which refuses to where it is of decisions', async () => {
    const { store, address, environment } = await open()
    await fill(store)
    const run = (...args: string[]) => runHere([...args, '--store', address], { environment })
    const whole = await snapshot(store, ['Run'])
    const proposal = await firstOf(store, 'Proposal', ({ properties }) => properties['linkId'] === LEADS)
    await store.database.write((writer) => writer.removeNodes('Proposal', [proposal.id]))
    const { code, stdout } = await run('doctor', '--deep')
    expect(code).toBe(1)
    expect(stdout).toMatch(/proposals: 'whygraph rebuild --from replies' makes it anew/)
    expect(stdout).toContain(`${LEADS}: link that quotes proposal ${proposal.id}, which is not there`)
    expect(stdout).toMatch(/links: something of the record is missing/)
    const damaged = await snapshot(store)
    const plain = await run('rebuild')
    expect(plain).toMatchObject({ code: 5, stderr: expect.stringMatching(/proposals are missing.*--from replies/s) })
    expect(await snapshot(store)).toBe(damaged)
    expect(await run('rebuild', '--from', 'replies')).toMatchObject({ code: 0 })
    expect(await snapshot(store, ['Run'])).toBe(whole)

    const decisions = await nodes(store, 'Decision')
    const chain = await nodes(store, 'Chain')
    const [last] = decisions.toSorted((a, b) => Number(b.properties['sequence']) - Number(a.properties['sequence']))
    for (const lost of [[last as GraphNode], [...decisions, ...chain]]) {
      for (const { kind: of, id } of lost) await store.database.write((writer) => writer.removeNodes(of, [id]))
      const deep = await run('doctor', '--deep')
      expect(deep.stdout).toMatch(/decisions: it is of the record and cannot be made again: restore a backup/)
      expect(deep.stdout).toMatch(/rests on decision \d, which is not there/)
      expect(deep.stdout).not.toContain("'whygraph rebuild' makes it anew")
      for (const more of [[], ['--from', 'replies']])
        expect(await run('rebuild', ...more)).toMatchObject({
          code: 5,
          stderr: expect.stringMatching(
            /decisions that \d links? came of are missing.*Nothing was changed\.\n.*--force/s,
          ),
        })
      await store.database.write((writer) => writer.putNodes(lost))
      await rebuilt(store)
      expect(await snapshot(store, ['Run'])).toBe(whole)
    }
    await store.database.write((writer) =>
      writer.removeNodes(
        'Decision',
        decisions.map(({ id }) => id),
      ),
    )
    expect(await run('rebuild', '--force')).toMatchObject({ code: 0 })
    expect((await store.link(LEADS))?.status).toBe('proposed')
  })

  it('names a chunk that is lost; a rebuild refuses, and the next ingest reads it again, at no cost', async () => {
    const { store, address, environment } = await open()
    const texts = { 'a.md': 'Ana leads Ben.\n\nBen knows Cid.\n\nNothing at all.\n', 'b.md': 'Ben knows Cid.\n' }
    const read = () => ingestTexts(store, readingEngine(), texts, { chunkTokens: 6 })
    await read()
    const whole = await snapshot(store, ['Run'])
    const chunks = await nodes(store, 'Chunk')
    for (const words of ['Ana leads', 'Nothing at all']) {
      const lost = chunks.find(({ properties }) => String(properties['text']).includes(words))
      await store.database.write((writer) => writer.removeNodes('Chunk', [lost?.id ?? '']))
      const damaged = await snapshot(store)
      const deep = await runHere(['doctor', '--deep', '--store', address], { environment })
      expect(deep.stdout, words).toMatch(/lost: it is of the record: restore a backup, or read the file again/)
      expect(deep.stdout, words).toContain('1 chunk of it is not there')
      expect(deep.stdout, words).not.toContain("'whygraph rebuild' makes it anew")
      expect(await runHere(['rebuild', '--store', address], { environment }), words).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/chunks are missing.*Nothing was changed.*ingest/s),
      })
      expect(await snapshot(store), words).toBe(damaged)
      const { replies, notes } = await read()
      expect(replies.asked, words).toBe(0)
      expect(notes, words).toContainEqual(expect.objectContaining({ code: 'chunks-lost', where: 'a.md' }))
      expect(await wrong(store), words).toEqual([])
      expect(await snapshot(store, ['Run']), words).toBe(whole)
    }
  })

  /** Reads one document, that says `now`, with its date from where the rules say. */
  const readDated = (store: Store, rules: Partial<SourceRules> = {}, path = '2025-03-18.md') => {
    const engine = scriptedEngine(() => {
      const said = answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben now.' }])
      return said.replace('"when":null', '"when":"now"')
    })
    const texts = { [path]: 'Ana leads Ben now.\n' }
    return ingestTexts(store, engine, texts, {}, DEFAULT_SCHEMA, new Tables(null), rules)
  }
  const since = async (store: Store) => (await store.link(LEADS))?.valid?.from

  it('names a document of another day than it was read with; a rebuild refuses, and the next ingest dates it as its source does, at no cost', async () => {
    const { store, address, environment } = await open()
    const run = (...args: string[]) => runHere([...args, '--store', address], { environment })
    await readDated(store)
    expect(await since(store)).toBe('2025-03-18')
    const whole = await snapshot(store, ['Run'])
    const { id } = await firstOf(store, 'Document')
    for (const date of ['1999-01-01', null]) {
      await store.database.write(patch('Document', id, { date }))
      const damaged = await snapshot(store)
      const found = (await check(store)).filter((one) => one.wrong > 0)
      const day = date ?? 'no day'
      expect(found, day).toMatchObject([
        { check: 'dates', wrong: 2, remedy: expect.stringContaining('whygraph ingest') },
      ])
      expect(found[0]?.offenders.map(({ message }) => message)).toEqual([
        `2025-03-18.md is of ${day}, and was read with another date`,
        `was said on 2025-03-18, and its document, 2025-03-18.md, is of ${day}`,
      ])
      for (const more of [[], ['--from', 'replies']])
        expect(await run('rebuild', ...more), day).toMatchObject({
          code: 5,
          stderr: expect.stringMatching(
            /date of a document was altered.*2025-03-18\.md is of.*Nothing was changed.*ingest/s,
          ),
        })
      expect(await snapshot(store), day).toBe(damaged)
      // Also where somebody had all that was said dated by it.
      await rebuilt(store)
      expect(await since(store)).toBe(date ?? undefined)
      expect(await wrong(store)).toEqual(['dates'])
      const { replies, notes, documents } = await readDated(store)
      expect(replies.asked, day).toBe(0)
      expect(documents, day).toMatchObject({ unchanged: 1, changed: 0 })
      expect(notes, day).toContainEqual(expect.objectContaining({ code: 'date-altered', where: '2025-03-18.md' }))
      expect(await wrong(store), day).toEqual([])
      expect(await snapshot(store, ['Run']), day).toBe(whole)
      expect((await readDated(store)).notes, day).toEqual([])
    }
  })

  it('knows the date of a document that an older whygraph put once an ingest has found it as it was', async () => {
    const { store, address, environment } = await open()
    await readDated(store)
    const whole = await snapshot(store, ['Run'])
    const hashless = changeFirst('Document', { dateHash: null })
    await store.database.write(hashless)
    expect(await readDated(store)).toMatchObject({ documents: { unchanged: 1 }, replies: { asked: 0 }, notes: [] })
    expect(await snapshot(store, ['Run'])).toBe(whole)
    // Altered before that, nobody can tell which of the two was: its file can.
    for (const altered of [
      changeFirst('Document', { date: '1999-01-01' }),
      changeFirst('Proposal', { saidOn: '1999-01-01' }),
    ]) {
      await store.database.write(hashless)
      await store.database.write(altered)
      expect(await wrong(store)).toContain('dates')
      for (const more of [[], ['--from', 'replies']])
        expect(await runHere(['rebuild', ...more, '--store', address], { environment })).toMatchObject({
          code: 5,
          stderr: expect.stringMatching(/2025-03-18\.md, is of .*whygraph ingest/s),
        })
      const { replies, notes } = await readDated(store)
      expect(replies.asked).toBe(0)
      expect(notes).toMatchObject([{ code: 'date-altered', where: '2025-03-18.md' }])
      expect(await wrong(store)).toEqual([])
      expect(await snapshot(store, ['Run'])).toBe(whole)
    }
  })

  it("dates an altered document by its source's rules, and finds nothing altered in what these date otherwise", async () => {
    const { store } = await open()
    await readDated(store)
    for (const [rules, day] of [
      [{ date: 'none' }, undefined],
      [{ date: ['path'] }, '2025-03-18'],
      [{ date: 'none' }, undefined],
    ] as const) {
      const { replies, notes } = await readDated(store, rules)
      expect([replies.asked, notes]).toEqual([0, []])
      expect(await since(store)).toBe(day)
      expect(await wrong(store)).toEqual([])
    }
    await store.database.write(changeFirst('Document', { date: '1999-01-01' }))
    expect((await readDated(store, { date: 'none' })).notes).toMatchObject([{ code: 'date-altered' }])
    expect((await store.document(documentId('test', '2025-03-18.md')))?.date).toBeNull()
    expect(await wrong(store)).toEqual([])
  })

  it('names what is said on another day than its document is of; a rebuild dates it by that', async () => {
    const { store } = await open()
    await readDated(store)
    const whole = await snapshot(store, ['Run'])
    await store.database.write(changeFirst('Proposal', { saidOn: '1999-01-01' }))
    expect((await check(store)).find((one) => one.check === 'dates')).toMatchObject({ wrong: 1 })
    expect(await rebuilt(store, false)).toMatchObject({ copies: 1 })
    expect(await wrong(store)).toEqual([])
    expect(await snapshot(store, ['Run'])).toBe(whole)
  })

  it('names schemas that are lost; a rebuild that needs them refuses, and the next ingest keeps them again, and asks nothing', async () => {
    const { store, address, environment } = await open()
    const run = (...args: string[]) => runHere([...args, '--store', address], { environment })
    const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', singleValued: 'from' }] })
    const texts = { 'a.md': 'Ana leads Zeta.\n', 'b.md': 'Ben leads Zeta.\n' }
    const read = () => ingestTexts(store, readingEngine(), texts, {}, schema)
    await read()
    expect(await wrong(store)).toEqual([])
    const whole = await snapshot(store, ['Run'])
    const schemas = await nodes(store, 'Schema')
    expect(schemas).toHaveLength(2)
    for (const { id } of schemas) {
      await store.database.write((writer) => writer.removeNodes('Schema', [id]))
      const results = await check(store)
      const found = results.find((one) => one.check === 'schemas')
      expect(found, id).toMatchObject({ wrong: 2, remedy: expect.stringContaining("'whygraph ingest' of the same") })
      expect(JSON.stringify(results), id).not.toContain("'whygraph rebuild' makes it anew")
      const damaged = await snapshot(store)
      // What a schema made of a reply is in its proposals; what it says of rivals, nowhere else.
      const areRules = id === 'rules'
      const needy = areRules ? [[], ['--from', 'replies']] : [['--from', 'replies']]
      for (const more of needy)
        expect(await run('rebuild', ...more), id).toMatchObject({
          code: 5,
          stderr: expect.stringMatching(/are missing.*not there\).*Nothing was changed.*ingest/s),
        })
      expect(await snapshot(store), id).toBe(damaged)
      if (!areRules) expect(parseJson(await run('rebuild', '--json'))).toMatchObject({ changed: 0 })
      expect((await read()).replies.asked, id).toBe(0)
      expect(await wrong(store), id).toEqual([])
      expect(await snapshot(store, ['Run']), id).toBe(whole)
    }
  })

  it('a rebuild goes by the rules that it is given where the own are lost, and by a schema for replies only if that was asked for', async () => {
    const { store, address, environment } = await open()
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
    const run = (...args: string[]) => runHere([...args, '--store', address], { environment, cwd: folder })
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const same = file('same.yaml', 'linkTypes:\n  - {name: LEADS, singleValued: from}\n')
    const other = file('other.yaml', 'linkTypes:\n  - {name: GUIDES, aliases: [LEADS], singleValued: from}\n')
    await ingestTexts(
      store,
      readingEngine(),
      { 'a.md': 'Ana leads Zeta.\n', 'b.md': 'Ben leads Zeta.\n' },
      {},
      readSchema(same),
    )
    const whole = await snapshot(store, ['Run'])
    const lose = (ids: readonly string[]) => store.database.write((writer) => writer.removeNodes('Schema', ids))
    for (const more of [[], ['--from', 'replies'], ['--from', 'replies', '--by-schema']]) {
      await lose(['rules'])
      expect(await run('rebuild', ...more, '--schema', other), more.join(' ')).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/the rules that links were compared by are missing.*--schema FILE/s),
      })
      expect(await run('rebuild', ...more, '--schema', same), more.join(' ')).toMatchObject({ code: 0 })
      expect(await snapshot(store, ['Run']), more.join(' ')).toBe(whole)
    }
    await lose((await nodes(store, 'Schema')).map(({ id }) => id).filter((id) => id !== 'rules'))
    file('whygraph.yaml', 'schema: other.yaml\n')
    expect(await run('rebuild', '--from', 'replies')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('schemas that chunks were read by are missing'),
    })
    expect(await run('rebuild', '--from', 'replies', '--schema', same)).toMatchObject({ code: 0 })
    expect(await wrong(store)).toEqual(['schemas'])
    expect((await store.link(link('Ana', 'LEADS', 'Zeta')))?.status).toBe('proposed')
  })

  it('names a schema of one of two engines whose readings stay; the next ingest keeps it again', async () => {
    const { store } = await open()
    const says = (name: string, confidence: number) =>
      scriptedEngine(
        () => answerWith([{ subject: 'Cleo', type: 'LEADS', object: 'Dan', quote: 'Cleo leads Dan', confidence }]),
        name,
      )
    const engines = { small: says('small', 0.3), large: says('large', 0.9) }
    const route = routeBy(engines, {
      default: 'small',
      after: [{ when: { confidence: '< 0.5' }, use: 'large' }],
      keep: 'both',
    })
    const texts = { 'a.md': 'Cleo leads Dan, perhaps.\n' }
    const read = () => ingestTexts(store, route.engine, texts, {}, DEFAULT_SCHEMA, undefined, { route })
    await read()
    const whole = await snapshot(store, ['Run'])
    const ids = (await nodes(store, 'Schema')).map(({ id }) => id)
    await store.database.write((writer) => writer.removeNodes('Schema', ids))
    expect(await wrong(store)).toEqual(['schemas'])
    expect((await read()).replies.asked).toBe(0)
    expect(await wrong(store)).toEqual([])
    expect(await snapshot(store, ['Run'])).toBe(whole)
  })

  it('names a chunk that others follow where the document does not say how many it has', async () => {
    const { store } = await open()
    const texts = { 'a.md': 'Ana leads Ben.\n\nNothing at all.\n\nBen knows Cid.\n' }
    const read = () => ingestTexts(store, readingEngine(), texts, { chunkTokens: 6 })
    await read()
    await store.database.write(changeFirst('Document', { chunkCount: null }))
    expect(await wrong(store)).toEqual([])
    const lost = await firstOf(store, 'Chunk', ({ properties }) => String(properties['text']).includes('Nothing'))
    await store.database.write((writer) => writer.removeNodes('Chunk', [lost.id]))
    expect(await wrong(store)).toContain('lost')
    expect((await read()).notes).toContainEqual(expect.objectContaining({ code: 'chunks-lost' }))
    expect(await wrong(store)).toEqual([])
  })

  it('says, as a command, what is wrong and what to do; and stops when told, with what was found', async () => {
    const { store, address, environment } = await open()
    await fill(store)
    const deep = (...more: string[]) => runHere(['doctor', '--deep', '--store', address, ...more], { environment })
    const well = await deep()
    expect(well).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing wrong was found') })
    await store.database.write(patch('Entity', actorId('Ben'), { name: 'Ben\u001b[2J' }))
    await store.database.write(patch('Dataset', (await firstOf(store, 'Dataset')).id, { documentId: 'gone' }))
    const damaged = await snapshot(store)
    const ill = await deep()
    expect(await snapshot(store)).toBe(damaged)
    expect(ill.code).toBe(1)
    expect(ill.stdout).toContain("entities: 'whygraph rebuild' makes it anew")
    expect(ill.stdout).toContain('documents: it is of the record and cannot be made again: restore a backup')
    expect(ill.stdout).toContain(actorId('Ben'))
    const json = parseJson<{ wrong: number; checks: CheckResult[] }>(await deep('--json'))
    expect(json.wrong).toBeGreaterThanOrEqual(2)
    expect(json.checks.find((one) => one.check === 'entities')?.offenders[0]?.what).toBe(actorId('Ben'))

    const stop = new AbortController()
    let pages = 0
    const progress = (): void => {
      if (++pages === 3) stop.abort()
    }
    const partly = await store.check({ progress, signal: stop.signal })
    expect(partly.find((one) => one.check === 'documents')?.wrong).toBe(1)
    expect(partly.find((one) => one.check === 'entities')?.checked).toBe(0)
  })

  it.runIf(kind === 'local')('names and removes relationships that lack an end', async () => {
    const { store, address } = await open()
    await fill(store)
    const whole = await snapshot(store, ['Run'])
    const file = new DatabaseSync(join(address, 'whygraph.db'))
    file.prepare("DELETE FROM node WHERE kind = 'Entity' AND id = ?").run(actorId('Ana'))
    file.prepare("UPDATE relationship SET to_id = 'gone' WHERE type = 'FROM_REPLY' AND key % 2 = 0").run()
    file.close()
    const found = (await check(store)).find((one) => one.check === 'relationships')
    expect(found?.offenders.some(({ what }) => what.includes('gone') || what.includes(actorId('Ana')))).toBe(true)
    await rebuilt(store)
    expect(await wrong(store)).toEqual([])
    expect(await snapshot(store, ['Run'])).toBe(whole)

    // Each is told once, whether its link is looked at too or its end.
    const again = new DatabaseSync(join(address, 'whygraph.db'))
    for (const [type, id] of [
      ['LEADS', 'nolink'],
      ['MENTIONS', null],
    ] as const)
      again
        .prepare(`INSERT INTO relationship VALUES (NULL, ?, ?, 'Entity', ?, 'Entity', 'nobody', '{}', 1)`)
        .run(type, id, actorId('Ana'))
    again.close()
    expect((await check(store)).find((one) => one.check === 'relationships')).toMatchObject({ wrong: 2 })
  })

  it('finds nothing wrong while others write', async () => {
    const { store } = await open()
    await fill(store)
    const more = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`more/${i}.md`, `Gus leads Hal${i}.\n`]))
    const [found] = await Promise.all([
      check(store),
      ingestTexts(store, readingEngine(), more),
      ingestTexts(store, readingEngine('another'), { 'b.md': 'Ben knows Cid.\n\nAna leads Gus.\n' }),
      decideLink(store, link('Cid', 'TRUSTS', 'Dan'), 'accept', { reviewer: 'rob' }, now),
    ])
    expect(found.filter((one) => one.wrong > 0)).toEqual([])
    expect(await wrong(store)).toEqual([])
    expect(await store.document(documentId('test', 'more/19.md'))).not.toBeNull()
  })
})
