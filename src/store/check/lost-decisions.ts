import type { Database, GraphNode } from '../database.ts'
import { eachPage, type Walk } from '../pages.ts'

/** A decision that a link rests on, and that is not there: it can be had from a backup only. */
export interface LostDecision {
  readonly linkId: string
  /** Its place in the chain; null: some decision, nobody knows which. */
  readonly place: number | null
}

/**
 * Decisions that links say they rest on, and that are not there. Links are read first, so that what is decided meanwhile
 * is no loss. To derive such a link anew would make the loss final.
 */
export async function findLostDecisions(database: Database, walk: Walk): Promise<readonly LostDecision[]> {
  const wanted = new Map<number, string[]>()
  const revised: string[] = []
  await eachPage(database, 'Link', walk, async (links) => {
    for (const link of links) {
      const places = placesIn(link)
      for (const place of places) wanted.set(place, [...(wanted.get(place) ?? []), link.id])
      if (places.length === 0 && Number(link.properties['rev'] ?? 0) > 0) revised.push(link.id)
    }
  })
  if (wanted.size + revised.length === 0) return []
  let isAny = false
  await eachPage(database, 'Decision', walk, async (decisions) => {
    isAny = true
    for (const { properties } of decisions) wanted.delete(Number(properties['sequence']))
  })
  if (walk.signal.aborted) return []
  const unplaced = isAny ? [] : revised.map((linkId) => ({ linkId, place: null }))
  return [...[...wanted].flatMap(([place, ids]) => ids.map((linkId) => ({ linkId, place }))), ...unplaced]
}

function placesIn({ properties }: GraphNode): readonly number[] {
  return (properties['decisions'] ?? []) as readonly number[]
}
