import { randomUUID } from 'node:crypto'
import type { Decision } from '../model/decision.ts'
import { NotFoundError, RefusedError } from '../model/errors.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findRecord } from './find-record.ts'

/** Who decides, and under which conditions. */
export interface DecideOptions {
  readonly reviewer: string
  readonly reason?: string
  readonly note?: string
  /** Revision that was looked at; without it, the one that the link has now. */
  readonly expectedRev?: number
  /** Makes a retry harmless; without it, every call is a new request. */
  readonly requestId?: string
  /** The link was picked among several: those without a located quote are refused. */
  readonly inBulk?: boolean
}

/** The outcome for one link; `unchanged` where the same verdict stands already. */
export interface Outcome {
  readonly link: StoredLink
  readonly decision: Decision | null
  readonly unchanged: boolean
}

/** Accepts or rejects the link with this id (or a prefix of it). */
export async function decideLink(
  store: Store,
  id: string,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { id: linkId } = await findRecord(store, id, ['Link'])
  const link = (await store.link(linkId)) as StoredLink
  const repeated = await madeBefore(store, options.requestId)
  const standing = link.status === (verdict === 'accept' ? 'accepted' : 'rejected')
  if (standing && repeated === null && (options.expectedRev ?? link.rev) === link.rev)
    return { link, decision: null, unchanged: true }
  if (verdict === 'accept' && options.inBulk && link.items.every((item) => item.grounding === 'missing'))
    throw new RefusedError('missing-evidence', `link ${linkId} has no quote that was found in its source`, {
      hint: 'Look at it, and accept it by itself if it is right.',
    })
  const { decision, link: after } = await store.decide(draft(linkId, link, verdict, options), now.toISOString())
  return { link: after, decision, unchanged: false }
}

/**
 * Takes back the last standing decision about a link, or, without an id, the last one that this reviewer made.
 * What was undone can be undone again.
 */
export async function undoDecision(
  store: Store,
  id: string | undefined,
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const repeated = await madeBefore(store, options.requestId)
  if (repeated !== null)
    return { link: (await store.link(repeated.linkId)) as StoredLink, decision: repeated, unchanged: false }
  const target = await decisionToUndo(store, id, options.reviewer)
  const link = (await store.link(target.linkId)) as StoredLink
  const undo = { ...draft(target.linkId, link, 'undo', options), undoes: target.id }
  const { decision, link: after } = await store.decide(undo, now.toISOString())
  return { link: after, decision, unchanged: false }
}

async function decisionToUndo(
  store: Store,
  id: string | undefined,
  reviewer: string,
): Promise<{ id: string; linkId: string }> {
  const key = id === undefined ? null : await findRecord(store, id, ['Link', 'Decision'])
  const all =
    key === null
      ? (await store.decisions({ order: 'sequence', descending: true, limit: 1000 })).filter(
          (one) => one.reviewer === reviewer,
        )
      : key.kind === 'Link'
        ? (await store.decisionsAbout(key.id)).toReversed()
        : await store.decisionsAbout(String((await oneDecision(store, key.id)).linkId))
  const undone = new Set(all.filter((one) => one.verdict === 'undo').map((one) => one.undoes))
  const target = all.find(
    (one) => (key?.kind === 'Decision' ? one.id === key.id : one.verdict !== 'undo') && !undone.has(one.id),
  )
  if (target === undefined)
    throw new NotFoundError(
      'nothing-to-undo',
      id === undefined ? `${reviewer} has no decision to undo` : `${id} has no decision to undo`,
      {
        hint: "'whygraph review log' lists the decisions.",
      },
    )
  return target
}

async function oneDecision(store: Store, id: string): Promise<{ linkId: string }> {
  const [node] = await store.database.read((reader) => reader.get('Decision', [id]))
  return { linkId: String(node?.properties['linkId']) }
}

/** What an earlier try of the same request did. */
async function madeBefore(store: Store, requestId: string | undefined): Promise<Decision | null> {
  return requestId === undefined ? null : store.decisionByRequest(requestId)
}

function draft<V extends 'accept' | 'reject' | 'undo'>(
  linkId: string,
  link: StoredLink,
  verdict: V,
  options: DecideOptions,
) {
  const { reviewer, reason, note, requestId, expectedRev } = options
  return {
    requestId: requestId ?? randomUUID(),
    linkId,
    verdict,
    reviewer,
    expectedRev: expectedRev ?? link.rev,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  }
}
