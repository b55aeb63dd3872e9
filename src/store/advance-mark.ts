import type { Note } from '../model/note.ts'
import type { Reply } from '../model/reply.ts'
import type { GraphWriter } from './database.ts'

/** What was done with a reading after it was taken. */
export interface Since {
  /** The mark that it was taken with, and that by which its chunk is done now. */
  readonly from: string
  readonly to: string
  readonly notes: readonly Note[]
}

/**
 * Puts the mark by which a chunk is done in the place of the one that its replies were taken with, and notes beside those of
 * the first. Of a chunk that went, or of replies that were taken otherwise meanwhile, nothing changes.
 */
export async function advanceMark(
  writer: GraphWriter,
  replies: readonly Pick<Reply, 'id' | 'chunkId'>[],
  { from, to, notes }: Since,
): Promise<void> {
  const [first] = replies
  if (first === undefined || (from === to && notes.length === 0)) return
  const [chunk] = await writer.lock('Chunk', [first.chunkId], ['replies', 'fingerprints'])
  const [ids, marks] = ['replies', 'fingerprints'].map((name) => (chunk?.properties[name] ?? []) as string[])
  const own = new Set(replies.map(({ id }) => id))
  const isOwn = (id: string | undefined, mark: string): boolean => mark === from && own.has(id ?? '')
  const advanced = (ids ?? []).filter((id, at) => isOwn(id, marks?.[at] ?? ''))
  if (advanced.length === 0) return
  const fingerprints = (marks ?? []).map((mark, at) => (isOwn(ids?.[at], mark) ? to : mark))
  await writer.patchNodes('Chunk', [{ id: first.chunkId, properties: { fingerprints } }])
  await writer.patchNodes(
    'Reply',
    advanced.map((id) => ({ id, properties: { takenFor: to } })),
  )
  if (notes.length === 0 || !advanced.includes(first.id)) return
  const [reply] = await writer.get('Reply', [first.id], ['notes'])
  const all = [...(JSON.parse(String(reply?.properties['notes'] ?? '[]')) as Note[]), ...notes]
  await writer.patchNodes('Reply', [{ id: first.id, properties: { notes: JSON.stringify(all) } }])
}
