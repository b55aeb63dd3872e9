import type { GraphReader, GraphRelationship } from '../database.ts'
import { relationshipType } from '../../model/link.ts'
import { readLinks } from '../links.ts'
import { isInGraph } from '../records.ts'

/**
 * Of some relationships that bear a link's id, those that are not what their link says: it is not in the graph (any
 * more), stands under another type, or is drawn twice.
 */
export async function findStrays(
  reader: GraphReader,
  drawn: readonly GraphRelationship[],
): Promise<readonly GraphRelationship[]> {
  const ids = [...new Set(drawn.flatMap(({ id }) => id ?? []))]
  const links = new Map((await readLinks(reader, ids)).map((link) => [link.id, link]))
  const byId = Map.groupBy(drawn, ({ id }) => id)
  return drawn.filter((line) => {
    const link = links.get(line.id ?? '')
    const isAlone = byId.get(line.id)?.length === 1
    return link === undefined || !isInGraph(link) || relationshipType(link) !== line.type || !isAlone
  })
}
