import { NODE_KINDS, type Properties } from '../../src/store/database.ts'
import type { Store } from '../../src/store/store.ts'

/** What tells when and by which run something came, and which names were known by then. */
const OF_THE_RUN = ['at', 'createdAt', 'milliseconds', 'runId', 'reviewedAt', 'known', 'promptHash']

/** All nodes and relationships of a store, sorted, but for runs and times; and the keys of the index of names. */
export async function wholeGraph(store: Store): Promise<string[]> {
  return store.database.read(async (reader) => {
    const lines: string[] = []
    for (const kind of NODE_KINDS) {
      if (kind === 'Run') continue
      const nodes = await reader.list(kind)
      const keys = kind === 'Entity' ? await reader.nameKeys(nodes.map(({ id }) => id)) : null
      for (const { id, properties } of nodes)
        lines.push(
          `${kind} ${id} ${shown(properties)}${keys === null ? '' : ` ${[...(keys.get(id) ?? [])].toSorted().join(' ')}`}`,
        )
      for (let after = null; ;) {
        const page = await reader.relationshipsAfter(kind, after, 500)
        for (const { type, from, to, properties } of page)
          lines.push(`${from.kind} ${from.id} -${type}-> ${to.kind} ${to.id} ${shown(properties)}`)
        if (page.length < 500) break
        after = page.at(-1) ?? null
      }
    }
    return lines.toSorted()
  })
}

function shown(properties: Properties): string {
  const kept = Object.entries(properties).filter(([name]) => !OF_THE_RUN.includes(name))
  return JSON.stringify(Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}
