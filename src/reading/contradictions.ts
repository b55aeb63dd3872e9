import { z } from 'zod'
import { cut, fenced, fenceFor, isHarmless, LEFT_OUT } from '../extract/fence.ts'
import { CONTRADICTS } from '../model/conflict.ts'
import { counted } from '../model/counted.ts'
import { contentId } from '../model/ids.ts'
import { endsOf } from '../model/link.ts'
import type { Evidence, Proposal, ProposedEntity } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import { key, keyedItems, reason } from './keyed-items.ts'
import type { WantedStep } from './wanted-step.ts'

/** Other chunks that one chunk is held against, a request each: of the others it is not known whether they contradict it. */
export const MOST_BESIDE = 3
const MOST_LINKS = 20

/** A link of the graph, and what a chunk says for it. */
export interface KnownLink {
  readonly linkId: string
  /** The proposal whose quotes are shown. */
  readonly best: Proposal
}

/** Links of a chunk beside those of another one that are about the same entities. */
export interface Held {
  readonly own: readonly KnownLink[]
  readonly known: readonly KnownLink[]
}

/**
 * Has what a chunk says held against what the graph has of the same entities. One request for each other chunk, as its
 * reply has words of both and goes with either.
 */
export function contradictionStep({ own, known }: Held): WantedStep {
  const [ours, others] = [own, known].map((links) => links.slice(0, MOST_LINKS).map(shown).join('\n')) as [
    string,
    string,
  ]
  const body = `New:\n${ours}\n\nKnown:\n${others}`
  const whole = [
    'Two sources were read, and links between entities drawn from quotes of them. Find the pairs of a new link and a known link that contradict each other: both cannot hold at the same time, by what the quotes say. That two links say different things is no contradiction, nor that one says more than the other, nor where each may hold in its own time.',
    ...fenced(fenceFor(body, 'links'), body),
    'Answer with one JSON object and nothing else, links by their keys; most have no contradiction, and then the list is empty: {"links": [{"new": "key", "known": "key", "reason": "one sentence"}]}',
  ].join('\n\n')
  const because = `${counted(known.length, 'link')} of another text about the same entities: does it contradict them?`
  return { name: 'contradiction', because, prompt: { whole }, part: contradictionPart(own) }
}

/** What else the graph has of the other chunk by then makes no other request: once that is read, it is held against this. */
export function contradictionPart(own: Held['own']): string {
  return own
    .map(({ linkId }) => linkId)
    .toSorted()
    .join('\n')
}

const KEY_LENGTH = 6

function keyOf({ linkId }: KnownLink): string {
  return linkId.slice(0, KEY_LENGTH)
}

function shown(link: KnownLink): string {
  const { best } = link
  const forWhen = best.when === null ? '' : `, for ${harmless(best.when, 60)}`
  const said = best.saidOn == null ? '' : ` (said ${best.saidOn}${forWhen})`
  const quotes = soundQuotes(best).map(({ quote }) => `  quote: ${cut(quote, 400)}`)
  const name = nameOf(best, (part) => harmless(part, 80))
  return [`[${keyOf(link)}] ${name}${said}`, ...quotes].join('\n')
}

/** Names are the sources' words, too: one that speaks to the model is not shown. */
function harmless(text: string, length: number): string {
  return isHarmless(text) ? cut(text, length) : LEFT_OUT
}

const shape = z.object({ new: key, known: key, reason })

export interface ContradictionsRead {
  readonly pairs: readonly { readonly linkId: string; readonly proposals: readonly Proposal[] }[]
  /** Whether that is all that the reply says: it did not break off, and names links that it was shown. */
  readonly isWhole: boolean
}

/**
 * What a reply says contradicts each other, as proposals about a link between the two links: one for each side, with the
 * quotes of its chunk. `beside`: the same reply beside the other chunk. Null where there is no list to be found.
 */
export function readContradictions(reply: Reply, beside: Reply, { own, known }: Held): ContradictionsRead | null {
  const said = keyedItems(reply, shape)
  if (said === null) return null
  const pairs = said.items.flatMap(({ item, index }) => {
    const [one, other] = [
      own.find((link) => keyOf(link) === item.new),
      known.find((link) => keyOf(link) === item.known),
    ]
    if (one === undefined || other === undefined) return []
    const ends = [one, other].toSorted((a, b) => (a.linkId < b.linkId ? -1 : 1)).map(asEnd) as [
      ProposedEntity,
      ProposedEntity,
    ]
    const proposals = [propose(one, reply, ends, index, item.reason), propose(other, beside, ends, index, item.reason)]
    return [{ linkId: endsOf(proposals[0] as Proposal).id, proposals }]
  })
  return { pairs, isWhole: said.isWhole && pairs.length === said.items.length }
}

function propose(
  { best }: KnownLink,
  reply: Reply,
  [subject, object]: readonly [ProposedEntity, ProposedEntity],
  index: number,
  why: string,
): Proposal {
  return {
    id: contentId('proposal', reply.id, String(index)),
    replyId: reply.id,
    index,
    chunkId: best.chunkId,
    documentId: best.documentId,
    subject,
    type: CONTRADICTS,
    object,
    polarity: 'asserted',
    support: 'inferred',
    when: null,
    valid: null,
    saidOn: best.saidOn ?? null,
    why,
    confidence: best.confidence,
    statedConfidence: best.confidence,
    evidence: soundQuotes(best),
    traceKind: reply.traceKind,
    steps: [],
    engine: reply.engine,
    model: reply.model,
    purpose: 'contradiction',
    held: false,
    ...(best.doubts === undefined ? {} : { doubts: best.doubts }),
    notes: [],
  }
}

function asEnd({ linkId, best }: KnownLink): ProposedEntity {
  return { name: `“${nameOf(best)}”`, type: 'Link', aliases: [], link: linkId }
}

function nameOf({ subject, type, object }: Proposal, show = (part: string) => part): string {
  return [subject.name, type, object.name].map(show).join(' ')
}

/** Quotes that stand in the source and do not speak to the model. */
export function soundQuotes({ evidence }: Proposal): Evidence[] {
  return evidence.filter(({ grounding, flagged, quote }) => grounding !== 'missing' && !flagged && isHarmless(quote))
}
