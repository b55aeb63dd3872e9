import type { Reply } from '../model/reply.ts'
import type { Properties } from './database.ts'

/** What a chunk says, as one model puts it. */
export interface ChunkSummary {
  readonly summary: string
  /** Names of the labels that this reply gives it; whether one stands says the document's `LABELLED` link. */
  readonly labels: readonly string[]
  /** The model. */
  readonly by: string
}

/** What is taken of a reply as a whole; absent where there is nothing. */
export interface TakenSummary {
  readonly summary?: string
  /** Names of labels. */
  readonly labels?: readonly string[]
}

type Summarising = Pick<Reply, 'id' | 'at' | 'model'> & TakenSummary

/** Of the replies that count for a chunk, one for each model, that which came last and says what the chunk is about. */
export function summaryOf(replies: readonly Summarising[]): ChunkSummary | undefined {
  const telling = replies.filter(({ summary = '', labels = [] }) => summary !== '' || labels.length > 0)
  const [last] = telling.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
  return last === undefined ? undefined : { summary: last.summary ?? '', labels: last.labels ?? [], by: last.model }
}

export function summaryProperties(about: ChunkSummary | undefined): Properties {
  const { summary = '', labels = [], by = null } = about ?? {}
  return { summary: summary === '' ? null : summary, labels: labels.length === 0 ? null : labels, summaryBy: by }
}

export function readSummary(properties: Readonly<Record<string, unknown>>): { readonly about?: ChunkSummary } {
  const by = properties['summaryBy'] as string | undefined
  if (by === undefined) return {}
  const [summary = '', labels = []] = [properties['summary'], properties['labels']] as [string?, string[]?]
  return { about: { summary, labels, by } }
}
