/** A process beside the test: `node local-process.ts increment|append|query FOLDER COUNT`, one line for each thing done. */
import { openLocalDatabase } from '../../src/store/local.ts'
import type { Database } from '../../src/store/database.ts'
import { link, node } from './database-contract-nodes.ts'

const [, , action, folder, count] = process.argv
const database = await openLocalDatabase(folder ?? '')
for (let turn = 0; turn < Number(count); turn++) {
  if (action === 'increment') await increment(database)
  if (action === 'append') await append(database, turn)
  const answer =
    action === 'query' ? await database.query('MATCH (r:Run) RETURN count(r) AS n', {}, { seconds: 60 }) : null
  process.stdout.write(`${answer?.rows[0]?.[0] ?? turn}\n`)
}
await database.close()

async function increment(counter: Database): Promise<void> {
  await counter.write(async (writer) => {
    await writer.lock('Run', ['counter'])
    const [found] = await writer.get('Run', ['counter'])
    await writer.putNodes([node('Run', 'counter', { sequence: Number(found?.properties['sequence'] ?? 0) + 1 })])
  })
}

/** A run, and five entities each linked to the next, in one transaction. */
async function append(growing: Database, turn: number): Promise<void> {
  await growing.write(async (writer) => {
    const ids = [0, 1, 2, 3, 4].map((index) => `${turn}-${index}`)
    await writer.putNodes([
      node('Run', `run-${turn}`, { text: 'x'.repeat(20_000) }),
      ...ids.map((id) => node('Entity', id, { name: id, type: 'Person' })),
    ])
    await writer.putRelationships(
      ids.slice(1).map((id, index) => link(`link-${id}`, 'FOLLOWS', `${turn}-${index}`, id, { confidence: 1 })),
    )
  })
}
