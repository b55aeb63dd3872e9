import type { Outcome } from '../../review/decide.ts'
import { asForeseenBy } from '../../review/fix-foresee.ts'
import type { Turned } from '../../review/undo-redo.ts'
import type { StoredLink } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { renderChange } from '../../terminal/fix-lines.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import type { CommonFlags, Context } from '../context.ts'

/** What decisions that were only tried out made of links, and what of them was refused. */
export interface Foretold {
  readonly links: readonly StoredLink[]
  readonly refused?: readonly { readonly id: string; readonly code: string; readonly message: string }[]
}

export function foretoldOf(outcomes: readonly Pick<Outcome, 'link' | 'otherHalf'>[]): Foretold {
  return {
    links: outcomes.flatMap(({ link, otherHalf }) => [link, ...(otherHalf === undefined ? [] : [otherHalf.link])]),
  }
}

export function foretoldOfTurn(turned: Turned): Foretold {
  if ('one' in turned) return foretoldOf([turned.one])
  const { decided, refused } = turned.all
  return {
    ...foretoldOf(decided),
    refused: refused.map(({ draft, error: { code, message } }) => ({ id: draft.linkId, code, message })),
  }
}

/** Says what would become of links, beside how they are: the store has been given back what was tried. */
export async function foretell(
  store: Store,
  { links, refused = [] }: Foretold,
  flags: CommonFlags,
  context: Context,
  { reviewer, rules = [] }: { readonly reviewer: string; readonly rules?: readonly string[] },
): Promise<void> {
  const after = new Map(links.map((link) => [link.id, link]))
  const before = new Map((await store.linksById([...after.keys()])).map((link) => [link.id, link]))
  const all = [...after].map(([id, link]) => ({ before: before.get(id) ?? null, after: link }))
  const changes = await asForeseenBy(store, reviewer, all)
  if (refused.length > 0) context.exitCode = 1
  if (flags.json) return context.print(printableJson({ version: 1, dryRun: true, links: changes, refused, rules }, 2))
  for (const { id, message } of refused) context.say(`would be skipped: ${id.slice(0, 8)}: ${printable(message)}`)
  context.print(
    [
      'would become of the graph; nothing was written',
      ...renderChange({ links: changes, born: [], gone: [] }),
      ...rules.map((rule) => `  rule for replies that come: ${rule}`),
    ].join('\n'),
  )
}
