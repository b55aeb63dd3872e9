import type { GraphNode, GraphReader, GraphRelationship, NodeKind } from '../database.ts'
import { sequence } from '../documents.ts'
import { readChunk } from '../records.ts'

/** A relationship of the record that says what a property says: drawn for those who query, derived like a link. */
interface Join {
  readonly type: string
  /** Whose property names the other end. */
  readonly holder: NodeKind
  readonly property: string
  /** Whose list names others beside it. */
  readonly also?: string
  readonly target: NodeKind
  /** The relationship leads from the holder to the target, or the other way. */
  readonly side: 'from' | 'to'
  /** Property of the target that `isNeeded` looks at. */
  readonly only: string
  /** Whether it has to be there; where it need not be, it may. */
  readonly isNeeded: (holder: GraphNode, target: GraphNode) => boolean
}

const ALWAYS = { only: 'id', side: 'from', isNeeded: () => true } as const

const JOINS: readonly Join[] = [
  { type: 'FROM_DOCUMENT', holder: 'Chunk', property: 'documentId', target: 'Document', ...ALWAYS },
  { type: 'FROM_DOCUMENT', holder: 'Dataset', property: 'documentId', target: 'Document', ...ALWAYS },
  { type: 'FROM_REPLY', holder: 'Proposal', property: 'replyId', target: 'Reply', ...ALWAYS },
  { type: 'PROPOSES', holder: 'Proposal', property: 'linkId', target: 'Link', ...ALWAYS },
  { type: 'DECIDES', holder: 'Decision', property: 'linkId', also: 'alsoAbout', target: 'Link', ...ALWAYS },
  {
    type: 'HAS_COLUMN',
    holder: 'Column',
    property: 'datasetId',
    target: 'Dataset',
    side: 'to',
    only: 'id',
    isNeeded: ({ properties }) => properties['present'] === true,
  },
  {
    type: 'REPLY_TO',
    holder: 'Reply',
    property: 'chunkId',
    target: 'Chunk',
    side: 'from',
    only: 'replies',
    // Of a chunk that went and came back, only those that count again are drawn again.
    isNeeded: (reply, chunk) => ((chunk.properties['replies'] ?? []) as readonly string[]).includes(reply.id),
  },
]

/** Kinds of node that hold the other end of a relationship in a property. */
export const JOINED_KINDS: readonly NodeKind[] = [...new Set(JOINS.map(({ holder }) => holder))]

/** What is to be drawn and to be removed so that relationships say what properties say. */
export interface JoinPlan {
  readonly missing: readonly GraphRelationship[]
  readonly wrong: readonly GraphRelationship[]
}

/** The relationships of some nodes of one kind. Writes nothing. */
export async function planJoins(reader: GraphReader, kind: NodeKind, nodes: readonly GraphNode[]): Promise<JoinPlan> {
  const plans = await Promise.all(
    JOINS.filter(({ holder }) => holder === kind).map(async (join) => {
      const { type, property, also, target, side, only, isNeeded } = join
      const idsOf = ({ properties }: GraphNode): string[] => [
        ...(properties[property] == null ? [] : [String(properties[property])]),
        ...(also === undefined ? [] : ((properties[also] ?? []) as readonly string[])),
      ]
      const targets = new Map(
        (await reader.get(target, [...new Set(nodes.flatMap(idsOf))], ['id', only])).map((node) => [node.id, node]),
      )
      const ids = nodes.map((node) => node.id)
      const drawn = await reader.relationships(type, side, kind, target, ids)
      const wanted = new Map(nodes.map((node) => [node.id, idsOf(node)]))
      const [own, other] = side === 'from' ? (['from', 'to'] as const) : (['to', 'from'] as const)
      const isRight = (line: GraphRelationship): boolean => wanted.get(line[own].id)?.includes(line[other].id) === true
      const there = new Set(drawn.map((line) => `${line[own].id} ${line[other].id}`))
      const missing = nodes.flatMap((node) =>
        idsOf(node).flatMap((id): GraphRelationship[] => {
          const end = targets.get(id)
          if (there.has(`${node.id} ${id}`) || end === undefined || !isNeeded(node, end)) return []
          const ends = [
            { kind, id: node.id },
            { kind: target, id: end.id },
          ] as const
          const [from, to] = side === 'from' ? ends : [ends[1], ends[0]]
          return [{ type, id: null, from, to, properties: {} }]
        }),
      )
      return { missing, wrong: drawn.filter((line) => !isRight(line)) }
    }),
  )
  return { missing: plans.flatMap(({ missing }) => missing), wrong: plans.flatMap(({ wrong }) => wrong) }
}

/** The chain in which the chunks of one document follow each other. */
export async function planChunkChain(reader: GraphReader, documentId: string): Promise<JoinPlan> {
  const chunks = (await reader.find('Chunk', 'documentId', [documentId])).map(readChunk)
  const ids = chunks.map((chunk) => chunk.id)
  const wanted = new Map(sequence(chunks).map((line) => [keyOf(line), line]))
  const drawn = [
    ...(await reader.relationships('NEXT_CHUNK', 'from', 'Chunk', 'Chunk', ids)),
    ...(await reader.relationships('NEXT_CHUNK', 'to', 'Chunk', 'Chunk', ids)),
  ]
  const there = new Map(drawn.map((line) => [keyOf(line), line]))
  return {
    missing: [...wanted].filter(([key]) => !there.has(key)).map(([, line]) => line),
    wrong: [...there].filter(([key]) => !wanted.has(key)).map(([, line]) => line),
  }
}

export function keyOf({ type, from, to }: Pick<GraphRelationship, 'type' | 'from' | 'to'>): string {
  return `${from.kind} ${from.id} -${type}-> ${to.kind} ${to.id}`
}
