import type { Store } from '../store/store.ts'

/** Ids of all links that a model was ever shown as an example: what it says of these tells nothing. */
export async function readShown(store: Store): Promise<ReadonlySet<string>> {
  const lists = await store.database.read((reader) => reader.tally('Reply', ['examples']))
  return new Set(lists.flatMap(({ values: [examples] }) => (Array.isArray(examples) ? examples.map(String) : [])))
}
