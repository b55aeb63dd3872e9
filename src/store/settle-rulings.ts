import type { Database, GraphReader } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { noteSettled, readConfirmed, rejectionIn, type ConfirmedRules } from './reading-rules.ts'
import { linksRuledBy } from './ruled-out.ts'

/** Links that are derived in one transaction: few enough that a reviewer beside it does not wait long. */
export const MOST_RULED = 250

/**
 * Derives the links of rejected patterns that came or went, of which there were too many for the decision's own transaction.
 * What is cut off is gone on with by the next decision about rules, ingest or rebuild.
 */
export async function settleRulings(database: Database, derivation: Derivation, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const rules = await database.read(readUnsettled)
    if (rules.length === 0) return
    await database.prepare([...new Set(rules.flatMap(rejectionIn).map(({ type }) => type))])
    const ids = await database.read((reader) => linksRuledBy(reader, rules))
    for (let at = 0; at < ids.length; at += MOST_RULED) {
      if (signal?.aborted === true) return
      const some = ids.slice(at, at + MOST_RULED)
      await database.write(async (writer) => {
        await writer.lock('Link', some, [])
        await deriveLinks(writer, derivation, some)
      })
    }
    await database.write((writer) => noteSettled(writer, rules))
  }
}

/** Links that are not yet what rules make of them, and are about to be. */
export async function linksUnsettled(reader: GraphReader): Promise<string[]> {
  return linksRuledBy(reader, await readUnsettled(reader))
}

async function readUnsettled(reader: GraphReader): Promise<ConfirmedRules[]> {
  return (await readConfirmed(reader)).filter(({ settling }) => settling !== undefined)
}
