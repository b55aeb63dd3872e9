import { unpack } from '../model/packed-text.ts'
import { unpackNode } from '../store/reply-records.ts'
import type { Rows } from './rows.ts'

/**
 * What a query gave, with the packed texts of replies readable where a whole reply was asked for. A property by itself does
 * not tell whose it is, and a document may hold text that looks packed: such values are unpacked where `all` are to be.
 */
export function unpackRows({ columns, rows }: Rows, all: boolean): Rows {
  const readable = (value: unknown): unknown => {
    if (typeof value === 'string') return all ? unpack(value) : value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(readable)
    const { labels, properties } = value as { labels?: unknown; properties?: Readonly<Record<string, unknown>> }
    if (Array.isArray(labels) && labels.includes('Reply') && properties !== undefined)
      return { ...value, properties: unpackNode('Reply', properties) }
    return all ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readable(one)])) : value
  }
  return { columns, rows: rows.map((row) => row.map(readable)) }
}
