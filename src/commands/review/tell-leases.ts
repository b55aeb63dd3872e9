import { signOfLife } from '../../review/lease.ts'
import type { Store } from '../../store/store.ts'
import { printable } from '../../terminal/printable.ts'
import type { Context } from '../context.ts'

/** Renews this reviewer's lease, and says who else looks at links that are about to be decided, which forbids nothing. */
export async function tellLeases(
  store: Store,
  reviewer: string,
  links: readonly { readonly id: string }[],
  context: Context,
): Promise<void> {
  const ids = links.map(({ id }) => id)
  for (const [id, other] of await signOfLife(store, reviewer, ids, context.now()))
    context.say(`${printable(other)} looks at link ${id.slice(0, 8)} too just now`)
}
