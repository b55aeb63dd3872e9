import { SAME_AS } from '../model/link.ts'
import { birthsIn } from '../store/births.ts'
import { addNameChanges, type NameChanges } from '../store/judged.ts'
import type { GraphWriter } from '../store/database.ts'
import { MARK, addMarks, markProperties, readMark } from '../store/marks.ts'
import { eachPage, type Walk } from '../store/pages.ts'
import type { Store } from '../store/store.ts'
import { judgeNames } from './across.ts'
import { holdResolution } from './hold.ts'
import { resolveDocuments, resolveNames } from './resolve-names.ts'

/** Entities that are judged in one transaction. */
const AT_ONCE = 10

/** Judges all names anew, within every document and across all, as after an update of the rules. What comes out the same is not written. */
export async function resolveAnew(store: Store, walk: Walk): Promise<NameChanges> {
  let changes = await resolveNames(store, walk.signal)
  const add = (more: NameChanges): void => void (changes = addNameChanges(changes, more))
  await eachPage(store.database, 'Document', walk, async (documents) => {
    for (const { id } of documents) {
      if (walk.signal.aborted) return
      await store.database.write((writer) => markAnew(writer, id))
      add(await resolveDocuments(store, [id]))
    }
  })
  await store.database.prepare([SAME_AS])
  await eachPage(store.database, 'Entity', walk, async (entities) => {
    for (let at = 0; at < entities.length && !walk.signal.aborted; at += AT_ONCE) {
      const ids = entities.slice(at, at + AT_ONCE).map(({ id }) => id)
      const judged = await store.change(async (writer, derivation) => {
        await holdResolution(writer)
        const births = [...(await birthsIn(writer, ids)).values()].flat()
        // Whom else it bears on has its turn too.
        return judgeNames(
          writer,
          derivation,
          births.map(({ id }) => id),
        )
      })
      add(judged.changes)
    }
  })
  // What it joined, or did not any more, may bear on others.
  add(await resolveNames(store, walk.signal))
  return changes
}

/** What is in its mark already, of an ingest beside it, stays there. */
async function markAnew(writer: GraphWriter, documentId: string): Promise<void> {
  const [document] = await writer.lock('Document', [documentId], MARK)
  if (document === undefined) return
  const properties = markProperties(addMarks(readMark(document.properties)))
  await writer.patchNodes('Document', [{ id: documentId, properties }])
}
