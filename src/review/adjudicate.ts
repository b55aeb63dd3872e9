import type { Store } from '../store/store.ts'
import { decideAsWhole, draft, findToDecide, type DecideOptions, type Outcome } from './decide.ts'

/** Decides between two verdicts that differ, as a third person. */
export async function adjudicate(
  store: Store,
  id: string,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { link } = await findToDecide(store, id)
  const said = { ...draft(link.id, link, verdict, options), adjudicates: true } as const
  return decideAsWhole(store, said, link, now)
}
