import type { Database, GraphNode, GraphReader, GraphRelationship, GraphWriter, NodeKind } from './database.ts'
import {
  addChanges,
  countOutcomes,
  deriveLinks,
  NO_CHANGES,
  planLinks,
  sameProperties,
  type Derivation,
  type LinkChanges,
} from './derive.ts'
import { mergeForms, planEntities, setMentions, tidyEntities } from './mentions.ts'
import { readChunk, readProposal, readReply } from './records.ts'
import { proposes } from './replies.ts'

/** Nodes that are looked at in one go, and written in one transaction where something is to be written. */
const PAGE = 100

export interface RebuildOptions {
  /** Says what would change and writes nothing. */
  readonly dryRun: boolean
  /** Called before the first write. */
  readonly begin: () => Promise<void>
  readonly progress: (what: string, done: number) => void
  readonly signal: AbortSignal
}

/** What deriving the graph anew changed, or would change. */
export interface DerivedAnew {
  readonly links: LinkChanges
  /** Entities that got another name or other aliases, or that nothing needed any more. */
  readonly entities: number
  /** Chunks that mention other entities, or by other names. */
  readonly mentions: number
}

/**
 * Derives mentions, links and names anew from replies, proposals and decisions, page by page: what a page reads is all
 * that is held in memory. Each page is looked at first, and written, under the same locks as anything else that writes,
 * only where something is different; so it may be stopped and run again, beside an ingest and reviewers too.
 */
export async function deriveAnew(
  database: Database,
  derivation: Derivation,
  options: RebuildOptions,
): Promise<DerivedAnew> {
  const { dryRun, begin } = options
  const sum = { links: NO_CHANGES, entities: 0, mentions: 0 }
  const write = async (work: (writer: GraphWriter) => Promise<unknown>): Promise<void> => {
    if (dryRun) return
    await begin()
    await database.write(work)
  }
  const addLinks = (changes: LinkChanges): void => {
    sum.links = addChanges(sum.links, changes)
  }

  await eachPage(database, 'Chunk', options, async (chunks) => {
    const others = await database.read((reader) => chunksWithOtherMentions(reader, chunks))
    sum.mentions += others.length
    for (const id of others) await write((writer) => mentionAnew(writer, derivation, id))
  })

  const deriveIds = async (ids: readonly string[]): Promise<void> => {
    const plan = await database.read((reader) => planLinks(reader, derivation, ids, { anew: true }))
    if (plan.nodes.length + plan.relationships.length + plan.stale.length === 0) return
    if (dryRun) return addLinks(countOutcomes(plan.outcomes))
    await database.prepare([...new Set(plan.relationships.map(({ type }) => type))])
    let changes = NO_CHANGES
    await write(async (writer) => {
      await writer.lock('Link', ids, [])
      changes = countOutcomes(await deriveLinks(writer, derivation, ids, { anew: true }))
      await joinToRecord(
        writer,
        plan.nodes.map((node) => node.id),
      )
    })
    addLinks(changes)
  }
  await eachPage(database, 'Link', options, (links) => deriveIds(links.map((link) => link.id)))
  await eachPage(database, 'Proposal', options, async (nodes) => {
    const ids = [...new Set(nodes.map((node) => String(node.properties['linkId'])))]
    const known = new Set((await database.read((reader) => reader.get('Link', ids))).map((node) => node.id))
    const missing = ids.filter((id) => !known.has(id))
    if (missing.length > 0) await deriveIds(missing)
  })

  await eachPage(database, 'Entity', options, async (nodes) => {
    const ids = nodes.map((node) => node.id)
    const { gone, named } = await database.read((reader) => planEntities(reader, derivation, ids))
    const before = new Map(nodes.map((node) => [node.id, node]))
    const others = named.filter((node) => !sameProperties(before.get(node.id) ?? node, node)).map((node) => node.id)
    const touched = [...gone, ...others].toSorted()
    sum.entities += touched.length
    if (touched.length === 0) return
    await write(async (writer) => {
      await writer.lock('Entity', touched, [])
      await tidyEntities(writer, derivation, touched)
    })
  })
  return sum
}

/** All nodes of a kind, a page at a time, until the signal is given. */
export async function eachPage(
  database: Database,
  kind: NodeKind,
  { signal, progress }: Pick<RebuildOptions, 'signal' | 'progress'>,
  look: (nodes: readonly GraphNode[]) => Promise<void>,
): Promise<void> {
  let done = 0
  for (let after = ''; !signal.aborted;) {
    const from = after
    const nodes = await database.read((reader) => reader.listAfter(kind, from, PAGE))
    const last = nodes.at(-1)
    if (last === undefined) return
    await look(nodes)
    after = last.id
    done += nodes.length
    progress(kind.toLowerCase(), done)
  }
}

/** Of a page of chunks, those whose relationships to entities are not what their replies say. */
async function chunksWithOtherMentions(reader: GraphReader, nodes: readonly GraphNode[]): Promise<string[]> {
  const chunks = nodes.map(readChunk)
  const replies = (
    await reader.get(
      'Reply',
      chunks.flatMap((chunk) => chunk.replies),
    )
  ).map(readReply)
  const mentionsOf = new Map(replies.map((reply) => [reply.id, reply.mentions]))
  const drawn = Map.groupBy(
    await reader.relationships(
      'FROM_CHUNK',
      'to',
      'Chunk',
      'Entity',
      chunks.map((chunk) => chunk.id),
    ),
    (mention) => mention.to.id,
  )
  const isSame = (chunk: (typeof chunks)[0]): boolean => {
    const wanted = mergeForms(chunk.replies.flatMap((id) => mentionsOf.get(id) ?? []))
    const there = drawn.get(chunk.id) ?? []
    return (
      there.length === wanted.size && there.every((mention) => namesItSo(mention, wanted.get(mention.from.id)?.forms))
    )
  }
  return chunks.filter((chunk) => !isSame(chunk)).map((chunk) => chunk.id)
}

function namesItSo({ properties }: GraphRelationship, forms: readonly string[] | undefined): boolean {
  return JSON.stringify(properties['names']) === JSON.stringify(forms)
}

async function mentionAnew(writer: GraphWriter, derivation: Derivation, chunkId: string): Promise<void> {
  const [node] = await writer.lock('Chunk', [chunkId])
  if (node === undefined) return
  const replies = (await writer.get('Reply', readChunk(node).replies)).map(readReply)
  const mentions = replies.map((reply) => reply.mentions)
  const { lost } = await setMentions(writer, derivation, new Map([[chunkId, mentions]]), [chunkId])
  await tidyEntities(writer, derivation, lost)
}

/** Joins links whose nodes were put to what was said and decided about them. */
async function joinToRecord(writer: GraphWriter, linkIds: readonly string[]): Promise<void> {
  const there = new Set((await writer.get('Link', linkIds)).map((node) => node.id))
  const proposals = (await writer.find('Proposal', 'linkId', linkIds)).map(readProposal)
  const decisions = await writer.find('Decision', 'linkId', linkIds)
  const joins = [
    ...proposals.map(proposes),
    ...decisions.map((decision): GraphRelationship => {
      const to = { kind: 'Link', id: String(decision.properties['linkId']) } as const
      return { type: 'DECIDES', id: null, from: { kind: 'Decision', id: decision.id }, to, properties: {} }
    }),
  ]
  await writer.putRelationships(joins.filter(({ to }) => there.has(to.id)))
}
