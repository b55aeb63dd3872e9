import { MOST_IN_POSTING } from '../model/name-index.ts'
import { birthsIn, mentionsOf } from './births.ts'
import type { GraphWriter } from './database.ts'
import { MARK, addMarks, markProperties, readMark } from './marks.ts'

/**
 * Removes entities, and has the names judged anew of which a look-up finds something else without them: all that share a
 * key with them, which may have been too many to be looked at.
 */
export async function removeNamed(writer: GraphWriter, entityIds: readonly string[]): Promise<void> {
  if (entityIds.length === 0) return
  const keys = new Set([...(await writer.nameKeys(entityIds)).values()].flat())
  await writer.removeNodes('Entity', entityIds)
  if (keys.size === 0) return
  const left = await writer.findByNameKeys([...keys], MOST_IN_POSTING)
  await markTouched(writer, [...new Set([...left.values()].flatMap(({ ids }) => ids))])
}

/**
 * Has the names of entities judged anew: they stand in the mark of the document that mentions each first. What nothing
 * mentions has nothing to say.
 */
export async function markTouched(writer: GraphWriter, entityIds: readonly string[]): Promise<void> {
  const chunkOf = new Map<string, string>()
  for (const birth of [...(await birthsIn(writer, entityIds)).values()].flat()) {
    const first = await mentionsOf(writer, birth).next()
    if (first.done !== true) chunkOf.set(birth.id, first.value.to.id)
  }
  const chunks = await writer.get('Chunk', [...new Set(chunkOf.values())], ['documentId'])
  const documentOf = new Map(chunks.map(({ id, properties }) => [id, String(properties['documentId'])]))
  const touched = Map.groupBy(chunkOf.keys(), (id) => documentOf.get(chunkOf.get(id) ?? '') ?? '')
  const documents = await writer.lock('Document', [...touched.keys()].toSorted(), MARK)
  await writer.patchNodes(
    'Document',
    documents.map(({ id, properties }) => {
      const mark = addMarks(readMark(properties), { gained: touched.get(id) ?? [], lost: [] })
      return { id, properties: markProperties(mark) }
    }),
  )
}
