import { isDeepStrictEqual } from 'node:util'
import type { GraphNode } from './database.ts'

/** Databases give properties back in an order of their own, and no nulls. */
export function sameProperties(a: Pick<GraphNode, 'properties'>, b: Pick<GraphNode, 'properties'>): boolean {
  const names = [...Object.keys(a.properties), ...Object.keys(b.properties)]
  return names.every((name) => isDeepStrictEqual(a.properties[name] ?? null, b.properties[name] ?? null))
}
