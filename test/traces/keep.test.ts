import { expect, it } from 'vitest'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import { hashPassage, piecesOf, saidLength } from '../../src/model/kept-trace.ts'
import { PACKED } from '../../src/model/packed-text.ts'
import { type Reply, replyId, traceOf } from '../../src/model/reply.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { NO_PRICES } from '../../src/money/price.ts'
import { rebuild } from '../../src/rebuild/rebuild.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { readProposal } from '../../src/store/records.ts'
import { readReply, type StoredReply } from '../../src/store/reply-records.ts'
import { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { keepingOf } from '../../src/traces/keeping.ts'
import type { TraceSettings } from '../../src/traces/policy.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { FIRST, LEADS, OWNS, reader, TEXT as READ } from '../reading/scripted-reader.ts'
import { answerWith } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'
import { linksIn, thinkingEngine, traceOfThoughts } from './thinking-engine.ts'

const signal = new AbortController().signal
const walk = { progress: () => {}, signal }
const TEXT = 'Ana leads Ben.\n\nBen knows Cid.\n'
const SAID = traceOfThoughts(linksIn(['Ana leads Ben.', 'Ben knows Cid.'].map((text, at) => ({ s: at + 1, text }))))

/** The same store under another policy. */
function keeping(store: Store, settings: TraceSettings): Store {
  return new Store(store.database, { ...derivation, traces: keepingOf(settings) })
}

const AT_LENGTH = traceOfThoughts([
  { ...LEADS, s: 1 },
  { ...OWNS, s: 2 },
])

/** Thinks at length before each answer. */
function atLength(engine: ReturnType<typeof reader>): ReturnType<typeof reader> {
  return {
    ...engine,
    async *reason(...request) {
      for await (const event of engine.reason(...request))
        yield event.type === 'reasoning-delta' ? { ...event, text: AT_LENGTH } : event
    },
  }
}

async function replies(store: Store): Promise<StoredReply[]> {
  return (await store.database.read((reader) => reader.list('Reply'))).map(readReply)
}

async function stepsOf(store: Store) {
  const proposals = (await store.database.read((reader) => reader.list('Proposal'))).map(readProposal)
  return proposals.map(({ proposal }) => proposal.steps)
}

async function wrong(store: Store): Promise<string[]> {
  const checks = await store.check(walk)
  return checks.filter((check) => check.wrong > 0).map(({ check }) => check)
}

function readAgain(store: Store) {
  const options = { fromReplies: true, dryRun: false, schema: DEFAULT_SCHEMA, journal: NO_JOURNAL, prices: NO_PRICES }
  return rebuild(store, { ...options, tables: new Tables(null), progress: () => {} }, signal)
}

const POLICIES: Record<string, TraceSettings> = {
  aligned: { keep: 'aligned', compress: true },
  none: { keep: 'none', compress: true },
  'perReply 1500': { keep: 'full', perReply: 1500, compress: true },
  'perReply 1500, plain': { keep: 'full', perReply: 1500, compress: false },
}

eachStoreAtLength('traces that are not kept whole', (open, kind) => {
  // The policy stands above the database: on a server one of them shows as much.
  it.each(Object.entries(POLICIES).slice(0, kind === 'local' ? Infinity : 1))(
    '%s: what is kept is verbatim, the rest is marked, ids stay, steps stay',
    async (_, settings) => {
      const { store } = await open()
      const kept = keeping(store, settings)
      const whole = (await ingestTexts(kept, thinkingEngine(), { 'a.md': TEXT })).links
      expect(whole).toBe(2)
      const [reply] = await replies(kept)
      if (reply?.leftOut === undefined) throw new Error('nothing was left out')
      const trace = traceOf(reply)
      expect(saidLength(trace)).toBe(SAID.length)
      for (const { start, end, text } of piecesOf(trace)) expect(text).toBe(SAID.slice(start, end))
      for (const { start, end, hash } of reply.leftOut) expect(hash).toBe(hashPassage(SAID.slice(start, end)))
      const { requestHash, chunkId } = reply
      expect(reply.id).toBe(replyId(requestHash, chunkId, { ...reply, reasoning: SAID }))
      for (const steps of await stepsOf(kept)) {
        expect(steps.length).toBeGreaterThan(0)
        for (const step of steps) {
          const words = SAID.slice(step.start, step.end)
          if (settings?.keep === 'none') expect(step).toMatchObject({ text: '', leftOut: hashPassage(words) })
          else expect(step.text).toBe(words)
        }
      }
      const [link] = await kept.links(['proposed'])
      expect(link?.items[0]?.reasoning).toMatch(
        settings?.keep === 'none' ? /^\[… \d+ characters left out …\]$/ : /asserted and stated/,
      )
      expect(await wrong(kept)).toEqual([])

      const before = await snapshot(kept, ['Run'])
      const again = await readAgain(kept)
      expect(again.replies).toMatchObject({ read: 1, changed: 0, cutTraces: 1 })
      expect(await snapshot(kept, ['Run'])).toBe(before)
      // The same words elsewhere cost no call, and have the same steps.
      const engine = thinkingEngine()
      const steps = await stepsOf(kept)
      await ingestTexts(kept, engine, { 'other/a.md': TEXT })
      expect(engine.asked).toBe(0)
      expect(
        (await stepsOf(kept)).filter((own) => steps.some((one) => JSON.stringify(one) === JSON.stringify(own))),
      ).toHaveLength(4)
      expect(await wrong(kept)).toEqual([])

      const [stored] = await kept.database.read((reader) => reader.get('Reply', [reply.id]))
      const altered = reply.reasoning.replace('characters', 'words')
      await kept.database.write((writer) =>
        writer.patchNodes('Reply', [{ id: reply.id, properties: { reasoning: altered } }]),
      )
      expect(await wrong(kept)).toContain('replies')
      await kept.database.write((writer) => writer.putNodes([stored as NonNullable<typeof stored>]))
      expect(await wrong(kept)).toEqual([])
    },
  )

  it('of replies that make one reading each keeps its own steps', async () => {
    const { store } = await open()
    const kept = keeping(store, { keep: 'aligned', compress: true })
    const engine = atLength(reader({ first: [FIRST, answerWith([LEADS, OWNS])] }))
    const effort = { level: 'thorough', samples: 2, verifier: null } as const
    const about = { route: { engine, schema: DEFAULT_SCHEMA, effort } }
    const run = () => ingestTexts(kept, engine, { 'a.txt': READ }, {}, DEFAULT_SCHEMA, undefined, about)
    await run()
    const all = await replies(kept)
    const names = all.map(({ step }) => step?.name ?? 'first').toSorted()
    expect(names).toEqual(['counterfactual', 'first', 'gleaning', 'sample', 'verification'])
    for (const { leftOut } of all) expect(leftOut?.length).toBeGreaterThan(0)
    for (const steps of await stepsOf(kept)) {
      expect(steps.length).toBeGreaterThan(0)
      for (const { start, end, text } of steps) expect(text).toBe(AT_LENGTH.slice(start, end))
    }
    expect(await wrong(kept)).toEqual([])
    const before = await snapshot(kept, ['Run'])
    expect((await readAgain(kept)).replies).toMatchObject({ changed: 0, cutTraces: 1 })
    expect(await snapshot(kept, ['Run'])).toBe(before)
    const { length } = engine.asked
    await run()
    expect(engine.asked).toHaveLength(length)
  })

  it('none keeps no words either of an answer in whose place another one was taken', async () => {
    const { store } = await open()
    const effort = { level: 'standard', samples: 1, verifier: null } as const
    const [none, half] = ['No.', answerWith([LEADS, { ...OWNS, quote: 'Nobody.' }])]
    for (const { model, first, again, unused } of [
      { model: 'mended', first: none, again: FIRST, unused: undefined },
      { model: 'not mended', first: half, again: none, unused: 're-ask' },
    ]) {
      const kept = keeping(store, { keep: 'none', compress: true })
      const engine = atLength(reader({ first, again }, model))
      const about = { route: { engine, schema: DEFAULT_SCHEMA, effort } }
      await ingestTexts(kept, engine, { 'a.txt': READ }, {}, DEFAULT_SCHEMA, undefined, about)
      const own = (await replies(kept)).filter((reply) => reply.model === model)
      expect(own.filter(({ taken }) => !taken).map(({ step }) => step?.name)).toEqual([unused])
      for (const { leftOut, reasoning } of own) {
        expect(leftOut).toHaveLength(1)
        expect(reasoning).toMatch(/^\n\[… \d+ characters left out …\]\n$/)
      }
      expect(await wrong(kept)).toEqual([])
    }
  })

  it('until something is made of a reply its whole trace is kept', async () => {
    const { store } = await open()
    const kept = keeping(store, { keep: 'none', compress: true })
    await ingestTexts(kept, thinkingEngine(), { 'a.md': 'All gibberish.\n' })
    const [reply] = await replies(kept)
    expect(reply?.taken).toBe(false)
    expect(reply?.leftOut).toBeUndefined()
    expect(reply?.reasoning).toContain('about the weather of that day')
    expect(await kept.trimTraces({ dryRun: false, begin: async () => {}, ...walk })).toMatchObject({
      replies: 1,
      cut: 0,
    })
    expect((await replies(kept))[0]?.leftOut).toBeUndefined()
  })

  it('what is stored is cut afterwards as if it came now; what was cut comes back with nothing', async () => {
    const { store } = await open()
    await ingestTexts(store, thinkingEngine(), { 'a.md': TEXT })
    const full = await stepsOf(store)
    const strict = keeping(store, { keep: 'aligned', perLink: 100, compress: true })
    const before = await snapshot(store)
    const look = await strict.trimTraces({ dryRun: true, begin: async () => {}, ...walk })
    expect(look).toMatchObject({ replies: 1, cut: 1 })
    expect(look.words.after).toBeLessThan(look.words.before / 5)
    expect(await snapshot(store)).toBe(before)

    let begun = 0
    const done = await strict.trimTraces({ dryRun: false, begin: async () => void begun++, ...walk })
    expect(done).toEqual(look)
    expect(begun).toBe(1)
    expect(await wrong(strict)).toEqual([])
    const trimmed = await snapshot(strict)
    expect(await strict.trimTraces({ dryRun: false, begin: async () => void begun++, ...walk })).toMatchObject({
      cut: 0,
      capped: 0,
    })
    const none = keeping(store, { keep: 'none', compress: true })
    const trimNone = (dryRun: boolean) => none.trimTraces({ dryRun, begin: async () => {}, ...walk })
    expect(await trimNone(true)).toMatchObject({ cut: 1, capped: 2 })
    expect(begun).toBe(1)
    expect(await snapshot(strict)).toBe(trimmed)

    // A store of its own that was told so from the start is the same.
    const { store: other } = await open()
    await ingestTexts(keeping(other, { keep: 'aligned', perLink: 100, compress: true }), thinkingEngine(), {
      'a.md': TEXT,
    })
    const cut = await stepsOf(other)
    expect(cut.map((steps) => steps.map(({ start }) => start))).toEqual(
      full.map((steps) => steps.map(({ start }) => start)),
    )
    expect((await readAgain(keeping(other, undefined))).replies).toMatchObject({ changed: 0, cutTraces: 1 })
    expect(await stepsOf(other)).toEqual(cut)
  })

  it('a limit per link alone loses nothing: with another setting a rebuild brings the steps back', async () => {
    const { store } = await open()
    const capped = keeping(store, { keep: 'full', perLink: 100, compress: true })
    await ingestTexts(capped, thinkingEngine(), { 'a.md': TEXT })
    const [reply] = await replies(capped)
    expect(reply?.reasoning).toBe(SAID)
    expect(await wrong(capped)).toEqual([])
    expect((await readAgain(capped)).replies).toMatchObject({ changed: 0, cutTraces: 0 })
    const uncapped = keeping(store, undefined)
    await readAgain(uncapped)
    for (const steps of await stepsOf(uncapped))
      for (const step of steps) expect(step.text).toBe(SAID.slice(step.start, step.end))
    expect(await wrong(uncapped)).toEqual([])
  })

  it('long traces and answers are packed in the store; plain ones of before are read, and packed by a trim', async () => {
    const { store } = await open()
    const plain = keeping(store, { keep: 'full', compress: false })
    await ingestTexts(plain, thinkingEngine(), { 'a.md': TEXT })
    const raw = async () => (await store.database.read((reader) => reader.list('Reply')))[0]?.properties['reasoning']
    expect(await raw()).toBe(SAID)
    const packing = keeping(store, undefined)
    expect((await replies(packing))[0]?.reasoning).toBe(SAID)
    const { stored, cut } = await packing.trimTraces({ dryRun: false, begin: async () => {}, ...walk })
    expect(cut).toBe(0)
    expect(stored.after).toBeLessThan(stored.before / 3)
    expect(await raw()).toMatch(new RegExp(`^${PACKED.replace('+', '\\+')}`))
    expect((await replies(packing))[0]?.reasoning).toBe(SAID)
    expect(await wrong(packing)).toEqual([])
    await plain.trimTraces({ dryRun: false, begin: async () => {}, ...walk })
    expect(await raw()).toBe(SAID)
  })

  it('the trace of a summary goes once its document has it', async () => {
    const { store } = await open()
    const kept = keeping(store, { keep: 'none', compress: true })
    await ingestTexts(kept, thinkingEngine(), { 'a.md': TEXT })
    const [{ leftOut: _, aligned: __, ...taken } = {} as StoredReply] = await replies(kept)
    const said = { ...taken, purpose: 'summary', content: 'A sum.', reasoning: SAID } as const
    const id = replyId(said.requestHash, said.chunkId, said)
    const reply = { ...said, id }
    await kept.saveReply(reply)
    expect((await kept.reply(id))?.reasoning).toBe(SAID)
    const [document] = await kept.documentsAt('a.md')
    const making = () => ({ summary: 'A sum.', of: 'all', takenFor: 'thinker', labels: [] })
    await kept.takeSummary(document?.id ?? '', reply, making)
    expect((await kept.reply(id))?.leftOut).toHaveLength(1)
  })

  it('a trim cuts what was never taken too, where nothing of it would be kept if it were', async () => {
    const { store } = await open()
    await ingestTexts(store, thinkingEngine(), { 'a.md': TEXT })
    const [taken] = await replies(store)
    if (taken === undefined) throw new Error('no reply')
    const others = {
      malformed: {},
      sum: { purpose: 'summary' },
      held: { purpose: 'contradiction' },
      pair: { purpose: 'identity' },
    } as const
    for (const [content, { purpose = undefined }] of Object.entries<{ purpose?: Reply['purpose'] }>(others)) {
      const { id: _, taken: __, takenFor: ___, mentions: ____, notes: _____, further: ______, ...said } = taken
      const one = { ...said, content, ...(purpose === undefined ? {} : { purpose }) }
      await store.saveReply({ ...one, id: replyId(one.requestHash, one.chunkId, one) })
    }
    const whole = async () =>
      (await replies(store))
        .filter(({ leftOut }) => leftOut === undefined)
        .map(({ id, content }) => (id === taken.id ? '' : content))
    for (const [keep, left] of [
      ['full', ['', 'malformed', 'sum', 'held', 'pair']],
      ['aligned', ['malformed', 'pair']],
      ['none', ['pair']],
    ] as const) {
      const kept = keeping(store, { keep, compress: true })
      await kept.trimTraces({ dryRun: false, begin: async () => {}, ...walk })
      expect((await whole()).toSorted(), keep).toEqual([...left].toSorted())
      expect(await wrong(kept)).toEqual([])
    }
  })
})
