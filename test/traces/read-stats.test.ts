import { expect, it } from 'vitest'
import { type Engine, type EngineEvent, NO_USAGE } from '../../src/engines/engine.ts'
import { linkId } from '../../src/model/link.ts'
import { decideLink } from '../../src/review/decide.ts'
import { readTraceStats } from '../../src/traces/study/read-stats.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, answerWith } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { linksIn } from './thinking-engine.ts'

const SAID = 'S1 says “Ana leads Ben”, so Ana LEADS Ben, asserted and stated.'
const CIRCLE = 'And now the same thing must be looked at once more from the start.'

/** Thinks in circles about documents of one name, and to the point about others. */
const engine: Engine = {
  name: 'planted',
  model: 'planter',
  parameters: {},
  async *reason({ question }): AsyncGenerator<EngineEvent> {
    const links = linksIn(question.units)
    const goesRound = question.units.some(({ text }) => text.includes('tide'))
    const thoughts = goesRound ? [SAID, CIRCLE, 'Wait, maybe it is not stated.', CIRCLE, CIRCLE] : [SAID]
    yield { type: 'reasoning-delta', text: thoughts.join('\n\n') }
    // The last comes to nothing.
    const toItself = links.map((link) => ({ ...link, object: link.subject }))
    yield { type: 'answer-delta', text: answerWith([...links, ...toItself]) }
    yield { type: 'finish', reason: 'stop', usage: NO_USAGE, model: 'planter', traceKind: 'raw' }
  },
}

eachStoreAtLength('traces stats', (open) => {
  it('counts what was planted, joined with what people decided', async () => {
    const { store } = await open()
    await ingestTexts(store, engine, {
      'round.md': 'Ana leads Ben.\n\nThe tide gauge stands in the harbour of the old town.\n',
      'plain.md': 'Ana leads Ben.\n',
    })
    const id = linkId(actorId('Ana'), 'LEADS', actorId('Ben'))
    await decideLink(store, id, 'accept', { reviewer: 'rita' }, new Date('2026-01-01T00:00:00.000Z'))
    const walk = { progress: () => {}, signal: new AbortController().signal }
    const { total, groups, contrasts, worst } = await readTraceStats(store, 'kind', walk)
    expect(groups.map(({ group }) => group)).toEqual(['document'])
    expect(total).toMatchObject({
      replies: 2,
      studied: 2,
      steps: 6,
      idle: 4,
      again: 2,
      looping: 1,
      hedges: 1,
      turns: 1,
      units: [2, 1],
      unread: [0, 1],
      links: 2,
      refused: 2,
      withoutStep: 0,
      decided: 2,
      accepted: 2,
    })
    expect(contrasts[0]).toMatchObject({ trait: 'loops', with: { decided: 1 }, without: { decided: 1 } })
    expect(worst).toMatchObject([{ unread: [2], loops: 1, idle: 4, again: 2, steps: 5 }])
    expect((await readTraceStats(store, 'model', walk)).groups.map(({ group }) => group)).toEqual(['planter'])
  })
})
