import { splitMark } from '../../model/done-mark.ts'
import { MAPPING_ENGINE } from '../../model/reply.ts'
import type { GraphNode, GraphReader } from '../database.ts'
import { derivedLinks } from '../links.ts'
import { readReply } from '../reply-records.ts'
import { areRulesKept } from '../rules-in-use.ts'
import type { Lacking } from './lost-chunks.ts'

/** Of some replies, those of which links were made by a schema that is not there; whoever maps rows goes by none. */
export async function repliesWithoutSchema(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const read = nodes
    .map(readReply)
    .filter(({ taken, purpose, engine }) => taken && purpose === undefined && engine !== MAPPING_ENGINE)
    .map(({ id, takenFor, fingerprint }) => ({ id, schema: splitMark(takenFor ?? fingerprint).fingerprint }))
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
