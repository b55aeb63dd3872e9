import { expect, it } from 'vitest'
import { decideLink } from '../../src/review/decide.ts'
import { undoDecision } from '../../src/review/undo.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStore } from '../stores.ts'
import { actorId, answerWith, scriptedEngine } from '../scripted-engine.ts'
import { linkId } from '../../src/model/link.ts'

const LEADS = linkId(actorId('Ana'), 'LEADS', actorId('Zeta'))
const now = new Date('2026-01-01T00:00:00Z')
const engine = scriptedEngine(() =>
  answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Zeta', quote: 'Ana leads Zeta.', s: 1, polarity: 'asserted' }]),
)

eachStore('an undo', (open) => {
  it('says by whose verdict a link stands as it stood, where another holds', async () => {
    const { store } = await open()
    await ingestTexts(store, engine, { 'a.md': 'Ana leads Zeta.\n' })
    const by = (reviewer: string) => ({ reviewer })
    const { decision: first } = await decideLink(store, LEADS, 'accept', by('rita'), now)
    const { decision: second } = await decideLink(store, LEADS, 'accept', by('sam'), now)
    const undone = await undoDecision(store, second?.id, by('sam'), now)
    expect(undone).toMatchObject({
      link: { status: 'accepted' },
      undone: { id: second?.id },
      stillHolds: { id: first?.id },
    })
    const last = await undoDecision(store, undefined, by('rita'), now)
    expect(last.link.status).toBe('proposed')
    expect(last).not.toHaveProperty('stillHolds')
  })
})
