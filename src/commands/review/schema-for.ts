import { splitMark } from '../../model/done-mark.ts'
import { DEFAULT_SCHEMA, type Schema } from '../../model/schema.ts'
import type { Settings } from '../../settings.ts'
import { findRecord } from '../../review/find-record.ts'
import type { Store } from '../../store/store.ts'

/** The schema that links are fixed by: as set, else the one that the link was asked for with, else the built-in one. */
export async function schemaFor(store: Store, settings: Settings, linkId: string): Promise<Schema> {
  if (settings.values.schema !== undefined) return settings.schema
  const { id } = await findRecord(store, linkId, ['Link'])
  const replies = [...new Set((await store.proposalsFor(id)).flatMap(({ proposal }) => proposal.replyId ?? []))]
  for (const replyId of replies) {
    const reply = await store.reply(replyId)
    const { fingerprint } = splitMark(reply?.takenFor ?? reply?.fingerprint ?? '')
    const schema = await store.schemaOf(fingerprint)
    if (schema !== null) return schema
  }
  return DEFAULT_SCHEMA
}
