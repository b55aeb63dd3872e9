import { type Decision, verdictInForce } from '../../model/decision.ts'
import { PERSON, type Proposal } from '../../model/proposal.ts'
import type { StoredLink } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { reviewedLinks, type ReviewedLink } from '../reviewed-links.ts'
import type { Judged } from './calibration.ts'

/** Who said something, and as an answer to what. */
export interface Sayer {
  readonly type: string
  readonly engine: string
  readonly model: string
  /** Hash of model, parameters, schema and examples that it was asked with; null: no engine was asked. */
  readonly fingerprint: string | null
  /** Hash of whygraph's own words in the prompt; null: nobody knows. */
  readonly wording: string | null
}

/** What one of them said of a link that people have decided about, and what they decided. */
export interface Saying extends Sayer, Judged {
  /** Somebody was brought the link by chance after it was said. */
  readonly drawn: boolean
}

export interface Reviewed {
  readonly sayings: readonly Saying[]
  /** Links with a verdict in force. */
  readonly decided: number
  /** Those of them that no engine asserts: held ones, and such as people brought. */
  readonly unasserted: number
  /** Links that were brought by chance, and those of them that nobody has decided about. */
  readonly drawn: number
  readonly drawnUndecided: number
  /** Links of which the decisions are left only. */
  readonly forgotten: number
}

/** How a queue names the order in which links come by chance. */
const RANDOM = 'random'

const REPLIES_AT_ONCE = 500

/** Takes what engines asserted of each link that people decided about; of one engine what it was surest of. */
export async function readSayings(store: Store, decisions: readonly Decision[]): Promise<Reviewed> {
  const asserted: Asserted[] = []
  const counts = { decided: 0, unasserted: 0, drawn: 0, drawnUndecided: 0, forgotten: 0 }
  for await (const reviewed of reviewedLinks(store, decisions)) {
    if (reviewed.link === null) {
      counts.forgotten += 1
      continue
    }
    const { verdict = null } = verdictInForce(reviewed.decisions) ?? {}
    const drawnAt = reviewed.decisions.find(({ order }) => order === RANDOM)?.at ?? null
    if (drawnAt !== null) counts.drawn += 1
    if (verdict === null) {
      if (drawnAt !== null) counts.drawnUndecided += 1
      continue
    }
    counts.decided += 1
    const own = assertions(reviewed, { link: reviewed.link, accepted: verdict === 'accept', drawnAt })
    if (own.length === 0) counts.unasserted += 1
    asserted.push(...own)
  }
  const replies = await readAskedWith(store, [...new Set(asserted.flatMap(({ replyId }) => replyId ?? []))])
  return { sayings: surestOf(asserted, replies), ...counts }
}

/** As groups of sayings are told apart. */
export function keyOf({ type, engine, model, fingerprint, wording }: Sayer): string {
  return JSON.stringify([type, engine, model, fingerprint, wording])
}

interface Decided {
  readonly link: StoredLink
  readonly accepted: boolean
  readonly drawnAt: string | null
}

interface Asserted extends Decided, Pick<Proposal, 'engine' | 'model' | 'replyId' | 'confidence'> {}

function assertions({ proposals }: ReviewedLink, decided: Decided): Asserted[] {
  return proposals
    .map(({ proposal }) => proposal)
    .filter(({ engine, polarity }) => engine !== PERSON && polarity === 'asserted')
    .map(({ engine, model, replyId, confidence }) => ({ ...decided, engine, model, replyId, confidence }))
}

interface AskedWith extends Pick<Sayer, 'fingerprint' | 'wording'> {
  /** When the reply arrived. */
  readonly at: string
}

function surestOf(asserted: readonly Asserted[], replies: ReadonlyMap<string, AskedWith>): Saying[] {
  const surest = new Map<string, Saying>()
  for (const { link, accepted, drawnAt, engine, model, replyId, confidence } of asserted) {
    const reply = replies.get(replyId ?? '')
    const { fingerprint = null, wording = null } = reply ?? {}
    // What was said only afterwards was no chance's to draw.
    const drawn = drawnAt !== null && (reply === undefined || reply.at <= drawnAt)
    const saying = { type: link.type, engine, model, fingerprint, wording, confidence, accepted, drawn }
    const key = `${link.id} ${keyOf(saying)}`
    const before = surest.get(key)
    surest.set(key, {
      ...saying,
      confidence: Math.max(confidence, before?.confidence ?? 0),
      drawn: drawn || before?.drawn === true,
    })
  }
  return [...surest.values()]
}

/** Replies may be long: of each no more is read than is asked for here. */
async function readAskedWith(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, AskedWith>> {
  const known = new Map<string, AskedWith>()
  for (let from = 0; from < ids.length; from += REPLIES_AT_ONCE) {
    const some = ids.slice(from, from + REPLIES_AT_ONCE)
    const nodes = await store.database.read((reader) => reader.get('Reply', some, ['fingerprint', 'wording', 'at']))
    for (const { id, properties } of nodes) {
      const { fingerprint, wording, at } = properties
      known.set(id, { fingerprint: textOf(fingerprint), wording: textOf(wording), at: textOf(at) ?? '' })
    }
  }
  return known
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
