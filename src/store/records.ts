import { describeChecks } from '../model/checks.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import type { Column, Dataset } from '../model/dataset.ts'
import type { Decision } from '../model/decision.ts'
import type { Document } from '../model/document.ts'
import type { Entity } from '../model/entity.ts'
import type { Interval } from '../model/interval.ts'
import { kindsOfEnds, linkIdBetween, relationshipType, type Bond, type Link, type LinkSupport } from '../model/link.ts'
import type { Rivals } from '../model/link-rules.ts'
import type { Proposal } from '../model/proposal.ts'
import { storedSchema, type Schema } from '../model/schema.ts'
import { stepTexts } from '../model/trace.ts'
import type { GraphNode, GraphRelationship, Properties } from './database.ts'
import { markProperties, readMark, type Mark } from './marks.ts'
import { readSummary, summaryProperties, type ChunkSummary } from './summaries.ts'

/**
 * The one place that knows which property holds what. What analysts query stands in properties of its own; what only
 * whygraph reads back (`units`, `data`, `items`) is JSON. Documented in cypher/README.md, held against by a test.
 */

/** A document as the store keeps it: without its text, which lies in the chunks. */
export type StoredDocument = Pick<
  Document,
  'id' | 'source' | 'path' | 'title' | 'kind' | 'mediaType' | 'contentHash' | 'date'
> & {
  readonly createdAt: string
  readonly language: string | null
  readonly labels: readonly string[]
  /** Hash of the rules of its source by which it was read; null where there are none. */
  readonly rules: string | null
  /** Folder that its path is counted from, as the settings' folder sees it, or the loader; null where nobody said. */
  readonly root: string | null
  /** ISO time when it was found not to be in its source any more; null while it is. */
  readonly gone: string | null
  /** How many tables were registered from it. */
  readonly tables: number
  /** How many chunks were made of it, but for those of rows; absent where an older whygraph put it. */
  readonly chunkCount?: number
  /** Its date as it was read, see `hashDate`; absent where an older whygraph put it. */
  readonly dateHash?: string
  readonly metadata: Readonly<Record<string, string | readonly string[]>>
  /**
   * Who looked through it, as it is, for what it says and no link does, and when (ISO time); absent where nobody did since
   * its content changed.
   */
  readonly searchedBy?: string
  readonly searchedAt?: string
  /** What it says, made of the summaries of its chunks: no evidence. Absent until these are read, and whenever it changes. */
  readonly summary?: string
  /** The model that made it; `rule`: nobody was asked. */
  readonly summaryBy?: string
  /** By which it is known whether it was made of just these. */
  readonly summaryOf?: string
  /** The reply that it stands in. */
  readonly summaryReply?: string
  /** Its names are to be resolved; absent where that is done. */
  readonly mark?: Mark
}

/** A dataset with the hash of the mappings that its rows were read by; null where there are none. */
export interface StoredDataset extends Dataset {
  readonly mappedBy: string | null
}

/**
 * A chunk with the replies that count, one for each model, each followed by those of further steps that make one reading
 * with it; and what they were taken for, side by side.
 */
export interface StoredChunk extends Chunk {
  readonly state: ChunkState
  readonly failure: string | null
  readonly replies: readonly string[]
  readonly fingerprints: readonly string[]
  /** What it says, by one of these; absent where none of them tells. */
  readonly about?: ChunkSummary
  /** Its names are to be resolved; absent where that is done. */
  readonly mark?: Mark
}

export type ChunkState = 'pending' | 'reasoned' | 'failed'

/** A proposal with what the store knows of it beside: whose link it speaks for, and whether it still counts. */
export interface StoredProposal {
  readonly proposal: Proposal
  readonly linkId: string
  readonly live: boolean
}

/** The forms under which a reply names an entity; `ownName` is the one that its id is made from. */
export interface EntityForms {
  readonly type: string
  readonly ownName: string
  readonly forms: readonly string[]
}

/** A link with the names of its ends as one of its proposals gave them, for lists, where it stands, and by what its rivals are found. */
export interface StoredLink extends Link, Partial<Rivals> {
  readonly subject: string
  readonly object: string
  /** The entities that stand for its ends, where others do: it is drawn between these. */
  readonly drawnFrom: string | null
  readonly drawnTo: string | null
  /** Id of the link that stands for this one; null where none does, and where both its ends are one thing. */
  readonly into: string | null
  /** Places in the chain of the decisions that count for it; absent: there never were any. */
  readonly decisions?: readonly number[]
}

/** Type and ends of a link as it is drawn: between the entities that stand for its ends. */
export function drawnEnds({ type, subjectId, objectId, drawnFrom, drawnTo }: StoredLink) {
  return { type, subjectId: drawnFrom ?? subjectId, objectId: drawnTo ?? objectId }
}

/** An entity as it stands for itself or, where names were taken for one thing, for several ids. */
export interface StoredEntity extends Entity {
  /** Of one that stands for others too: how many ids these are, and the names that are its own. Else null. */
  readonly joined: { readonly others: number; readonly name: string; readonly aliases: readonly string[] } | null
  /** Of one that a person renamed: what it would go by, had nobody. Else null. */
  readonly derived: { readonly name: string; readonly aliases: readonly string[] } | null
}

/** The names that are an entity's own, whatever it stands for and whatever people call it. */
export function ownNames({ joined, derived, ...shown }: StoredEntity): Pick<Entity, 'name' | 'aliases'> {
  return joined ?? derived ?? shown
}

/** An id for which an entity of another stands, with the names that are its own. */
export interface Redirect extends Entity {
  /** Id of the entity that stands for it. */
  readonly to: string
}

/** Property of a link's node that has to be compared with its rivals; a string, as it is looked up. */
export const UNCOMPARED = 'uncompared'

/** One invocation that wrote: who asked which engine, and what came of it. */
export interface Run {
  readonly id: string
  readonly command: string
  /** Null where none was asked. */
  readonly engine: string | null
  readonly model: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly summary: string | null
}

type Row = Readonly<Record<string, unknown>>

/** `said`: what the document says as a whole, whatever stood there before. */
export function documentNode(
  document: StoredDocument,
  said: Pick<StoredDocument, 'summary' | 'summaryBy' | 'summaryOf' | 'summaryReply'>,
): GraphNode {
  const { id, source, path, title, kind, mediaType, contentHash, date, createdAt, language, rules, root, gone } =
    document
  const labels = document.labels.length > 0 ? document.labels : null
  const metadata = Object.keys(document.metadata).length > 0 ? JSON.stringify(document.metadata) : null
  const tables = document.tables > 0 ? document.tables : null
  const { chunkCount = null, dateHash = null } = document
  const own = { id, source, path, title, kind, mediaType, contentHash, date, createdAt, language, rules, root, gone }
  const { searchedBy = null, searchedAt = null } = document
  const { summary = null, summaryBy = null, summaryOf = null, summaryReply = null } = said
  const whole = { summary, summaryBy, summaryOf, summaryReply }
  const more = {
    labels,
    metadata,
    tables,
    chunkCount,
    dateHash,
    searchedBy,
    searchedAt,
    ...whole,
    ...markProperties(document.mark),
  }
  return { kind: 'Document', id, properties: { ...own, ...more } }
}

export function readDocument(node: GraphNode): StoredDocument {
  const { metadata, ...full } = node.properties as unknown as StoredDocument
  const { unresolved: _, gained: __, lost: ___, ...row } = full as StoredDocument & Properties
  const mark = readMark(node.properties)
  return {
    ...row,
    date: row.date ?? null,
    language: row.language ?? null,
    rules: row.rules ?? null,
    root: row.root ?? null,
    gone: row.gone ?? null,
    labels: row.labels ?? [],
    tables: row.tables ?? 0,
    metadata: metadata === undefined ? {} : (JSON.parse(metadata as unknown as string) as StoredDocument['metadata']),
    ...(mark === undefined ? {} : { mark }),
  }
}

export function datasetNode(dataset: StoredDataset): GraphNode {
  const { columns: _, ...own } = dataset
  return { kind: 'Dataset', id: dataset.id, properties: own }
}

/** Its columns are nodes of their own. */
export function readDataset(node: GraphNode, columns: readonly Column[]): StoredDataset {
  const row = node.properties as unknown as StoredDataset
  return {
    ...row,
    name: row.name ?? null,
    headerRow: row.headerRow ?? null,
    firstColumn: row.firstColumn ?? null,
    mappedBy: row.mappedBy ?? null,
    columns: columns.toSorted((a, b) => a.position - b.position),
  }
}

/** One that the table has no longer stays, for the decisions about it; `present` says so. */
export function columnNode(column: Column, documentId: string): GraphNode {
  return { kind: 'Column', id: column.id, properties: { ...column, documentId, present: true } }
}

export function readColumn(node: GraphNode): Column {
  const row = node.properties as unknown as Column
  return { ...row, least: row.least ?? null, greatest: row.greatest ?? null, examples: row.examples ?? [] }
}

export function chunkNode(chunk: StoredChunk): GraphNode {
  const places = chunk.units.map((unit) => unit.place)
  const lastTimed = places.findLast((place) => (place.endTime ?? place.time) !== undefined)
  const {
    id,
    documentId,
    index,
    text,
    start,
    end,
    holds = null,
    flagged = [],
    state,
    failure,
    replies,
    fingerprints,
  } = chunk
  return {
    kind: 'Chunk',
    id,
    properties: {
      id,
      documentId,
      index,
      text,
      start,
      end,
      page: places.find((place) => place.page !== undefined)?.page ?? null,
      startTime: places.find((place) => place.time !== undefined)?.time ?? null,
      endTime: lastTimed?.endTime ?? lastTimed?.time ?? null,
      speakers: [...new Set(places.flatMap((place) => place.speaker ?? []))],
      units: JSON.stringify(chunk.units.map((unit) => ({ ...unit, text: undefined }))),
      holds,
      flagged: flagged.length > 0 ? flagged : null,
      state,
      failure,
      replies,
      fingerprints,
      ...summaryProperties(chunk.about),
      ...markProperties(chunk.mark),
    },
  }
}

export function readChunk(node: GraphNode): StoredChunk {
  const row = node.properties as Row
  const start = row['start'] as number
  const text = row['text'] as string
  const units = JSON.parse(row['units'] as string) as Omit<ChunkUnit, 'text'>[]
  const mark = readMark(node.properties)
  return {
    id: node.id,
    documentId: row['documentId'] as string,
    index: row['index'] as number,
    start,
    end: row['end'] as number,
    text,
    units: units.map((unit) => ({ ...unit, text: text.slice(unit.start - start, unit.end - start) })),
    ...(row['holds'] === undefined ? {} : { holds: row['holds'] as 'profile' | 'rows' }),
    ...(row['flagged'] == null ? {} : { flagged: row['flagged'] as string[] }),
    state: row['state'] as ChunkState,
    failure: (row['failure'] as string | undefined) ?? null,
    replies: (row['replies'] as string[] | undefined) ?? [],
    fingerprints: (row['fingerprints'] as string[] | undefined) ?? [],
    ...readSummary(row),
    ...(mark === undefined ? {} : { mark }),
  }
}

export function entityNode(entity: Entity & Partial<Pick<StoredEntity, 'joined' | 'derived'>>): GraphNode {
  const { id, name, aliases, type, joined, derived } = entity
  const own = joined ? { joined: joined.others, ownName: joined.name, ownAliases: joined.aliases } : {}
  const without = derived ? { derivedName: derived.name, derivedAliases: derived.aliases } : {}
  return { kind: 'Entity', id, properties: { id, name, aliases, type, ...own, ...without } }
}

export function readEntity(node: GraphNode): StoredEntity {
  const row = node.properties as Row
  const [aliases, ownAliases, derivedAliases] = ['aliases', 'ownAliases', 'derivedAliases'].map(
    (name) => (row[name] as string[] | undefined) ?? [],
  )
  const [others, ownName] = [row['joined'] as number | undefined, row['ownName'] as string]
  const derivedName = row['derivedName'] as string | undefined
  return {
    id: node.id,
    name: row['name'] as string,
    aliases: aliases ?? [],
    type: row['type'] as string,
    joined: others === undefined ? null : { others, name: ownName, aliases: ownAliases ?? [] },
    derived: derivedName === undefined ? null : { name: derivedName, aliases: derivedAliases ?? [] },
  }
}

export function redirectNode({ id, to, name, aliases, type }: Redirect): GraphNode {
  return { kind: 'Redirect', id, properties: { id, to, name, aliases, type } }
}

export function readRedirect(node: GraphNode): Redirect {
  const row = node.properties as Row
  const aliases = (row['aliases'] as string[] | undefined) ?? []
  return { id: node.id, to: row['to'] as string, name: row['name'] as string, aliases, type: row['type'] as string }
}

export function proposalNode({ proposal, linkId, live }: StoredProposal): GraphNode {
  const { subject, object, evidence, steps, notes, valid, checks, ...flat } = proposal
  return {
    kind: 'Proposal',
    id: proposal.id,
    properties: {
      ...flat,
      ...validity(valid),
      linkId,
      ownDocumentId: proposal.replyId === null ? proposal.documentId : null,
      ruledType: proposal.ruledBy === undefined ? null : proposal.type,
      live,
      subject: subject.name,
      object: object.name,
      evidence: evidence.map((item) => item.quote),
      grounding: evidence.map((item) => item.grounding),
      places: evidence.map((item) => item.placeText),
      reasoning: stepTexts(steps),
      checks: checks === undefined ? null : describeChecks(checks),
      data: JSON.stringify({ subject, object, evidence, steps, notes, valid, checks }),
    },
  }
}

/** Made from the evidence and the steps, for people who query (`data` has them in full), and to be found by. */
const MADE_FOR_QUERIES = [
  'grounding',
  'places',
  'reasoning',
  'validFrom',
  'validTo',
  'ownDocumentId',
  'ruledType',
  'checks',
]

export function readProposal(node: GraphNode): StoredProposal {
  const { linkId, live, data, ...row } = node.properties as Record<string, unknown>
  for (const name of MADE_FOR_QUERIES) delete row[name]
  const full = JSON.parse(data as string) as Pick<
    Proposal,
    'subject' | 'object' | 'evidence' | 'steps' | 'notes' | 'valid' | 'checks'
  >
  const flat = row as unknown as Proposal
  const proposal = { ...flat, replyId: flat.replyId ?? null, when: flat.when ?? null, ...full }
  return { linkId: linkId as string, live: live as boolean, proposal }
}

export function linkNode(link: StoredLink): GraphNode {
  const { items, valid, bond, ...flat } = link
  const bonded =
    bond === null ? {} : { bond: bond.kind, bondRank: bond.rank, bondOne: link.subjectId, bondOther: link.objectId }
  const properties = { ...flat, drawnAs: drawnAs(link), ...bonded, ...validity(valid), items: JSON.stringify(items) }
  return { kind: 'Link', id: link.id, properties }
}

/**
 * Under which id those links are found that are drawn between the same entities as this one, where that is not its own:
 * what its id would be, were its ends these entities.
 */
function drawnAs(link: StoredLink): string | null {
  if (link.drawnFrom === null && link.drawnTo === null) return null
  const { subjectId, type, objectId } = drawnEnds(link)
  const own = linkIdBetween(subjectId, type, objectId)
  return own === link.id ? null : own
}

export function readLink(node: GraphNode): StoredLink {
  const { items, validFrom: from = null, validTo: to = null, bond, bondRank, ...rest } = node.properties as Row
  // Made for look-ups, from what else is there.
  const { drawnAs: _, bondOne: __, bondOther: ___, [UNCOMPARED]: ____, ...flat } = rest
  const link = flat as unknown as Omit<StoredLink, 'items' | 'valid' | 'bond'>
  return {
    ...link,
    mapsFrom: link.mapsFrom ?? null,
    mapsTo: link.mapsTo ?? null,
    when: link.when ?? null,
    valid: from === null && to === null ? null : ({ from, to } as Interval),
    reviewedBy: link.reviewedBy ?? null,
    reviewedAt: link.reviewedAt ?? null,
    reviewNote: link.reviewNote ?? null,
    // Of a link that was derived before they were.
    obstacles: link.obstacles ?? ['unjudged'],
    bond: bond === undefined ? null : ({ kind: bond, rank: bondRank } as Bond),
    drawnFrom: link.drawnFrom ?? null,
    drawnTo: link.drawnTo ?? null,
    into: link.into ?? null,
    items: JSON.parse(items as string) as LinkSupport[],
  }
}

/** Whether a link is a relationship of the graph, or in the record only. */
export function isInGraph(link: Pick<Link, 'status'>): boolean {
  return link.status === 'proposed' || link.status === 'accepted'
}

/** The relationship that people query: lists side by side, best support first. */
export function linkRelationship(link: StoredLink): GraphRelationship {
  const { id, type, mapsFrom, mapsTo, status, confidence, disputed, unsupported, supports, when, rev } = link
  const kinds = kindsOfEnds(link)
  const { subjectId, objectId } = drawnEnds(link)
  const { conflictsWith = null, supersededBy = null, supersededOn = null } = link
  const { reviewedBy, reviewedAt, reviewNote, obstacles, items, valid } = link
  const properties: Properties = {
    id,
    ...(mapsFrom === null ? {} : { linkType: type, mapsFrom, mapsTo }),
    status,
    confidence,
    disputed,
    unsupported,
    supports,
    when,
    ...validity(valid),
    rev,
    reasoning: items.map((item) => item.reasoning),
    traceKind: items.map((item) => item.traceKind),
    why: items.map((item) => item.why),
    evidence: items.map((item) => item.evidence),
    grounding: items.map((item) => item.grounding),
    places: items.map((item) => item.place),
    // A list takes no null.
    saidOn: items.map((item) => item.saidOn ?? ''),
    checks: items.some((item) => item.checks) ? items.map(({ checks = [] }) => checks.join('; ')) : null,
    chunks: items.map((item) => item.chunkId),
    models: items.map((item) => item.model),
    reviewedBy,
    reviewedAt,
    reviewNote,
    obstacles,
    conflictsWith,
    supersededBy,
    supersededOn,
  }
  return {
    type: relationshipType(link),
    id,
    from: { kind: kinds.from, id: subjectId },
    to: { kind: kinds.to, id: objectId },
    properties,
  }
}

/** An end that is not known is no property. */
function validity(valid: Interval | null | undefined): Properties {
  return { validFrom: valid?.from ?? null, validTo: valid?.to ?? null }
}

export function decisionNode(decision: Decision): GraphNode {
  return { kind: 'Decision', id: decision.id, properties: { ...decision } }
}

export function readDecision(node: GraphNode): Decision {
  const row = node.properties as unknown as Decision
  return { ...row, undoes: row.undoes ?? null, reason: row.reason ?? null, note: row.note ?? null }
}

export function runNode(run: Run): GraphNode {
  return { kind: 'Run', id: run.id, properties: { ...run } }
}

/** A schema is known by the fingerprint of the requests that were made under it. */
export function schemaNode(fingerprint: string, schema: Schema): GraphNode {
  return { kind: 'Schema', id: fingerprint, properties: { id: fingerprint, data: JSON.stringify(schema) } }
}

export function readSchema(node: GraphNode): Schema {
  return storedSchema.parse(JSON.parse(node.properties['data'] as string))
}
