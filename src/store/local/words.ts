import type { NodeKind, Properties } from '../database.ts'

/** Kinds with a full-text index: its table, and which texts of the node it holds. */
export const WORD_TABLES: Partial<
  Record<NodeKind, { table: string; columns: readonly string[]; texts(properties: Properties): string[] }>
> = {
  Chunk: { table: 'chunk_words', columns: ['text'], texts: (properties) => [plain(properties['text'])] },
  Entity: {
    table: 'entity_words',
    columns: ['name', 'aliases'],
    texts: (properties) => [plain(properties['name']), plain(properties['aliases'])],
  },
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
