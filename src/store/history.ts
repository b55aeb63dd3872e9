import type { Decision } from '../model/decision.ts'
import type { GraphReader } from './database.ts'
import { gatherLinks, keyOf } from './gather-links.ts'
import type { StoredProposal } from './records.ts'

export interface History {
  readonly proposals: readonly StoredProposal[]
  readonly decisions: readonly Decision[]
}

/** All that was said and decided about a link and about those that it stands for, or that stand for it. */
export async function readHistory(reader: GraphReader, linkId: string): Promise<History> {
  return (await readHistories(reader, [linkId])).get(linkId) ?? { proposals: [], decisions: [] }
}

/** The same of several links, by their ids. */
export async function readHistories(
  reader: GraphReader,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, History>> {
  if (linkIds.length === 0) return new Map()
  const { links, decisions } = await gatherLinks(reader, linkIds, {})
  const byId = new Map(links.map((link) => [link.ends.id, link]))
  const groups = Map.groupBy(links, keyOf)
  return new Map(
    linkIds.map((id) => {
      const own = byId.get(id)
      const isAlone = own === undefined || own.from === own.to
      const group = own === undefined ? [] : isAlone ? [own] : (groups.get(keyOf(own)) ?? [])
      const about = [id, ...group.map(({ ends }) => ends.id)].flatMap((one) => decisions.get(one) ?? [])
      return [
        id,
        {
          proposals: group.flatMap(({ proposals }) => proposals),
          decisions: [...new Set(about)].toSorted((a, b) => a.sequence - b.sequence),
        },
      ]
    }),
  )
}
