import { remarksIn } from '../../model/decision.ts'
import { ConflictError } from '../../model/errors.ts'
import { asSeenBy, type SeenDecision } from '../../model/withheld.ts'
import type { DecideOptions } from '../../review/decide.ts'
import { findLink } from '../../review/find-record.ts'
import type { Store } from '../../store/store.ts'
import { renderDecision } from '../../terminal/link-card.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import type { CommonFlags, Context } from '../context.ts'

interface Yours {
  readonly verdict: string
  readonly options: DecideOptions
  readonly flags: CommonFlags
  readonly context: Context
}

/** Decides; where somebody else was faster, shows what they decided beside what was not written, and throws on. */
export async function besideTheirs<T>(store: Store, id: string, yours: Yours, decide: () => Promise<T>): Promise<T> {
  try {
    return await decide()
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'revision-moved') await tell(store, id, yours)
    throw error
  }
}

async function tell(store: Store, id: string, { verdict, options, flags, context }: Yours): Promise<void> {
  const { reviewer, expectedRev = null, reason = null, note = null } = options
  const decisions = await store.decisionsAbout(id)
  const remarks = remarksIn(decisions)
  const verdicts = asSeenBy(reviewer, decisions).filter((one) => !remarks.has(one.id))
  const theirs: readonly SeenDecision[] = verdicts.slice(expectedRev ?? -1)
  const yours = { verdict, reviewer, expectedRev, reason, note }
  if (flags.json) {
    const link = await findLink(store, id)
    return context.print(printableJson({ version: 1, conflict: { link, yours, theirs } }, 2))
  }
  const said = [reason, note].flatMap((text) => (text === null ? [] : [`, ${printable(text)}`])).join('')
  context.say([...theirs.map(renderDecision), ` NOT WRITTEN ${printable(reviewer)}: ${verdict}${said}`].join('\n'))
}
