import type { NodeKind, Properties, WordIndex } from '../database.ts'

/** A full-text index: of which kind of node, and which of its properties. */
interface WordTable {
  readonly table: string
  readonly kind: NodeKind
  readonly columns: readonly string[]
}

export const WORD_TABLES: Readonly<Record<WordIndex, WordTable>> = {
  Chunk: { table: 'chunk_words', kind: 'Chunk', columns: ['text'] },
  Summary: { table: 'summary_words', kind: 'Chunk', columns: ['summary'] },
  Label: { table: 'label_words', kind: 'Label', columns: ['name'] },
  Entity: { table: 'entity_words', kind: 'Entity', columns: ['name', 'aliases'] },
}

const byKind = Map.groupBy(Object.values(WORD_TABLES), ({ kind }) => kind)

/** Those that hold words of such nodes. */
export function wordTablesOf(kind: NodeKind): readonly WordTable[] {
  return byKind.get(kind) ?? []
}

/** The words of a node for each column; of one that is not there none. */
export function wordsIn({ columns }: WordTable, properties: Properties = {}): string[] {
  return columns.map((name) => plain(properties[name]))
}

function plain(value: Properties[string] | undefined): string {
  if (Array.isArray(value)) return value.join('\n')
  return typeof value === 'string' ? value : ''
}

/** A full-text expression for any of the words. They are data: in double quotes FTS5 knows no syntax. */
export function matchAny(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word.replaceAll('\0', ' ').replaceAll('"', '""')}"`)
  return [...new Set(quoted)].join(' OR ')
}
