import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Account } from '../../src/asking/account.ts'
import { askAboutPairs, pairRequest } from '../../src/asking/ask-about-pairs.ts'
import { judgeFingerprint } from '../../src/extract/ask.ts'
import { createAskOnce } from '../../src/asking/ask-once.ts'
import { createAsk } from '../../src/asking/ask-paid.ts'
import { createChatEngine } from '../../src/engines/chat.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { createReplayEngine } from '../../src/engines/replay.ts'
import { NO_JOURNAL, type Journal } from '../../src/extract/journal.ts'
import { FileJournal } from '../../src/journal/file-journal.ts'
import type { Reply, ReplyPlace } from '../../src/model/reply.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { Store } from '../../src/store/store.ts'
import { fakeClock, KEY, serve } from '../engines/wire/run.ts'
import type { WireReply } from '../engines/wire/server.ts'
import { chunkOf, pairAnswer, pairOf, sideOf } from '../pairs.ts'
import { withMethods } from '../store/with-methods.ts'
import { eachStoreAtLength } from '../stores.ts'

const CALL = chunkOf('call', 'Amara leads it now.')
const CHARTER = chunkOf('charter', 'Dr. Amara Okafor leads Project Saltmarsh.')
const OKAFOR = sideOf('Dr. Amara Okafor', CHARTER)
const PAIR = pairOf(sideOf('Amara', CALL), OKAFOR)
const ANSWER = pairAnswer([
  [1, 'Amara leads it now.'],
  [2, 'Dr. Amara Okafor leads Project Saltmarsh.'],
])
const THOUGHT =
  'S1 says Amara leads it now; S2 that Dr. Amara Okafor leads Saltmarsh: Amara is the same as Dr. Amara Okafor.'

const said = (content: string): WireReply => ({
  body: {
    choices: [{ message: { content, reasoning_content: THOUGHT }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 300, completion_tokens: 50 },
  },
})
const chatAt = (baseUrl: string, model = 'judge'): Engine =>
  createChatEngine({ model, apiKey: KEY, baseUrl, clock: fakeClock(), stream: false, retries: 0, maxOutputTokens: 500 })

interface Limits {
  readonly limit?: number
  readonly tokens?: number
  readonly journal?: Journal
}

/** One run: its own account, limit and journal, on a store that outlives it. */
function start(store: Store, engine: Engine, { limit = Infinity, tokens = 1e6, journal = NO_JOURNAL }: Limits = {}) {
  const paid: Reply[] = []
  const budget = { value: tokens, unit: 'tokens' }
  const onPaid = (reply: Reply) => void paid.push(reply)
  const account = new Account({ prices: { currency: 'usd', models: {} }, budget, earlier: [], onPaid })
  const { signal } = new AbortController()
  const begin = async () => {}
  const keep = (reply: Reply, beside: ReplyPlace | undefined) => store.saveReply(reply, beside)
  const ask = createAsk({ concurrency: 4, limit, runId: 'run', journal, begin, keep, account, signal })
  const once = createAskOnce({ journal, recover: async () => {}, signal })
  return { askAbout: askAboutPairs(store, { engine, ask, once, signal }), paid, account }
}

eachStoreAtLength('an engine that is asked about pairs of names', (openEmpty) => {
  /** With the documents that the pairs are of. */
  const open = async () => {
    const { store } = await openEmpty()
    const documents = ['call', 'charter', 'memo'].map((id) => ({ kind: 'Document' as const, id, properties: { id } }))
    await store.database.write((writer) => writer.createNodes(documents))
    return { store }
  }

  it('sees both sources, and its reply is stored beside both chunks, paid once', async () => {
    const { store } = await open()
    const { url, requests } = await serve(said(ANSWER))
    const { askAbout, paid } = start(store, chatAt(url))
    const answer = await askAbout(PAIR)
    expect(answer).toMatchObject({ how: 'asked', reading: { verdict: 'one' } })
    const [request] = requests
    expect(JSON.stringify(request?.body)).toContain('[S2] Dr. Amara Okafor leads Project Saltmarsh.')
    const [beside] = await store.repliesAbout(CALL.id, 'identity')
    const [copy] = await store.repliesAbout(CHARTER.id, 'identity')
    expect(beside).toMatchObject({ documentId: 'call', reasoning: THOUGHT, content: ANSWER, usage: { output: 50 } })
    expect(copy).toMatchObject({ documentId: 'charter', reasoning: THOUGHT, content: ANSWER, cost: { basis: 'free' } })
    expect(paid).toHaveLength(1)
    if (answer.how !== 'asked') throw new Error(answer.how)
    expect(answer.reading.proposals.map(({ replyId }) => replyId)).toEqual([beside?.id, copy?.id])
    expect(answer.reading.proposals[0]?.steps[0]?.text).toContain('the same as')
    // It is no answer about the links of either.
    expect([...(await store.repliesAbout(CALL.id)), ...(await store.repliesAbout(CHARTER.id))]).toEqual([])
  })

  it('is not asked again about the same names in the same chunks, by whatever run', async () => {
    const { store } = await open()
    const { url, requests } = await serve(said(ANSWER))
    const first = start(store, chatAt(url))
    const [one, same] = await Promise.all([first.askAbout(PAIR), first.askAbout(PAIR)])
    expect([one.how, same.how]).toEqual(['asked', 'reused'])
    const again = await start(store, chatAt(url)).askAbout(PAIR)
    expect(again).toMatchObject({ how: 'reused', reading: { verdict: 'one' } })
    const { signal } = new AbortController()
    const once = createAskOnce({ journal: NO_JOURNAL, recover: async () => {}, signal })
    const offline = askAboutPairs(store, { engine: chatAt(url), ask: null, once, signal })
    expect(await offline(PAIR)).toMatchObject({ how: 'reused' })
    expect(requests).toHaveLength(1)
  })

  it('is asked again where a chunk or the model is another', async () => {
    const { store } = await open()
    const { url, requests } = await serve(said(ANSWER))
    await start(store, chatAt(url)).askAbout(PAIR)
    const later = chunkOf('call', 'Amara leads it now.', 'She said so.')
    await start(store, chatAt(url)).askAbout(pairOf(sideOf('Amara', later), OKAFOR))
    await start(store, chatAt(url, 'other')).askAbout(PAIR)
    expect(requests).toHaveLength(3)
  })

  it('that fails or says nothing of use is asked again by the next run; what came is kept', async () => {
    const { store } = await open()
    const script = [{ status: 400, body: { error: { message: 'no' } } }, said('I would rather not.'), said(ANSWER)]
    const { url } = await serve(script)
    const results = []
    for (let run = 0; run < 3; run++) results.push(await start(store, chatAt(url)).askAbout(PAIR))
    expect(results).toMatchObject([
      { how: 'failed', message: expect.stringContaining('no'), error: { code: expect.any(String) } },
      { how: 'failed', message: expect.stringMatching(/no JSON object \(reply \w+\)/), error: null },
      { how: 'asked' },
    ])
    expect((await store.repliesAbout(CALL.id, 'identity')).map(({ content }) => content)).toEqual([
      'I would rather not.',
      ANSWER,
    ])
  })

  it('that refuses the key is asked once, and each pair says why', async () => {
    const { store } = await open()
    const { url, requests } = await serve({ status: 401, file: 'error-401.json' })
    const { askAbout } = start(store, chatAt(url))
    const other = chunkOf('memo', 'Amara signed.')
    const answers = [await askAbout(PAIR), await askAbout(pairOf(sideOf('Amara', other), OKAFOR))]
    expect(answers).toMatchObject([{ how: 'failed' }, { how: 'failed' }])
    expect(JSON.stringify(answers)).not.toContain(KEY)
    expect(requests).toHaveLength(1)
  })

  it.each<[string, Limits]>([
    ['the limit', { limit: 1 }],
    ['the budget', { tokens: 2200 }],
  ])('stops at %s of the run, and the pair is left', async (_, limits) => {
    const { store } = await open()
    const { url, requests } = await serve(said(ANSWER))
    const { askAbout } = start(store, chatAt(url), limits)
    const other = chunkOf('memo', 'Amara signed.')
    expect((await askAbout(PAIR)).how).toBe('asked')
    expect(await askAbout(pairOf(sideOf('Amara', other), OKAFOR))).toEqual({ how: 'left' })
    expect(requests).toHaveLength(1)
  })

  it('what was in the journal when the run was killed is not asked for again', async () => {
    const { store } = await open()
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { url, requests } = await serve(said(ANSWER))
    const journal = new FileJournal(join(folder, 'replies'), 'local', () => {})
    const write = () => Promise.reject(new Error('the store is gone'))
    const broken = new Store(withMethods(store.database, { write }), derivation)
    await expect(start(broken, chatAt(url), { journal }).askAbout(PAIR)).rejects.toThrow('the store is gone')
    journal.close()
    const next = new FileJournal(join(folder, 'replies'), 'local', () => {})
    const recovered = await next.recover((reply, _, beside) => store.saveReply(reply, beside))
    next.close()
    expect(recovered).toMatchObject({ whole: 1 })
    expect(await start(store, chatAt(url)).askAbout(PAIR)).toMatchObject({ how: 'reused', reading: { verdict: 'one' } })
    expect(requests).toHaveLength(1)
  })

  it('may play recorded replies, found by the units of both sources', async () => {
    const { store } = await open()
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const empty = chatAt('http://127.0.0.1:9/v1')
    const { units } = pairRequest(PAIR, judgeFingerprint(empty)).question
    mkdirSync(folder, { recursive: true })
    const recording = { source: 'pair', model: 'recorded', units, reasoning: THOUGHT, content: ANSWER }
    writeFileSync(join(folder, 'pair.json'), JSON.stringify(recording))
    const answer = await start(store, await createReplayEngine({ folder })).askAbout(PAIR)
    expect(answer).toMatchObject({ how: 'asked', reading: { verdict: 'one', proposals: [{ model: 'recorded' }, {}] } })
  })
})
