import { expect, it } from 'vitest'
import { answerWith, scriptedEngine } from '../scripted-engine.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStore } from '../stores.ts'

eachStore('replies that are taken together', (open) => {
  it('give the graph that one after the other gives', async () => {
    const names = ['Dr. Ana Ruiz', 'Ana Ruiz', 'ana ruiz', 'Ben', 'BEN', 'Cid']
    const texts = Object.fromEntries(
      Array.from({ length: 24 }, (_, index) => {
        const [one, other] = [names[index % 6], names[(index * 5 + 3) % 6]]
        return [`${String(index).padStart(2, '0')}.md`, `${one} knows ${other} since ${index}.\n`]
      }),
    )
    const engine = () =>
      scriptedEngine(({ question }) => {
        const text = question.units[0]?.text ?? ''
        const [, subject = '', object = ''] = /^(.*) knows (.*) since/.exec(text) ?? []
        return answerWith([{ subject, type: 'KNOWS', object, quote: text }])
      })
    const graphs = []
    for (const concurrency of [1, 16]) {
      const { store } = await open()
      await ingestTexts(store, engine(), texts, { concurrency })
      const graph =
        'MATCH (a)-[r:KNOWS]->(b) RETURN a.name AS a, a.aliases AS aliases, b.name AS b, r.supports AS supports, r.evidence AS evidence ORDER BY a, b'
      graphs.push((await store.database.query(graph, {}, { seconds: 30 })).rows)
    }
    expect(graphs[0]?.length).toBeGreaterThan(0)
    expect(graphs[1]).toEqual(graphs[0])
  })
})
