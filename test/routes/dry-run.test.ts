import { expect, it } from 'vitest'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { answerWith, scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { routeBy } from './route-by.ts'

const TO_LARGE = [{ when: { failure: true }, use: 'large' }]
const HEDGED = { rules: [{ when: { hedges: '> 0' }, use: 'large' }], default: 'small', after: TO_LARGE }
const ALL = 'abcdefghij'

/** Ten documents, of which c, f and j are hedged; none is as long as another. */
const TEXTS = Object.fromEntries(
  [...ALL].map((name, at) => {
    const hedge = 'cfj'.includes(name) ? ' Perhaps, or maybe not.' : ''
    return [`${name}.txt`, `Ana leads Ben-${name}.${hedge}${' It was late when they met there.'.repeat(at * 3)}`]
  }),
)

eachStoreAtLength('a dry run of routes', (open) => {
  it.each<[which: string, failing: string, routes: object]>([
    ['nothing', '', { maxShare: { large: 0.4 } }],
    ['all', ALL, { maxShare: { large: 0.4 } }],
    ['what stands first', 'abd', { maxShare: { large: 0.3 } }],
    ['what stands last', 'hi', { maxShare: { large: 0.3 } }],
    ['one', 'g', { maxShare: { large: 0.4 } }],
    ['more than there is room for', ALL, { maxShare: { large: 0.2 } }],
    ['all, to an engine that has no share,', ALL, {}],
    ['all, and both readings count,', ALL, { keep: 'both', maxShare: { large: 0.4 } }],
    [
      'all, to a third engine and on from there,',
      ALL,
      { after: [{ when: { failure: true }, use: 'medium' }, ...TO_LARGE] },
    ],
    [
      'all, and two engines are scarce,',
      ALL,
      { after: [...TO_LARGE, { when: { links: 0 }, use: 'medium' }], maxShare: { large: 0.3, medium: 0.2 } },
    ],
    [
      'all that two engines disagree on',
      'abc',
      {
        default: ['small', 'medium'],
        after: [{ when: { disagreement: '> 0' }, use: 'large' }],
        maxShare: { large: 0.5 },
      },
    ],
  ])('is right at both ends, when first replies send on %s', async (_, failing, routes) => {
    const { store } = await open()
    const said = ({ question: { units } }: { question: { units: readonly { text: string }[] } }) => {
      const quote = /^Ana leads Ben-(\w)\./.exec(units[0]?.text ?? '')
      const object = `Ben-${quote?.[1]}`
      return answerWith([{ subject: 'Ana', type: 'LEADS', object, quote: quote?.[0] ?? '' }])
    }
    const failsOn = (text = '') => [...failing].some((name) => text.includes(`Ben-${name}.`))
    const unsure: typeof said = (request) =>
      failsOn(request.question.units[0]?.text) ? 'I would rather not.' : said(request)
    const engines = {
      small: scriptedEngine(unsure, 'small'),
      medium: scriptedEngine('default' in routes ? said : unsure, 'medium'),
      large: scriptedEngine(said, 'large'),
    }
    const route = routeBy(engines, { ...HEDGED, ...routes })
    const run = (dryRun: boolean) =>
      ingestTexts(store, route.engine, TEXTS, { dryRun }, DEFAULT_SCHEMA, undefined, { route })
    const { plan } = await run(true)
    expect(Object.values(engines).flatMap(({ asked }) => asked)).toEqual([])
    await run(false)
    for (const { model, asked } of Object.values(engines)) {
      const least = plan?.models.find((one) => one.model === model)
      const most = least?.most ?? least
      const characters = asked.reduce((sum, { prompt }) => sum + prompt.length, 0)
      expect([model, asked.length]).toEqual([model, within(asked.length, least?.calls, most?.calls)])
      // Prompts have the names that the graph knows by then.
      expect([model, characters]).toEqual([
        model,
        within(characters, (least?.input ?? 0) * 4 * 0.98, (most?.input ?? 0) * 4 * 1.1),
      ])
    }
  })

  it('says of a text that is back what a run says, where its reply was judged', async () => {
    const { store } = await open()
    const engine = scriptedEngine(
      () => answerWith([{ subject: 'Cleo', type: 'LEADS', object: 'Dan', quote: 'Cleo leads Dan' }]),
      'small',
    )
    const route = routeBy({ small: engine }, { default: 'small' })
    const run = (text: string, options = {}) =>
      ingestTexts(store, engine, { 'a.txt': text }, { ...options, route }, DEFAULT_SCHEMA, undefined, { route })
    for (const text of ['Cleo leads Dan, perhaps.', 'Cleo leads Dan.']) await run(text)
    const dry = await run('Cleo leads Dan, perhaps.', { dryRun: true })
    expect(dry.chunks).toMatchObject({ unchanged: 1, pending: 0 })
    expect((await run('Cleo leads Dan, perhaps.')).chunks).toEqual(dry.chunks)
  })
})

function within(value: number, low = 0, high = 0): number {
  return Math.max(low, Math.min(high, value))
}
