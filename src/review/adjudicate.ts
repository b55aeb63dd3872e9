import type { Store } from '../store/store.ts'
import { draft, type DecideOptions, type Outcome } from './decide.ts'
import { findLink, findRecord } from './find-record.ts'

/** Decides between two verdicts that differ, as a third person. */
export async function adjudicate(
  store: Store,
  id: string,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { id: found } = await findRecord(store, id, ['Link'])
  const link = (await store.standingLink(found)) ?? (await findLink(store, found))
  const said = { ...draft(link.id, link, verdict, options), adjudicates: true } as const
  const { decision, link: after } = await store.decide(said, now.toISOString())
  return { link: after, decision, unchanged: false }
}
