import { expect, it } from 'vitest'
import type { Engine } from '../src/engines/engine.ts'
import { linkId } from '../src/model/link.ts'
import { DEFAULT_SCHEMA, type Schema } from '../src/model/schema.ts'
import { decideLink } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import { verifyChain } from '../src/review/verify-chain.ts'
import type { Store } from '../src/store/store.ts'
import { ingestTexts as ingestWith } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { actorId, answerWith, readingEngine, scriptedEngine } from './scripted-engine.ts'
import { eachStore } from './stores.ts'

/** Two workers, so that orders vary. */
const ingestTexts = (store: Store, engine: Engine, texts: Readonly<Record<string, string>>, schema = DEFAULT_SCHEMA) =>
  ingestWith(store, engine, texts, { concurrency: 2 }, schema)

const link = (subject: string, type: string, object: string): string => linkId(actorId(subject), type, actorId(object))
const withLinkTypes = (...linkTypes: Partial<Schema['linkTypes'][number]>[]): Schema => ({
  ...DEFAULT_SCHEMA,
  linkTypes: linkTypes.map((type) => ({ name: '', hint: '', aliases: [], symmetric: false, ...type })),
})
const now = new Date('2026-01-01T00:00:00Z')

eachStore('what was known stays right', (open, _, itAtLength) => {
  const statusOf = async (store: Store, id: string): Promise<string | undefined> => (await store.link(id))?.status
  /** Quotes of live proposals, cut out of the chunk by their offsets. */
  async function sliced(store: Store, id: string): Promise<string[]> {
    const live = (await store.proposalsFor(id)).filter((stored) => stored.live)
    return Promise.all(
      live.map(async ({ proposal }) => {
        const chunk = await store.chunk(proposal.chunkId)
        const [item] = proposal.evidence
        return chunk?.text.slice((item?.start ?? 0) - chunk.start, (item?.end ?? 0) - chunk.start) ?? ''
      }),
    )
  }

  itAtLength('quotes slice to their words after only the space between sentences has changed', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben. Ben knows Cid.\n' })
    const summary = await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n\n\nBen knows Cid.\n' })
    expect(summary).toMatchObject({ documents: { changed: 1 }, chunks: { unchanged: 1 } })
    expect(await sliced(store, link('Ben', 'KNOWS', 'Cid'))).toEqual(['Ben knows Cid.'])
    expect((await store.link(link('Ben', 'KNOWS', 'Cid')))?.items[0]?.place).toBe('a.md l. 4')
  })

  itAtLength('an alias added to the schema moves the link, asks nothing, keeps the cost, and settles', async () => {
    const { store } = await open()
    const engine = readingEngine()
    await ingestTexts(store, engine, { 'a.md': 'Ana heads Ben.\n' }, withLinkTypes({ name: 'LEADS' }))
    expect(await statusOf(store, link('Ana', 'HEADS', 'Ben'))).toBe('proposed')
    const schema = withLinkTypes({ name: 'LEADS', aliases: ['HEADS'] })
    const second = await ingestTexts(store, engine, { 'a.md': 'Ana heads Ben.\n' }, schema)
    expect(second.replies).toEqual({ asked: 0, reused: 1 })
    expect(await statusOf(store, link('Ana', 'HEADS', 'Ben'))).toBe('gone')
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.supports).toBe(1)
    expect(
      (await store.database.query('MATCH ()-[r:HEADS]->() RETURN count(*) AS n', {}, { seconds: 30 })).rows,
    ).toEqual([[0]])
    const [chunkId] = (await store.link(link('Ana', 'LEADS', 'Ben')))?.items.map((item) => item.chunkId) ?? []
    expect(await store.repliesAbout(chunkId as string)).toHaveLength(1)
    expect((await ingestTexts(store, engine, { 'a.md': 'Ana heads Ben.\n' }, schema)).chunks).toMatchObject({
      unchanged: 1,
    })
  })

  itAtLength('a schema tried and taken back gives the graph that it gave before, for nothing', async () => {
    const { store } = await open()
    const first = withLinkTypes({ name: 'LEADS', hint: 'first' })
    const other = withLinkTypes({ name: 'LEADS', hint: 'second' })
    const engine = scriptedEngine(({ prompt }) =>
      answerWith([
        { subject: prompt.includes('first') ? 'Ana' : 'Dan', type: 'LEADS', object: 'Ben', quote: 'leads Ben' },
      ]),
    )
    const texts = { 'a.md': 'Somebody leads Ben.\n' }
    await ingestTexts(store, engine, texts, first)
    await ingestTexts(store, engine, texts, other)
    expect(await statusOf(store, link('Ana', 'LEADS', 'Ben'))).toBe('gone')
    expect(await store.entities([actorId('Ana')])).toEqual([])
    await ingestTexts(store, engine, texts, first)
    expect(engine.asked).toHaveLength(2)
    expect(await statusOf(store, link('Ana', 'LEADS', 'Ben'))).toBe('proposed')
    expect(await statusOf(store, link('Dan', 'LEADS', 'Ben'))).toBe('gone')
    expect(await store.entities([actorId('Dan')])).toEqual([])
  })

  it('a document that comes back brings back what every model said of it', async () => {
    const { store } = await open()
    const text = { 'a.md': 'Ana leads Ben.\n' }
    await ingestTexts(store, readingEngine('one'), text)
    await ingestTexts(store, readingEngine('two'), text)
    await ingestTexts(store, readingEngine('one'), { 'a.md': 'Nothing.\n' })
    expect(await statusOf(store, link('Ana', 'LEADS', 'Ben'))).toBe('gone')
    const back = await ingestTexts(store, readingEngine('one'), text)
    expect(back.replies).toEqual({ asked: 0, reused: 0 })
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.supports).toBe(2)
    expect(await sliced(store, link('Ana', 'LEADS', 'Ben'))).toEqual(['Ana leads Ben.', 'Ana leads Ben.'])
    expect((await store.entities([actorId('Ana')]))[0]?.name).toBe('Ana')
  })

  itAtLength('a reply that came while its chunk was away is joined to it when it comes back', async () => {
    const { store } = await open()
    const text = { 'a.md': 'Ana leads Ben.\n' }
    await ingestTexts(store, readingEngine('one'), text)
    const [said] = await store.proposalsFor(link('Ana', 'LEADS', 'Ben'))
    const chunkId = said?.proposal.chunkId ?? ''
    const [reply] = await store.repliesAbout(chunkId)
    await ingestTexts(store, readingEngine('one'), { 'a.md': 'Nothing.\n' })
    if (reply !== undefined) await store.saveReply({ ...reply, id: 'late', engine: 'other' })
    await ingestTexts(store, readingEngine('one'), text)
    const joined = 'MATCH (r:Reply)-[:REPLY_TO]->(c:Chunk {id: $chunkId}) RETURN r.id AS id ORDER BY id'
    const { rows } = await store.database.query(joined, { chunkId }, { seconds: 30 })
    expect(rows.flat().toSorted()).toEqual([reply?.id, 'late'].toSorted())
  })

  itAtLength('a file that was emptied takes its links along', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n' })
    await ingestTexts(store, readingEngine(), { 'a.md': '' })
    expect(await statusOf(store, link('Ana', 'LEADS', 'Ben'))).toBe('gone')
    expect(await store.entities([actorId('Ana'), actorId('Ben')])).toEqual([])
  })

  it('two ingests of one file at once leave one version and no link of the other', { timeout: 60_000 }, async () => {
    const { store } = await open()
    const versions = ['Ana leads Ben.\n', 'Cid leads Dan.\n', 'Eva leads Fay.\n', 'Gus leads Hal.\n']
    for (let round = 0; round < 3; round++) {
      await Promise.all(versions.map((text) => ingestTexts(store, readingEngine(), { 'a.md': text })))
      const { rows } = await store.database.query(
        'MATCH (c:Chunk)-[:FROM_DOCUMENT]->(:Document) RETURN c.text AS text',
        {},
        { seconds: 30 },
      )
      expect(rows).toHaveLength(1)
      const links = await store.links(['proposed'])
      // The last one may have been put while its own chunk was still being asked about by nobody else.
      for (const one of links) expect(`${one.subject} leads ${one.object}.`).toBe(rows[0]?.[0])
    }
  })

  itAtLength('two answers to one request are two replies; the later one counts', async () => {
    const { store } = await open()
    const texts = { 'a.md': 'Ana leads Ben. Ana knows Ben.\n' }
    const says = (type: string) =>
      scriptedEngine(() => answerWith([{ subject: 'Ana', type, object: 'Ben', quote: 'Ana' }]))
    await Promise.all([ingestTexts(store, says('LEADS'), texts), ingestTexts(store, says('KNOWS'), texts)])
    const inGraph = await store.links(['proposed'])
    expect(inGraph).toHaveLength(1)
    const [proposal] = (await store.proposalsFor(inGraph[0]?.id as string)).filter((stored) => stored.live)
    const reply = await store.reply(proposal?.proposal.replyId as string)
    expect(reply?.content).toContain(inGraph[0]?.type)
  })

  it('what an undo can take back, and what not', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n', 'b.md': 'Cid leads Dan.\n' })
    const [one, other] = [link('Ana', 'LEADS', 'Ben'), link('Cid', 'LEADS', 'Dan')]
    const rita = { reviewer: 'rita' }
    const accepted = await decideLink(store, one, 'accept', rita, now)
    expect((await undoDecision(store, one, rita, now)).link.status).toBe('proposed')
    await expect(undoDecision(store, one, rita, now)).rejects.toThrow('no standing decision')
    const undo = (await store.decisionsAbout(one)).at(-1)?.id as string
    expect((await undoDecision(store, undo, rita, now)).link.status).toBe('accepted')
    expect((await undoDecision(store, one, rita, now)).link.status).toBe('proposed')
    await expect(
      store.decide(
        { requestId: 'x', linkId: one, verdict: 'undo', undoes: accepted.decision?.id as string, reviewer: 'sam' },
        now.toISOString(),
      ),
    ).rejects.toThrow('not standing')

    // Sam takes Rita's last one back; her own undo then goes to the one before.
    await decideLink(store, one, 'reject', rita, now)
    await decideLink(store, other, 'accept', rita, now)
    await undoDecision(store, other, { reviewer: 'sam' }, now)
    expect((await undoDecision(store, undefined, rita, now)).link.id).toBe(one)
    expect(await statusOf(store, one)).toBe('proposed')
    expect(verifyChain(await store.decisions({ order: 'sequence' }), await store.chainHead())).toEqual([])
  })

  itAtLength('the chain shows what was altered, left out or cut off', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n' })
    for (const verdict of ['accept', 'reject', 'accept'] as const)
      await decideLink(store, link('Ana', 'LEADS', 'Ben'), verdict, { reviewer: 'rita' }, now)
    const decisions = await store.decisions({ order: 'sequence' })
    const head = await store.chainHead()
    expect(verifyChain(decisions, head)).toEqual([])
    expect(verifyChain(decisions.slice(0, -1), head)).not.toEqual([])
    expect(verifyChain(decisions.slice(1), head)).not.toEqual([])
    expect(
      verifyChain(
        decisions.map((one, i) => (i === 1 ? { ...one, reviewer: 'mallory' } : one)),
        head,
      ),
    ).not.toEqual([])
  })

  it('a chain that was cut off together with its end shows it to whoever noted a hash', async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n' })
    const log = (...args: string[]) => runHere(['review', 'log', ...args, '--store', address], { environment })
    for (const verdict of ['accept', 'reject'] as const)
      await decideLink(store, link('Ana', 'LEADS', 'Ben'), verdict, { reviewer: 'rita' }, now)
    const [first, last] = await store.decisions({ order: 'sequence' })
    const noted = last?.hash ?? ''
    const whole = { code: 0, stdout: `2 decisions, 0 problems\nthe last one's hash: ${noted}\n`, stderr: '' }
    expect(await log('--verify')).toEqual(whole)
    expect(await log('--expect', noted)).toEqual(whole)
    expect(await log('--verify', '--expect', first?.hash ?? '')).toEqual(whole)

    await store.database.write(async (writer) => {
      const [chain] = await writer.list('Chain')
      await writer.removeNodes('Decision', [last?.id ?? ''])
      await writer.patchNodes('Chain', [{ id: chain?.id ?? '', properties: { sequence: 1, hash: first?.hash ?? '' } }])
    })
    expect(await log('--verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 decision, 0 problems') })
    const cut = await log('--verify', '--expect', noted.toUpperCase())
    expect(cut).toMatchObject({ code: 1, stdout: expect.stringContaining('1 decision, 1 problem') })
    expect(cut.stdout).toContain(`no decision has the hash ${noted}: the chain was cut off before it`)
    const json = await log('--json', '--expect', noted)
    expect(JSON.parse(json.stdout)).toMatchObject({ decisions: 1, head: { sequence: 1, hash: first?.hash } })
    expect((await log('--expect', noted.slice(0, 8))).code).toBe(2)
  })

  itAtLength('bulk acceptance wants every quote of a proposal to be found', async () => {
    const { store } = await open()
    const said = answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads' }]).replace(
      '"evidence":[',
      '"evidence":[{"s":1,"quote":"never said"},',
    )
    await ingestTexts(
      store,
      scriptedEngine(() => said),
      { 'a.md': 'Ana leads Ben.\n' },
    )
    const id = link('Ana', 'LEADS', 'Ben')
    await expect(decideLink(store, id, 'accept', { reviewer: 'rita', inBulk: true }, now)).rejects.toThrow(
      'not all of its quotes are in the source',
    )
    expect((await decideLink(store, id, 'accept', { reviewer: 'rita' }, now)).link.status).toBe('accepted')
  })

  it('an accepted link whose source went keeps its entities until the acceptance is undone', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Ben.\n' })
    const id = link('Ana', 'LEADS', 'Ben')
    await decideLink(store, id, 'accept', { reviewer: 'rita' }, now)
    await ingestTexts(store, readingEngine(), { 'a.md': 'Nothing.\n' })
    expect(await store.link(id)).toMatchObject({ status: 'accepted', unsupported: true })
    expect(await store.entities([actorId('Ana'), actorId('Ben')])).toHaveLength(2)
    await undoDecision(store, id, { reviewer: 'rita' }, now)
    expect(await statusOf(store, id)).toBe('gone')
    expect(await store.entities([actorId('Ana'), actorId('Ben')])).toEqual([])
  })

  itAtLength('names without end, self-links, repeated links and empty quotes cost themselves only', async () => {
    const { store } = await open()
    const good = { subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben' }
    const engine = scriptedEngine(() =>
      answerWith([
        { ...good, subject: 'Ana '.repeat(5000) },
        { ...good, subject: 'Dr. Ben' },
        { ...good, type: 'KNOWS', quote: '..' },
        good,
        good,
      ]),
    )
    const summary = await ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.. and e.\n' })
    const codes = summary.notes.map((note) => note.code)
    expect(codes).toEqual(expect.arrayContaining(['invalid-item', 'self-link', 'quote-missing', 'repeated-link']))
    expect(await store.link(link('Ana', 'LEADS', 'Ben'))).toMatchObject({
      supports: 1,
      items: [{ evidence: 'Ana leads Ben' }],
    })
    expect((await store.link(link('Ana', 'KNOWS', 'Ben')))?.items[0]).toMatchObject({
      grounding: 'missing',
      evidence: '',
    })
  })
})
