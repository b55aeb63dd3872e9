import type { Engine } from '../engines/engine.ts'
import { askAboutPairs, type AskAboutPairsOptions, type PairAnswer } from './ask-about-pairs.ts'
import { settleAll } from './settle-all.ts'
import type { Pair, PairPlace } from '../extract/identity/pair.ts'
import type { PairFate } from '../extract/identity/read-pair.ts'
import type { Proposal, ProposedEntity } from '../model/proposal.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'

export interface JudgePairsOptions extends AskAboutPairsOptions {
  /** Told of each pair; `message` says why it failed, or what an engine that cannot be asked says. */
  readonly tell: (fate: PairFate, link: StoredLink, message: string) => void
}

/** Pairs that are prepared while others are asked about; how many are in flight is for `ask` to say. */
const AT_ONCE = 32

/**
 * Asks an engine about all pairs of names that rules propose as one thing and that nobody has decided about, each once for
 * the chunks that its names stand in. What it says is one more proposal of the `SAME_AS` link, or a denial: it joins
 * nothing, people decide. Pairs that failed or were left wait in the store as they are, so the next run asks about them.
 */
export async function judgePairs(store: Store, options: JudgePairsOptions): Promise<void> {
  const { engine, signal, tell } = options
  const askAbout = askAboutPairs(store, options)
  const links = store.identityLinks()
  let isOver = false

  async function judge(link: StoredLink): Promise<void> {
    const pair = await pairToAskAbout(store, link, engine)
    if (pair === 'known') return tell('known', link, '')
    if (pair === null) return
    const answer = await askAbout(pair)
    if (answer.how === 'forgotten') return
    if (answer.how === 'left' || answer.how === 'failed') return tell(answer.how, link, messageOf(answer))
    const { replies, reading } = answer
    await store.takePair({ linkId: link.id, replies, proposals: reading.proposals })
    tell(answer.how === 'reused' ? 'known' : reading.verdict, link, '')
  }

  const work = async (): Promise<void> => {
    while (!isOver && !signal.aborted) {
      const next = await links.next()
      if (next.done === true) return
      try {
        await judge(next.value)
      } catch (error) {
        isOver = true
        throw error
      }
    }
  }
  await settleAll(Array.from({ length: AT_ONCE }, work))
}

/** The pair of a link, as an engine is to be asked about it. `known`: it has said so before. Null: nobody is to be asked. */
export async function pairToAskAbout(store: Store, link: StoredLink, engine: Engine): Promise<Pair | 'known' | null> {
  if (link.status !== 'proposed') return null
  // Words of people, also such as they took back, are none of these: only rules give grounds, only models have answered.
  const live = (await store.proposalsFor(link.id)).filter((stored) => stored.live).map(({ proposal }) => proposal)
  const grounds = groundsOf(live)
  if (grounds.length === 0) return null
  const said = live.filter(({ purpose, model }) => purpose === 'identity' && model === engine.model)
  // A chunk that says something else has another id.
  const isKnown = said.length > 0 && grounds.every(({ chunkId }) => said.some((one) => one.chunkId === chunkId))
  return isKnown ? 'known' : readPair(store, grounds)
}

/** Two names as an engine would be asked about them, by what is said of them; null where there is nothing to ask by. */
export async function pairSaidBy(store: Store, live: readonly Proposal[]): Promise<Pair | null> {
  const grounds = groundsOf(live)
  return grounds.length === 0 ? null : readPair(store, grounds)
}

function messageOf(answer: PairAnswer): string {
  return answer.how === 'failed' ? answer.message : ''
}

/**
 * The proposals of rules by which a pair is asked about: the most trusted, and the one that it made of the other name's
 * chunk. None where no rule takes them for one any more.
 */
function groundsOf(live: readonly Proposal[]): Proposal[] {
  const byRules = live.filter(({ traceKind, replyId }) => traceKind === 'rule' && replyId === null)
  const [first, ...others] = byRules.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1))
  if (first === undefined) return []
  const other = others.find(({ model, index, chunkId }) => {
    return (
      first.index !== 0 && index !== 0 && index !== first.index && model === first.model && chunkId !== first.chunkId
    )
  })
  // The subject's before the object's.
  return [first, ...(other === undefined ? [] : [other])].toSorted((a, b) => a.index - b.index)
}

/** Null where a chunk or its document is gone meanwhile. */
async function readPair(store: Store, grounds: readonly Proposal[]): Promise<Pair | null> {
  const places: PairPlace[] = []
  for (const { chunkId, documentId, subject, object, evidence } of grounds) {
    const [chunk, document] = [await store.chunk(chunkId), await store.document(documentId)]
    if (chunk === null || document === null) return null
    places.push({ chunk, document, ends: [subject, object], seenIn: evidence.map(({ s }) => s) })
  }
  const [one, other] = places
  const [first] = grounds
  if (one === undefined || first === undefined) return null
  const names = [asCompared(first.subject, first.compared?.[0]), asCompared(first.object, first.compared?.[1])] as const
  return { names, places: other === undefined ? [one] : [one, other] }
}

function asCompared(end: ProposedEntity, form: string | undefined): ProposedEntity {
  const aliases = form === undefined || form === end.name ? end.aliases : [...new Set([form, ...end.aliases])]
  return { ...end, aliases }
}
