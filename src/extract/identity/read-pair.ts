import type { AnswerLink } from '../../model/answer.ts'
import { contentId } from '../../model/ids.ts'
import { SAME_AS } from '../../model/link.ts'
import type { Note } from '../../model/note.ts'
import { formatPlace } from '../../model/place.ts'
import { capConfidence, type Evidence, type Proposal } from '../../model/proposal.ts'
import type { Reply } from '../../model/reply.ts'
import { alignTrace } from '../align.ts'
import { asShown } from '../as-shown.ts'
import { flagged, locate, missingNotes } from '../evidence.ts'
import { asRead, unreadableNote } from '../extract.ts'
import { flagUnits, type Flags } from '../injection/flag-units.ts'
import { judgeOwnSupport, supportNotes } from '../injection/own-support.ts'
import { parseAnswer } from '../parse.ts'
import { IDENTITY_SCHEMA } from './pair-prompt.ts'
import type { PairPlace, ShownPair } from './pair.ts'

/** What an engine says of a pair: `one` thing, `two`, or that it cannot tell. */
export type PairVerdict = 'one' | 'two' | 'unsettled'

/** What became of a pair: what the engine says, or why it says nothing yet. `known`: it has said it before. */
export type PairFate = PairVerdict | 'known' | 'left' | 'failed'

export interface PairReading {
  readonly verdict: PairVerdict
  /** One for each chunk that is quoted, of the reply that was stored beside it. They never join by themselves. */
  readonly proposals: readonly Proposal[]
  readonly notes: readonly Note[]
}

/**
 * Parse, ground, align, as with any reply: pure, so that it can be done again for nothing. `replies` are the one reply
 * as it is stored beside the chunk of each of the pair's places.
 */
export function readPairReply(
  shown: ShownPair,
  replies: readonly Reply[],
): PairReading | { readonly unreadable: string } {
  const [reply] = replies as readonly [Reply]
  const { chunk, entities } = shown
  const { places } = shown.pair
  const { answer: whole, notes } = parseAnswer(reply.content, chunk.units.length, entities)
  const unreadable = unreadableNote({ notes })
  if (unreadable !== null) return { unreadable }
  // Whatever the answer calls them, it was asked about these two.
  const others = whole.entities.filter(({ id }) => entities.every((entity) => entity.id !== id))
  const answer = { ...whole, entities: [...entities, ...others] }
  const links = answer.links.filter(isAboutPair)
  const steps = new Map(
    alignTrace({ reasoning: reply.reasoning, answer, units: chunk.units.map(asRead) }).map((one) => [
      one.index,
      one.steps,
    ]),
  )
  const flags = flagUnits(chunk, places.map(({ document }) => document.title).join('\n'))
  const judgeSupport = judgeOwnSupport(chunk, flags, entities, IDENTITY_SCHEMA)
  const read = links.flatMap((link) => {
    const evidence = locateEach(link, shown, flags)
    const isQuoted = evidence.every(({ found }) => found.grounding !== 'missing')
    const own = judgeSupport({
      subject: entities[0],
      type: 'SAME',
      object: entities[1],
      evidence: evidence.map(({ asked }) => asked),
      isMapping: false,
    })
    const ownNotes = supportNotes(own, `links[${link.index}]`)
    return places.flatMap((place, at): Proposal[] => {
      const quotes = evidence.filter((item) => item.place === place).map(({ found }) => found)
      const of = replies[at]
      if (quotes.length === 0 || of === undefined) return []
      return [
        {
          id: contentId('proposal', of.id, String(link.index)),
          replyId: of.id,
          index: link.index,
          chunkId: place.chunk.id,
          documentId: place.chunk.documentId,
          subject: place.ends[0],
          type: SAME_AS,
          object: place.ends[1],
          polarity: link.polarity,
          support: link.support,
          when: null,
          valid: null,
          saidOn: place.document.date,
          why: link.why,
          confidence: capConfidence(link.confidence, isQuoted),
          statedConfidence: link.confidence,
          evidence: quotes,
          traceKind: of.traceKind,
          steps: steps.get(link.index) ?? [],
          alignedBy: 'offline',
          engine: of.engine,
          model: of.model,
          purpose: 'identity',
          held: own.held,
          doubts: own.doubts,
          notes: [...missingNotes(quotes, link), ...ownNotes],
        },
      ]
    })
  })
  return { verdict: verdictOf(read), proposals: read, notes: [...notes, ...read.flatMap((proposal) => proposal.notes)] }
}

/** `Same as`, `SAME_AS`, `same`; who writes `NOT_SAME_AS` has not understood how to deny. */
const SAME = /^same(?:as)?$/

function isAboutPair({ subject, object, type }: AnswerLink): boolean {
  const isThisType = SAME.test(type.toLowerCase().replace(/[^a-z]/g, ''))
  return isThisType && [subject, object].toSorted().join() === 'e1,e2'
}

/** Who says both says nothing. */
function verdictOf(proposals: readonly Proposal[]): PairVerdict {
  const says = (polarity: Proposal['polarity']): boolean => proposals.some((proposal) => proposal.polarity === polarity)
  if (says('asserted') === says('negated')) return 'unsettled'
  return says('asserted') ? 'one' : 'two'
}

interface Quoted {
  readonly place: PairPlace
  /** In what was shown. */
  readonly asked: Evidence
  /** In the chunk of its own. */
  readonly found: Evidence
}

/** Each quote with its place in the chunk that it was taken from. */
function locateEach({ evidence }: AnswerLink, { chunk, origins }: ShownPair, flags: Flags): Quoted[] {
  const units = chunk.units.map((unit) => ({ ...unit, text: asShown(unit.text) }))
  return evidence.flatMap((quote) => {
    const asked = flagged(locate(quote, units, chunk, ''), flags)
    const origin = origins.get(asked.s)
    if (origin === undefined) return []
    const { place, unit } = origin
    const start = asked.offset === null ? null : unit.start + asked.offset
    const end = start === null ? null : start + asked.quote.length
    const placeText = formatPlace(place.document.path, unit.place)
    return [{ place, asked, found: { ...asked, s: unit.s, start, end, place: unit.place, placeText } }]
  })
}
