import { expect, it } from 'vitest'
import { Neo4jReader } from '../../src/store/neo4j/reader.ts'

// Seen once in some thousand runs of two ingests at once; what the server gave then is given here.
it('what is removed while Neo4j looks at it is left out, not read as a node without an id', async () => {
  const whole = { id: 'c1', from: 'c1', to: 'd', values: ['d'], properties: { id: 'c1', documentId: 'd' } }
  const gone = { id: null, from: null, to: 'd', values: [null], properties: {} }
  const reader = new Neo4jReader(async () => [gone, whole])
  const ids = async (read: Promise<readonly { id: string | null }[]>) => (await read).map(({ id }) => id)
  expect(await ids(reader.find('Chunk', 'documentId', ['d']))).toEqual(['c1'])
  expect(await ids(reader.get('Chunk', ['c1', 'c2']))).toEqual(['c1'])
  expect(await ids(reader.get('Chunk', ['c1', 'c2'], ['documentId']))).toEqual(['c1'])
  const joined = await reader.relationships('FROM_DOCUMENT', 'to', 'Document', 'Chunk', ['d'])
  expect(joined.map(({ from }) => from.id)).toEqual(['c1'])
})

it('a page on which something vanished is looked at once more: another has its place', async () => {
  const link = (id: string) => ({
    from: 'a',
    fromLabels: ['__Entity__'],
    to: 'b',
    toLabels: ['__Entity__'],
    properties: { id },
  })
  const vanished = [
    { ...link('x2'), from: null, fromLabels: null },
    { ...link('x2'), properties: {} },
  ]
  for (const gone of vanished) {
    const pages = [
      [link('x1'), gone],
      [link('x1'), link('x3')],
    ]
    const reader = new Neo4jReader(async (text) =>
      text.includes('relationshipTypes') ? [{ type: 'KNOWS' }] : (pages.shift() ?? []),
    )
    const { relationships, next } = await reader.linksAfter('', 2)
    expect(relationships.map(({ id }) => id)).toEqual(['x1'])
    expect(next).toBe('KNOWS x1')
  }
  const node = (id: string) => ({ properties: { id } })
  const pages = [
    [{ properties: {} }, node('c1')],
    [node('c1'), node('c2')],
  ]
  const reader = new Neo4jReader(async () => pages.shift() ?? [])
  expect((await reader.listAfter('Chunk', '', 2)).map(({ id }) => id)).toEqual(['c1', 'c2'])
})
