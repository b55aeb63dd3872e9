import { expect, it } from 'vitest'
import type { Order } from '../../src/desk/order.ts'
import { Queue } from '../../src/desk/queue.ts'
import { leaseBlock, release } from '../../src/review/lease.ts'
import { NotFoundError } from '../../src/model/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { sameAs } from '../same-as.ts'
import { answerWith, scriptedEngine, type ScriptedLink } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { openDesk, type TestDesk } from './sitting.ts'

const OWNS = 'Ana owns Alpha, Beta and Gamma.'
const LEADS = 'Ben leads Delta.'
const TEXTS: Readonly<Record<string, { text: string; links: readonly ScriptedLink[] }>> = {
  'a.md': {
    text: OWNS,
    links: ['Alpha', 'Beta', 'Gamma'].map((object) => ({ subject: 'Ana', type: 'OWNS', object, quote: OWNS })),
  },
  'b.md': {
    text: LEADS,
    links: [{ subject: 'Ben', type: 'LEADS', object: 'Delta', quote: LEADS, confidence: 0.6 }],
  },
  'c.md': {
    text: 'Cleo funds Epsilon.',
    links: [{ subject: 'Cleo', type: 'FUNDS', object: 'Epsilon', quote: 'Cleo funds Epsilon.' }],
  },
  'e.md': {
    text: 'Ana may own Kite.',
    links: [{ subject: 'Ana', type: 'OWNS', object: 'Kite', quote: 'Ana may own Kite.', polarity: 'hedged' }],
  },
  'd.md': {
    text: 'Ana helps Zeta.',
    links: [{ subject: 'Ana', type: 'HELPS', object: 'Zeta', quote: 'Ana helps Zeta.' }],
  },
}
const engine = scriptedEngine(({ prompt }) =>
  answerWith(Object.values(TEXTS).find(({ text }) => prompt.includes(text))?.links ?? []),
)

async function read(store: Store, ...paths: string[]): Promise<void> {
  await ingestTexts(store, engine, Object.fromEntries(paths.map((path) => [path, TEXTS[path]?.text ?? ''])))
}

eachStoreAtLength('the desk', (open) => {
  const sit = async (order: Order, random?: () => number): Promise<TestDesk & { store: Store }> => {
    const { store } = await open()
    await read(store, 'a.md', 'b.md')
    return { store, ...openDesk(store, order, random) }
  }
  const decisions = async (store: Store) => store.decisions({ order: 'sequence' })

  it.each(['doc', 'entity', 'random'] as const)(
    'comes to the end of what was asked for, in the order %s',
    async (order) => {
      const { press, sees, leave } = await sit(order)
      await sees('──OWNS──▶')
      for (const key of ['/', ...'doc=b.md', 'enter']) press(key)
      await sees('Ben ──LEADS──▶ Delta')
      press('s')
      if (order === 'doc') {
        await sees('b.md · missing links?')
        press('s')
      }
      await sees('Nothing with doc=b.md waits')
      for (const key of ['/', 'enter']) press(key)
      await sees('──OWNS──▶')
      await leave()
    },
  )

  it('decides what is alike with one key, as one batch and one undo', async () => {
    const { store, press, sees, leave } = await sit('entity')
    expect(await sees('──OWNS──▶')).toMatch(/^ 1\/4 · by entity Ana · \+2 alike: p\n/)
    press('p')
    expect(await sees('ALIKE  here a accepts all 3 of them')).toContain(`»${OWNS}« exact, a.md`)
    press('a')
    expect(await sees('accepted, 2 alike too  saved ✓')).toMatch(/^ 4\/4 · by entity (Ben|Delta)\n/)
    const made = await decisions(store)
    expect(made.map(({ verdict, order }) => [verdict, order])).toEqual(
      ['entity', 'entity', 'entity'].map((order) => ['accept', order]),
    )
    expect(new Set(made.map(({ batch }) => batch)).size).toBe(1)
    expect(made.map(({ shown }) => shown?.length)).toEqual([64, undefined, undefined])
    press('u')
    expect(await sees('taken back: 3  saved ✓')).toMatch(/^ 1\/4 · [^]*──OWNS──▶/)
    press('U')
    expect(await sees('done again: 3  saved ✓')).toMatch(/^ 3\/4 · looked at again/)
    await leave()
    expect((await store.links(['accepted'])).map(({ type }) => type)).toEqual(['OWNS', 'OWNS', 'OWNS'])
  })

  it('shows what is alike later, and decides about none of it by itself', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('x')
    await sees('──LEADS──▶')
    press('s')
    expect(await sees('──OWNS──▶')).toContain('+1 alike')
    await leave()
    expect((await decisions(store)).map(({ verdict }) => verdict)).toEqual(['reject', 'skip'])
  })

  it('shows only what is asked for, says what is wrong with a question, and shows all again', async () => {
    const { press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('/', ...'type=LEADS', 'enter')
    expect(await sees('──LEADS──▶')).toMatch(/^ 1\/1 · type=LEADS · by entity /)
    press('/', ...'kind=LEADS', 'enter')
    const told = await sees("no filter: 'kind' is nothing that it knows. ? lists the conditions")
    expect(told).toContain('──LEADS──▶')
    expect(told).not.toMatch(/--where|speaker=/)
    press('?')
    await sees(/by type, confidence, [^]*speaker="Ana\s+Ruiz"/)
    press('?')
    press('/', ...'doc=a.* confidence<0.5', 'enter')
    await sees('Nothing with doc=a.* confidence<0.5 waits')
    press('/', ...'doc=a.*', 'enter')
    await sees('──OWNS──▶')
    press('/', 'enter')
    expect(await sees('all links')).toMatch(/^ 1\/4 · /)
    await leave()
  })

  it('goes on in the next order, which its decisions tell', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('o')
    expect(await sees('order: uncertain')).toContain('──LEADS──▶')
    press('a')
    await sees(/──OWNS──▶[^]*accepted {2}saved ✓/)
    await leave()
    expect((await decisions(store)).map(({ order }) => order)).toEqual(['uncertain'])
  })

  it('says of a decision that it is saved, whatever fails of what follows from it, and takes it back', async () => {
    const { store } = await open()
    await read(store, 'a.md')
    const { press, sees, leave } = openDesk(store, 'entity', undefined, async () => {
      throw new NotFoundError('no-table', 'the table went')
    })
    await sees('──OWNS──▶')
    press('p')
    await sees('ALIKE')
    press('a')
    expect(await sees('accepted, 2 alike too  saved ✓  but: the table went')).not.toContain('not saved')
    expect(await store.links(['accepted'])).toHaveLength(3)
    press('u')
    await sees('taken back: 3  saved ✓  but: the table went')
    await leave()
    expect(await store.links(['accepted'])).toEqual([])
  })

  it('decides about nothing that went meanwhile: says so, and goes on', async () => {
    const { store, press, sees, leave } = await sit('doc')
    await sees('──OWNS──▶')
    await ingestTexts(store, engine, { 'a.md': 'All of it was sold.' })
    press('a')
    const asked = await sees('went meanwhile, no source says it any more')
    expect(asked).toMatch(/^ a\.md · missing links\?[^]*not saved: Ana ──OWNS/)
    press('s')
    await sees('──LEADS──▶')
    press('a')
    await sees('accepted  saved ✓')
    await leave()
    expect((await decisions(store)).map(({ verdict }) => verdict)).toEqual(['accept'])
  })

  it('takes no key for a card that was not there when it was pressed, and says so', async () => {
    const { store, press, sees, leave } = await sit('uncertain')
    await sees('──LEADS──▶')
    press('a', 'x')
    await sees('accepted  saved ✓  x came before this was shown, and did nothing')
    press('s')
    press('U')
    press('t')
    await sees(/Let me see\.[^]*skipped {2}saved ✓ {2}U came before/)
    await leave()
    expect((await decisions(store)).map(({ verdict }) => verdict)).toEqual(['accept', 'skip'])
  })

  it('writes what was typed too soon where it was meant to go, not over the card as commands', async () => {
    const { store, press, sees, leave } = await sit('uncertain')
    await sees('──LEADS──▶')
    press('a')
    press('n', ...'axs')
    press('enter', 'x')
    await sees(/NOTE OF YOURS {2}axs[^]*x came before this was shown/)
    press('f')
    press('i')
    await sees(/the other way round[^]*i came before this was shown/)
    press('escape')
    await sees('NOTE OF YOURS  axs')
    await leave()
    expect((await decisions(store)).map(({ verdict }) => verdict)).toEqual(['accept'])
  })

  it('rejects a link as one of many, of which those to come are held until that is taken back', async () => {
    const { store, press, sees, leave } = await sit('uncertain')
    await sees('──LEADS──▶')
    press('X')
    const first = await sees('REJECT IT AS ONE OF MANY')
    expect(first).toContain('RULE  links of type LEADS from Actor to Actor, in folder . are held')
    expect(first).toMatch(/\[x\] ends: from Actor to Actor\n[^]*\[ \] model: said by scripted/)
    press('6')
    press('2')
    await sees('RULE  links of type LEADS to “Delta” (Actor), from Actor to Actor are held')
    press('enter')
    await sees('rejected as one of many  saved ✓')
    const held = async (path: string): Promise<string[]> => {
      const text = `${path.slice(0, 4)} leads Delta.`
      const link = { subject: path.slice(0, 4), type: 'LEADS', object: 'Delta', quote: text }
      await ingestTexts(
        store,
        scriptedEngine(() => answerWith([link])),
        { [path]: text },
      )
      return (await store.links(['held'])).map(({ subject }) => subject)
    }
    expect(await held('Dora.md')).toEqual(['Dora'])
    press('u')
    await sees(/──LEADS──▶[^]*taken back {2}saved ✓/)
    await leave()
    expect(await held('Evan.md')).toEqual([])
  })

  it('says in its own words of what no pattern can be made', async () => {
    const { store, press, sees, leave } = await sit('uncertain')
    await store.propose([await sameAs(store, 'a.md', ['Alpha', 'Beta'])])
    press('/', ...'type=SAME_AS', 'enter')
    await sees('──SAME_AS──▶')
    press('X')
    const told = await sees('only links between things are rejected as one of many')
    expect(told).toMatch(/says that two names are one thing\. Reject this one by itself\.\n.*$/)
    expect(told).not.toContain('--rule')
    await leave()
  })

  it('says who hedges a link and where, and that no pattern is known by that', async () => {
    const { store } = await open()
    await read(store, 'a.md', 'e.md')
    const { press, sees, leave } = openDesk(store, 'uncertain')
    press('/', ...'status=held', 'enter')
    expect(await sees('Ana ──OWNS──▶ Kite')).toMatch(/^ FOR 0 · AGAINST 1: hedged \(e\.md l\. 1\)$/m)
    press('X')
    expect(await sees('its sources only hedge this link, and a pattern is known by what says it')).toMatch(
      /\. Reject this one by itself\.$/m,
    )
    await leave()
  })

  it.each(['doc=a.md', 'run=RUN', 'grounding=exact type=OWNS'])(
    'counts what %s asks for, once that is known',
    async (text) => {
      const { store, press, sees, leave } = await sit('entity')
      await sees('──OWNS──▶')
      const [run] = await store.database.read((reader) => reader.list('Run'))
      press('/', ...text.replace('RUN', run?.id ?? ''), 'enter')
      const total = text.startsWith('run') ? 4 : 3
      await sees(`1/${total} · ${text.slice(0, 4)}`)
      press('x')
      await sees(`2/${total} · ${text.slice(0, 4)}`)
      press('u')
      await sees(`1/${total} · ${text.slice(0, 4)}`)
      await leave()
    },
  )

  it('draws some by chance, and says so in the record', async () => {
    const { store, press, sees, leave } = await sit('uncertain', () => 0.01)
    await sees('──LEADS──▶')
    press('s')
    await sees('drawn by chance')
    press('x')
    await sees('rejected  saved ✓')
    await leave()
    const made = await decisions(store)
    expect(made.map(({ verdict, order }) => [verdict, order])).toEqual([
      ['skip', 'uncertain'],
      ['reject', 'random'],
    ])
  })

  it('goes through documents, and asks at the end of each what is missing, once', async () => {
    const { store, press, sees, leave } = await sit('doc')
    expect(await sees('──OWNS──▶')).toMatch(/^ 1\/4 · by doc a\.md/)
    press('p')
    await sees('ALIKE')
    press('a')
    const asked = await sees('a.md · missing links?')
    expect(asked).toContain(`3 links, each below what it quotes\n   ${OWNS}\n     • Ana ──OWNS──▶ `)
    expect(asked).toContain('accepted, 2 alike too  saved ✓')
    press('x')
    await sees('that is about a link: a says that nothing is missing, + adds what is')
    press('a')
    expect(await sees('──LEADS──▶')).toMatch(
      /^ 4\/4 · by doc b\.md\n[^]*a\.md: nothing is missing beside 3 links {2}saved ✓/,
    )
    press('u')
    await sees(/^ a\.md · missing links\?[^]*a\.md: taken back {2}saved ✓/)
    expect((await store.documentsAt('a.md'))[0]?.searchedBy).toBeUndefined()
    press('a')
    expect(await sees('──LEADS──▶')).toMatch(/^ 4\/4 · by doc b\.md\n[^]*a\.md: nothing is missing/)
    press('u')
    await sees('a.md · missing links?')
    press('u')
    expect(await sees('taken back: 3')).toMatch(/^ 1\/4 · /)
    press('p')
    await sees('ALIKE')
    press('x')
    expect(await sees('a.md · missing links?')).toContain('rejected, 2 alike too  saved ✓')
    press('a')
    await sees('──LEADS──▶')
    press('a')
    await sees('b.md · missing links?')
    press('s')
    await sees('Nothing waits')
    await leave()
    const searched = async () =>
      Promise.all(['a.md', 'b.md'].map(async (path) => (await store.documentsAt(path))[0]?.searchedBy))
    expect(await searched()).toEqual(['rita', undefined])
    await ingestTexts(store, engine, { 'a.md': OWNS }, {}, undefined, undefined, { labels: ['read again'] })
    expect(await searched()).toEqual(['rita', undefined])
    await ingestTexts(store, engine, { 'a.md': `${OWNS} And Zeta.` })
    expect(await searched()).toEqual([undefined, undefined])
  })

  it('asks about the documents that were seen, where nothing waits, and adds what one says', async () => {
    const { store, press, sees, leave } = await sit('uncertain')
    for (let place = 1; place <= 4; place += 1) {
      await sees(new RegExp(`^ ${place}/4 · `))
      press('a')
    }
    expect(await sees('Nothing waits')).toContain('+ missing links?  u undo')
    press('+')
    await sees('b.md · missing links?')
    press('s')
    await sees('a.md · missing links?')
    press('+')
    await sees('ADD  a link that the text says')
    press('s')
    await sees('subject: ▏')
    press(...'Ana', 'enter')
    await sees('subject  Ana')
    press('o')
    await sees('object: ▏')
    press(...'Zeta', 'enter')
    await sees('a new Person: Zeta')
    press('/')
    press(...'Organ', 'enter')
    await sees(/1 {2}a new Organization: Zeta/)
    press('1')
    await sees('object   Zeta')
    press('t')
    await sees('1  OWNS')
    press('1')
    await sees('type     OWNS')
    press('e')
    await sees(`1  ${OWNS}`)
    press('1')
    await sees(/BECOMES OF THE GRAPH[^]*Ana ──OWNS──▶ Zeta[^]*Enter saves/)
    press('enter')
    const after = await sees('added  saved ✓')
    expect(after).toMatch(/4 links, [^]*• Ana ──OWNS──▶ Zeta {2}accepted/)
    press('a')
    await sees(/Nothing waits[^]*a\.md: nothing is missing beside 4 links {2}saved ✓/)
    press('+')
    await sees('you have seen no document of which it is still to be asked')
    press('u')
    await sees(/a\.md · missing links\?[^]*a\.md: taken back {2}saved ✓/)
    press('u')
    await sees(/ {2}taken back {2}saved ✓|\ntaken back {2}saved ✓/)
    await leave()
    expect((await store.links(['accepted'])).map(({ object }) => object).toSorted()).toEqual([
      'Alpha',
      'Beta',
      'Delta',
      'Gamma',
    ])
  })

  it.each(['type', 'impact', 'oldest', 'random'] as const)('shows all in the order %s', async (order) => {
    const { store, press, sees, leave } = await sit(order)
    // In the order of documents, each is asked about once none of its links waits.
    const seesAfter = async (what: string): Promise<void> => {
      const shown = await sees(new RegExp(`${what}|· missing links\\?`))
      if (!shown.includes('· missing links?')) return
      expect(order).toBe('oldest')
      press('s')
      await sees(new RegExp(what))
    }
    for (let place = 1; place <= 4; place += 1) {
      await seesAfter(`^ ${place}/4 · `)
      press('x')
    }
    await seesAfter('Nothing waits')
    await leave()
    expect(await store.links(['rejected'])).toHaveLength(4)
  })

  it.each(['disagree', 'contradict'] as const)(
    'shows nothing in the order %s where nobody disagrees',
    async (order) => {
      const { press, sees, leave } = await sit(order)
      await sees('Nothing waits for a person now in this order')
      press('o')
      const isLast = (await sees(/order: (contradict|oldest)/)).includes('oldest')
      if (!isLast) press('o')
      await sees('──▶')
      await leave()
    },
  )

  it('shows in the block of an entity what is proposed about it meanwhile', async () => {
    const { store } = await open()
    await read(store, 'a.md', 'b.md')
    const { signal } = new AbortController()
    const options = {
      reviewer: 'rita',
      now: () => new Date('2026-01-02'),
      order: 'entity',
      random: () => 1,
      signal,
    } as const
    const queue = new Queue(store, options)
    expect(await queue.next()).toMatchObject({ title: 'by entity Ana', link: { type: 'OWNS' } })
    await read(store, 'c.md', 'd.md')
    await queue.lookAround()
    expect(await queue.left()).toBe(5)
    expect(await queue.next()).toMatchObject({ title: 'by entity Ana', link: { type: 'HELPS' } })
  })

  it('says what lies before others, where nothing else waits, and until when', async () => {
    const { store } = await open()
    await read(store, 'a.md', 'b.md')
    const [, ...owned] = (await store.links(['proposed'])).filter(({ type }) => type === 'OWNS')
    await leaseBlock(
      store,
      'tom',
      owned.map(({ id }) => id),
      new Date('2026-01-02'),
    )
    const { press, sees, leave } = openDesk(store, 'uncertain')
    await sees('Ben ──LEADS──▶ Delta')
    press('/', ...'type=OWNS', 'enter')
    await sees('──OWNS──▶')
    press('x')
    expect(await sees('Nothing waits for you now but 2 links with type=OWNS, which lie before tom.')).toMatch(
      /free from \d\d:05 on/,
    )
    await release(store, 'tom', null, new Date('2026-01-02'))
    await sees('──OWNS──▶')
    await leave()
  })

  it('takes in what an ingest proposes while somebody looks at a card', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    await read(store, 'c.md')
    // Before any key.
    await sees(/^ 1\/5 · /)
    const shown: string[] = []
    for (let place = 1; place <= 5; place += 1) {
      shown.push(/──(\w+)──▶/.exec(await sees(new RegExp(`^ ${place}/`)))?.[1] ?? '')
      press('x')
    }
    await sees('Nothing waits')
    await leave()
    expect(shown.toSorted()).toEqual(['FUNDS', 'LEADS', 'OWNS', 'OWNS', 'OWNS'])
  })
})
