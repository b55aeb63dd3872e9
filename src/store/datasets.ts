import type { Column, Dataset } from '../model/dataset.ts'
import type { GraphReader, GraphRelationship, GraphWriter } from './database.ts'
import {
  columnNode,
  datasetNode,
  readColumn,
  readDataset,
  readLink,
  type StoredDataset,
  type StoredLink,
} from './records.ts'

/**
 * Puts a document's tables in the place of those that were `known`. Columns that went stay as nodes that are not
 * `present`, so that what was decided about them still has its ends; tables that went do not.
 */
export async function putDatasets(
  writer: GraphWriter,
  datasets: readonly Dataset[],
  known: readonly StoredDataset[],
): Promise<void> {
  if (known.length === 0 && datasets.length === 0) return
  // Until their rows have been read: a run that is killed before that does it again.
  await writer.putNodes(datasets.map((dataset) => datasetNode({ ...dataset, mappedBy: null })))
  const ids = new Set(datasets.map((dataset) => dataset.id))
  await writer.removeNodes(
    'Dataset',
    known.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
  )
  await writer.putNodes(
    datasets.flatMap((dataset) => dataset.columns.map((column) => columnNode(column, dataset.documentId))),
  )
  const present = new Set(datasets.flatMap((dataset) => dataset.columns.map((column) => column.id)))
  const gone = known.flatMap((dataset) => dataset.columns.filter((column) => !present.has(column.id)))
  await writer.patchNodes(
    'Column',
    gone.map(({ id }) => ({ id, properties: { present: false } })),
  )
  await writer.putRelationships(datasets.flatMap((dataset) => [partOf(dataset), ...dataset.columns.map(hasColumn)]))
}

/** A document's tables with their columns. */
export async function readDatasets(reader: GraphReader, documentId: string): Promise<StoredDataset[]> {
  const nodes = await reader.find('Dataset', 'documentId', [documentId])
  if (nodes.length === 0) return []
  const columns = (
    await reader.find(
      'Column',
      'datasetId',
      nodes.map((node) => node.id),
    )
  )
    .filter((node) => node.properties['present'] === true)
    .map(readColumn)
  return nodes.map((node) =>
    readDataset(
      node,
      columns.filter((column) => column.datasetId === node.id),
    ),
  )
}

/** Mappings of a table's columns that a person accepted, in the order of their ids. */
export async function acceptedMappings(reader: GraphReader, dataset: Dataset): Promise<StoredLink[]> {
  const columns = new Set(dataset.columns.map((column) => column.id))
  const links = (await reader.find('Link', 'subjectId', [...columns])).map(readLink)
  return links
    .filter((link) => link.mapsFrom !== null && link.status === 'accepted' && columns.has(link.objectId))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function partOf({ id, documentId }: Dataset): GraphRelationship {
  const to = { kind: 'Document', id: documentId } as const
  return { type: 'FROM_DOCUMENT', id: null, from: { kind: 'Dataset', id }, to, properties: {} }
}

function hasColumn({ id, datasetId }: Column): GraphRelationship {
  const from = { kind: 'Dataset', id: datasetId } as const
  return { type: 'HAS_COLUMN', id: null, from, to: { kind: 'Column', id }, properties: {} }
}
