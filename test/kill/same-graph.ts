import { isWhole } from '../../src/model/reply.ts'
import { compareDatabases } from '../../src/store/compare.ts'
import { readReply } from '../../src/store/reply-records.ts'
import type { Store } from '../../src/store/store.ts'

/** What a run happens to be called, when it was, and how long it took. */
const TIMES: ReadonlySet<string> = new Set(['at', 'createdAt', 'milliseconds', 'runId'])
/** Of several chunks in the same words one is asked about, whichever comes first; the others cost nothing. */
const USAGE: ReadonlySet<string> = new Set(['inputTokens', 'outputTokens', 'reasoningTokensEstimate'])
/** What a prompt tells of names that are known by then depends on what had been read. */
const TOLD: ReadonlySet<string> = new Set(['known', 'promptHash'])
const ACCIDENTAL: ReadonlySet<string> = new Set([...USAGE, ...TOLD])

/**
 * What `doctor --compare` finds between the store of an undisturbed run and that of another, in words: but for runs,
 * times, and replies that broke off, which only the other may have.
 */
export async function otherThan(undisturbed: Store, other: Store): Promise<string[]> {
  const { signal } = new AbortController()
  const options = { signal, most: Infinity, progress: () => {} }
  const { differences } = await compareDatabases(undisturbed.database, other.database, options)
  const replies = (await other.database.read((reader) => reader.list('Reply'))).map(readReply)
  const partial = new Set(replies.filter(({ finish }) => !isWhole(finish)).map(({ id }) => id))
  const isPartial = ({ id }: { id: string }): boolean => partial.has(id.split(' ')[0] as string)
  return differences
    .filter(({ name }) => name !== 'Run')
    .filter((difference) => !(difference.in === 'other' && isPartial(difference)))
    .flatMap(({ name, id, in: where, properties }) => {
      const telling = properties.filter((one) => !TIMES.has(one) && !(name === 'Reply' && ACCIDENTAL.has(one)))
      if (where === 'both' && telling.length === 0) return []
      return [`${name} ${id}: ${where === 'both' ? telling.join(', ') : `only in ${where}`}`]
    })
}
