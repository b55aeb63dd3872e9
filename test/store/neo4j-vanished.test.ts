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
