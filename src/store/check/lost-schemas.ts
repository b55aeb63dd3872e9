import { isRead } from '../../model/chunk.ts'
import { splitMark } from '../../model/done-mark.ts'
import type { GraphNode, GraphReader } from '../database.ts'
import { derivedLinks } from '../links.ts'
import type { StoredChunk } from '../records.ts'
import { areRulesKept } from '../rules-in-use.ts'
import type { Lacking } from './lost-chunks.ts'

/** Of some chunks, those of which links are made by a schema that is not there; whoever maps rows goes by none. */
export async function chunksWithoutSchema(reader: GraphReader, chunks: readonly StoredChunk[]): Promise<Lacking[]> {
  const read = chunks.filter(isRead).flatMap(({ id, fingerprints }) => {
    const schemas = new Set(fingerprints.map((mark) => splitMark(mark).fingerprint))
    return [...schemas].map((schema) => ({ id, schema }))
  })
  const kept = await reader.get('Schema', [...new Set(read.map(({ schema }) => schema))], ['id'])
  const there = new Set(kept.map(({ id }) => id))
  return read
    .filter(({ schema }) => !there.has(schema))
    .map(({ id, schema }) => ({ id, message: `was read by schema ${schema}, which is not there` }))
}

/** Of some links, those that were held against their rivals by rules of a schema, where no rules are there. */
export async function linksWithoutRules(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const ruled = derivedLinks(nodes).filter(({ rivalsFrom, rivalsTo }) => rivalsFrom != null || rivalsTo != null)
  if (ruled.length === 0 || (await areRulesKept(reader))) return []
  return ruled.map(({ id }) => ({ id, message: 'was held against its rivals by rules that are not there' }))
}
