import { askedBeside, failedNote, type createAskStep } from './ask-step.ts'
import type { ChunkRequest } from './get-reply.ts'
import { CONFLICT_TYPES } from '../model/conflict.ts'
import { DISPLAYED_AS, endKind, endsOf, SAME_AS } from '../model/link.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import { besideChunk, type Reply, type StepName } from '../model/reply.ts'
import {
  contradictionPart,
  contradictionStep,
  MOST_BESIDE,
  readContradictions,
  soundQuotes,
  type Held,
  type KnownLink,
} from '../reading/contradictions.ts'
import { isInGraph } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** Entities of a chunk whose links are looked up, links on either side of each, and proposals for each of those. */
const MOST_ENTITIES = 30
const MOST_LINKS = 30
const MOST_PROPOSALS = 10
/** Links in all whose proposals are looked at, the surest. */
const MOST_LOOKED_AT = 300

export interface Contradictions {
  readonly asked: readonly StepName[]
  readonly notes: readonly Note[]
  /** What was answered, beside each of the two chunks. */
  readonly replies: readonly Reply[]
  /** All was asked that is to be asked; else the next run goes on. */
  readonly isDone: boolean
  readonly isLeft: boolean
}

/**
 * Holds what a chunk says, once it is in the graph, against what the graph has of the same entities from other chunks. What
 * an engine says contradicts each other is proposed as our own rules propose it, for a person to decide; it is stored with
 * the chunk of each of the two links, and goes with either.
 */
export function createFindContradictions(
  store: Store,
  askStep: ReturnType<typeof createAskStep>,
): (request: ChunkRequest, proposals: readonly Proposal[]) => Promise<Contradictions | 'forgotten'> {
  return async (request, proposals) => {
    const lists = { asked: [] as StepName[], notes: [] as Note[], replies: [] as Reply[] }
    const came = { ...lists, isDone: true, isLeft: false }
    for (const held of await heldAgainst(store, request, proposals)) {
      const [other] = held.known
      if (other === undefined) continue
      const { chunkId, documentId } = other.best
      const answer = await askStep(request, contradictionStep(held), { chunkId, documentId })
      if (answer.how === 'forgotten') return answer.how
      if (!('reply' in answer)) {
        came.isDone = false
        if (answer.how === 'left') came.isLeft = true
        else came.notes.push(failedNote('contradiction', answer.error))
        continue
      }
      if (answer.how === 'asked') came.asked.push('contradiction')
      const beside = besideChunk(answer.reply, { chunkId, documentId })
      came.replies.push(answer.reply, beside)
      const found = readContradictions(answer.reply, beside, held)
      if (found?.isWhole !== true)
        came.notes.push({
          code: 'check-unreadable',
          message: `${found === null ? 'nothing' : 'not all'} could be made of the contradiction (reply ${answer.reply.id})`,
          where: 'contradiction',
        })
      for (const pair of found?.pairs ?? []) await store.takeBetween({ ...pair, replies: [answer.reply, beside] })
    }
    return came
  }
}

/**
 * Those of other chunks that have most links about the same entities; first such as a run has asked about before it broke
 * off, as with what the graph has by now others would come in their place, and be paid for beside them.
 */
async function heldAgainst(store: Store, request: ChunkRequest, proposals: readonly Proposal[]): Promise<Held[]> {
  const own = new Map<string, KnownLink>()
  for (const best of proposals) {
    const ends = endsOf(best)
    const isPlain = best.polarity === 'asserted' && !best.held && endKind(ends) === 'Entity' && best.type !== SAME_AS
    if (isPlain && soundQuotes(best).length > 0 && !own.has(ends.id)) own.set(ends.id, { linkId: ends.id, best })
  }
  const entities = [...own.values()].flatMap(({ best }) => [endsOf(best).subjectId, endsOf(best).objectId])
  const links = new Map<string, KnownLink>()
  const around = await store.linksAround([...new Set(entities)].slice(0, MOST_ENTITIES), MOST_LINKS)
  const some = around
    .filter((link) => isInGraph(link) && isPlainType(link.type) && !own.has(link.id))
    .toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_LOOKED_AT)
  const said = await store.someProposals(
    some.map(({ id }) => id),
    MOST_PROPOSALS,
  )
  for (const { id, into } of some) {
    // What is drawn as another link is said of that one.
    const linkId = into ?? id
    const best = (said.get(id) ?? [])
      .filter((proposal) => proposal.polarity === 'asserted' && !proposal.held && soundQuotes(proposal).length > 0)
      .toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1))[0]
    const isOther = best !== undefined && best.chunkId !== request.chunk.id && !own.has(linkId)
    if (isOther && !links.has(linkId)) links.set(linkId, { linkId, best })
  }
  const ours = [...own.values()]
  const others = Map.groupBy(links.values(), ({ best }) => best.chunkId)
  const step = { name: 'contradiction' as const, part: contradictionPart(ours) }
  const places = [...links.values()].map(({ best }) => best)
  const asked = others.size > MOST_BESIDE ? await askedBeside(store, request, step, places) : new Set<string>()
  return [...others]
    .toSorted(
      ([one, a], [other, b]) =>
        Number(asked.has(other)) - Number(asked.has(one)) ||
        b.length - a.length ||
        ((a[0]?.linkId ?? '') < (b[0]?.linkId ?? '') ? -1 : 1),
    )
    .slice(0, MOST_BESIDE)
    .map(([, known]) => ({ own: ours, known: known.toSorted((a, b) => (a.linkId < b.linkId ? -1 : 1)) }))
}

function isPlainType(type: string): boolean {
  return type !== SAME_AS && type !== DISPLAYED_AS && !CONFLICT_TYPES.includes(type)
}
