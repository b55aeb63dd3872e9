import { unscopedEntityId } from '../model/entity.ts'
import { endsOf, relationshipType } from '../model/link.ts'
import { cutMessage, type Note } from '../model/note.ts'
import type { Mention, Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { GraphNode, GraphReader, GraphRelationship, GraphWriter, Properties } from './database.ts'
import { NO_CHANGES, type Derivation, type LinkChanges, type LinkOutcome, type TraceKeeping } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { labellingLinks } from './labels.ts'
import { MARK, addMarks, markProperties, readMark, type Mark } from './marks.ts'
import { setMentions } from './mentions.ts'
import { proposalNode, readProposal, type EntityForms, type StoredProposal } from './records.ts'
import { readReply, replyNode, routeProperties, traceProperties, type StoredReply } from './reply-records.ts'
import { summaryOf, summaryProperties } from './summaries.ts'

/** What is taken of one reply; the part of an extraction that the store keeps. */
export interface Taken {
  readonly mentions: readonly Mention[]
  readonly proposals: readonly Proposal[]
  /** What it says the chunk's document is about; proposals too, which are counted by themselves. */
  readonly labels?: readonly Proposal[]
  readonly summary?: string
  readonly notes: readonly Note[]
}

/** All that is proposed. */
export function proposalsIn({ proposals, labels = [] }: Taken): Proposal[] {
  return [...proposals, ...labels]
}

/** The relationship types of the links that these speak for. */
export function typesIn(taken: Taken): string[] {
  return [...new Set(proposalsIn(taken).map((proposal) => relationshipType(endsOf(proposal))))]
}

/**
 * A stored reply with what is taken of it, for the engine, model and schema that `fingerprint` names; `further` are stored
 * replies that make one reading with it. `replaces`: fingerprints of readings by other engines whose place it takes, and with
 * them that of the replies that its route came after.
 */
export interface Taking {
  readonly reply: Reply
  readonly further: readonly Reply[]
  readonly taken: Taken
  readonly fingerprint: string
  readonly replaces?: readonly string[]
  /** By the replies' ids, what is kept of their traces from now on, as properties. Absent: what there is. */
  readonly kept?: ReadonlyMap<string, Properties>
}

/** A taking with no more of the traces than is to be kept. The replies themselves are as they came until then. */
export function keepingTraces(taking: Taking, traces: TraceKeeping): Taking {
  const replies = [taking.reply, ...taking.further]
  const [proposals, labels] = [taking.taken.proposals, taking.taken.labels ?? []].map((some) =>
    cappedSteps(traces, replies, some),
  ) as [readonly Proposal[], readonly Proposal[]]
  const kept = replies.flatMap((reply) => {
    const own = [...proposals, ...labels].filter(({ replyId }) => replyId === reply.id)
    const cut = traces.cutTrace(reply, own)
    return cut === null ? [] : [[reply.id, cutProperties(reply, cut, traces.compress)] as const]
  })
  return { ...taking, taken: { ...taking.taken, proposals, labels }, kept: new Map(kept) }
}

/** What replies say, with no more of the steps than is to be kept of what each of them says. */
export function cappedSteps(
  { capSteps }: TraceKeeping,
  replies: readonly Reply[],
  proposals: readonly Proposal[],
): readonly Proposal[] {
  const byId = new Map(replies.map((reply) => [reply.id, reply]))
  return proposals.flatMap((proposal) => {
    const reply = byId.get(proposal.replyId ?? '')
    return reply === undefined ? [proposal] : capSteps(reply, [proposal])
  })
}

/** A reply's trace as the store keeps it from now on. */
export function cutProperties(
  { id }: Pick<Reply, 'id'>,
  { trace: { text: reasoning, gaps: leftOut }, steps: aligned }: NonNullable<ReturnType<TraceKeeping['cutTrace']>>,
  compress: boolean,
): Properties {
  return traceProperties({ id, reasoning, leftOut, aligned }, compress)
}

/**
 * Puts replies beside their chunks, as they arrived; nothing has been made of them yet. One that is there stays. Of each
 * group, such as are the same reply beside several chunks: all are put, or none, where somebody has forgotten one of
 * their documents meanwhile: they hold its words, and nobody would find them again. Whether they were.
 */
export async function putReplies(
  writer: GraphWriter,
  groups: readonly (readonly Reply[])[],
  compress = true,
): Promise<readonly boolean[]> {
  const replies = groups.flat()
  const chunkIds = replies.map(({ chunkId }) => chunkId)
  const chunks = idsOf(await writer.lock('Chunk', [...new Set(chunkIds)], []))
  // Held too, so that none is put behind the back of who is about to remove the document.
  const documentIds = replies.flatMap(({ chunkId, documentId }) => (chunks.has(chunkId) ? [] : (documentId ?? [])))
  const documents = idsOf(await writer.lock('Document', [...new Set(documentIds)], []))
  const isHeld = ({ chunkId, documentId = '' }: Reply): boolean => chunks.has(chunkId) || documents.has(documentId)
  const kept = groups.map((group) => group.every(isHeld))
  const byId = new Map(
    groups.flatMap((group, at) => (kept[at] ? group.map((reply) => [reply.id, reply] as const) : [])),
  )
  for (const { id } of await writer.get('Reply', [...byId.keys()], [])) byId.delete(id)
  const fresh = [...byId.values()]
  await writer.createNodes(fresh.map((reply) => replyNode(untaken(reply), compress)))
  await writer.putRelationships(fresh.filter((reply) => chunks.has(reply.chunkId)).map(replyTo))
  return kept
}

/** A reply as it came: what has been made of it beside another chunk goes with that one. */
function untaken(reply: Reply): StoredReply {
  const { summary: _, labels: __, replacedBy: ___, ...said } = reply as Reply & Partial<StoredReply>
  return { ...said, taken: false, takenFor: null, further: [], mentions: [], notes: [] }
}

function idsOf(nodes: readonly GraphNode[]): ReadonlySet<string> {
  return new Set(nodes.map(({ id }) => id))
}

/** What replies are looked for: those about a chunk, or to a request. */
export type ReplySearch = { readonly chunkId: string } | { readonly requestHash: string }

/**
 * For each search all replies about its chunk, oldest first, or some to its request: the same words may stand in a
 * thousand chunks.
 */
export async function readReplies(reader: GraphReader, searches: readonly ReplySearch[]): Promise<StoredReply[][]> {
  const chunkIds = searches.flatMap((search) => ('chunkId' in search ? search.chunkId : []))
  const hashes = searches.flatMap((search) => ('requestHash' in search ? search.requestHash : []))
  const [about, to] = await Promise.all([
    reader.find('Reply', 'chunkId', [...new Set(chunkIds)]),
    reader.findEach('Reply', 'requestHash', hashes, MOST_ALIKE),
  ])
  const byAge = about.map(readReply).toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const byChunk = Map.groupBy(byAge, (reply) => reply.chunkId)
  const byRequest = Map.groupBy(to.map(readReply), (reply) => reply.requestHash)
  return searches.map(
    (search) => ('chunkId' in search ? byChunk.get(search.chunkId) : byRequest.get(search.requestHash)) ?? [],
  )
}

const MOST_ALIKE = 20

/**
 * Takes stored replies' mentions and proposals into the graph; what the same model said about a chunk before retires.
 * Taking a reply again, with better parsing or under another schema, puts the new result in the place of the old. A
 * chunk that is not there any more (its document changed while the model thought) takes nothing. What comes of it is
 * what would come of taking one reply after the other.
 */
export async function takeRepliesIn(
  writer: GraphWriter,
  derivation: Derivation,
  takings: readonly Taking[],
): Promise<LinkChanges[]> {
  const changes = new Map<Taking, LinkChanges>()
  for (let left = takings; left.length > 0;) {
    // Of several replies about one chunk each must find what the one before it left.
    const first = new Map(left.toReversed().map((taking) => [taking.reply.chunkId, taking]))
    const round = left.filter((taking) => first.get(taking.reply.chunkId) === taking)
    for (const [taking, own] of await takeRound(writer, derivation, round)) changes.set(taking, own)
    left = left.filter((taking) => !round.includes(taking))
  }
  return takings.map((taking) => changes.get(taking) ?? NO_CHANGES)
}

/** The same with one. */
export async function takeReplyIn(writer: GraphWriter, derivation: Derivation, taking: Taking): Promise<LinkChanges> {
  const [changes] = await takeRepliesIn(writer, derivation, [taking])
  return changes ?? NO_CHANGES
}

/** Replies about as many chunks. */
async function takeRound(
  writer: GraphWriter,
  derivation: Derivation,
  takings: readonly Taking[],
): Promise<ReadonlyMap<Taking, LinkChanges>> {
  const chunkIds = takings.map(({ reply }) => reply.chunkId)
  const chunks = await writer.lock('Chunk', chunkIds, ['replies', 'documentId', ...MARK])
  const repliesOf = new Map(chunks.map(({ id, properties }) => [id, (properties['replies'] ?? []) as string[]]))
  // A chunk of which no reply counts has none that was taken: there are no proposals about it, and it mentions nothing.
  const earlier = [...repliesOf].filter(([, ids]) => ids.length > 0).map(([id]) => id)
  const replies = new Map(
    (await writer.get('Reply', [...repliesOf.values()].flat())).map((node) => [node.id, readReply(node)]),
  )
  const proposals = (await writer.find('Proposal', 'chunkId', earlier)).map(readProposal)
  const proposalsOf = Map.groupBy(proposals, ({ proposal }) => proposal.chunkId)
  const plans = takings.flatMap((taking) => {
    const { chunkId } = taking.reply
    const known = repliesOf.get(chunkId)?.flatMap((id) => replies.get(id) ?? [])
    return known === undefined ? [] : planTaking(taking, known, proposalsOf.get(chunkId) ?? [])
  })

  const documentOf = new Map(chunks.map(({ id, properties }) => [id, String(properties['documentId'])]))
  const spoken = plans.map(({ taking, staying, mentions }) => {
    const { chunkId } = taking.reply
    const documentId = documentOf.get(chunkId) ?? ''
    return [chunkId, { documentId, mentions: [...staying.map((other) => other.mentions), mentions] }] as const
  })
  const { identities, mentioned, lost, marks } = await setMentions(writer, derivation, new Map(spoken), earlier)
  const marked = new Map(chunks.map(({ id, properties }) => [id, addMarks(readMark(properties), marks.get(id))]))
  const links = [...new Set(plans.flatMap((plan) => plan.links))].toSorted()
  const locked = await writer.lock('Link', links)
  const put = plans.flatMap((plan) => plan.proposals)
  const about = await proposalsAbout(
    writer,
    locked.map(({ id }) => id),
    plans,
  )
  await writer.removeNodes(
    'Proposal',
    plans.flatMap((plan) => plan.withdrawn),
  )
  await writer.removeRelationships(plans.flatMap((plan) => plan.elsewhere.map(proposes)))
  const known = new Set(proposals.map(({ proposal }) => proposal.id))
  await Promise.all([
    retireProposals(
      writer,
      plans.flatMap((plan) => plan.retired),
    ),
    writer.createNodes(put.filter(({ proposal }) => !known.has(proposal.id)).map(proposalNode)),
    writer.putNodes(put.filter(({ proposal }) => known.has(proposal.id)).map(proposalNode)),
    writer.patchNodes('Reply', plans.flatMap(replyPatches)),
    writer.patchNodes('Reply', plans.flatMap(replacedPatches)),
    writer.patchNodes(
      'Chunk',
      plans.map((plan) => chunkPatch(plan, marked.get(plan.taking.reply.chunkId))),
    ),
  ])
  const outcomes = await deriveLinks(writer, derivation, links, {
    known: { ids: new Set(links), locked, proposals: about },
    entities: mentioned,
    identities,
  })
  await writer.putRelationships(
    plans.flatMap(({ taking, proposals }) =>
      proposals.flatMap((stored) => [fromReply(stored, stored.proposal.replyId ?? taking.reply.id), proposes(stored)]),
    ),
  )
  await tidyEntities(writer, derivation, lost)
  return countChanges(plans, outcomes)
}

/** All proposals about links, as they stand once the plans are carried out; only links that were there are looked up. */
async function proposalsAbout(
  reader: GraphReader,
  linkIds: readonly string[],
  plans: readonly TakingPlan[],
): Promise<ReadonlyMap<string, readonly StoredProposal[]>> {
  const before = (await reader.find('Proposal', 'linkId', linkIds)).map(readProposal)
  const standing = new Map(before.map((stored) => [stored.proposal.id, stored]))
  for (const { withdrawn, retired, proposals } of plans) {
    for (const id of withdrawn) standing.delete(id)
    for (const stored of retired) standing.set(stored.proposal.id, { ...stored, live: false })
    for (const stored of proposals) standing.set(stored.proposal.id, stored)
  }
  return Map.groupBy(standing.values(), (stored) => stored.linkId)
}

/** What taking one reply comes to, before anything is written. */
interface TakingPlan {
  readonly taking: Taking
  /** The chunk's replies by other models, with those that go with them. */
  readonly staying: readonly StoredReply[]
  /** Ids of replies by other engines whose place this one takes. */
  readonly displaced: readonly string[]
  readonly mentions: readonly EntityForms[]
  readonly proposals: readonly StoredProposal[]
  /** Proposals of an earlier reading by the same model, which count no more. */
  readonly retired: readonly StoredProposal[]
  /** Ids of proposals that the same replies were read as making before, and are not any more. */
  readonly withdrawn: readonly string[]
  /** Proposals of before that speak for another link now. */
  readonly elsewhere: readonly StoredProposal[]
  readonly links: readonly string[]
  /** Those of them that are labels. */
  readonly labelling: ReadonlySet<string>
}

function planTaking(
  taking: Taking,
  known: readonly StoredReply[],
  proposalsBefore: readonly StoredProposal[],
): TakingPlan {
  const { reply, further, taken, replaces = [] } = taking
  const own = new Set([reply, ...further].map(({ id }) => id))
  const isDisplaced = ({ id, fingerprint }: StoredReply): boolean => !own.has(id) && replaces.includes(fingerprint)
  const withFurther = (some: readonly StoredReply[]): string[] => some.flatMap((one) => [one.id, ...one.further])
  const displaced = withFurther(known.filter(isDisplaced))
  const before = withFurther(known.filter((other) => other.id === reply.id || isSameModel(other, reply)))
  const leaving = new Set([...before, ...displaced])
  const isOwn = ({ proposal }: StoredProposal): boolean => own.has(proposal.replyId ?? '')
  const earlier = proposalsBefore.filter(
    (stored) =>
      isOwn(stored) ||
      (stored.live && (leaving.has(stored.proposal.replyId ?? '') || isSameModel(stored.proposal, reply))),
  )
  const proposals = proposalsIn(taken).map((proposal): StoredProposal => {
    return { proposal, linkId: endsOf(proposal).id, live: true }
  })
  const now = new Map(proposals.map((stored) => [stored.proposal.id, stored]))
  const replaced = earlier.filter(({ proposal }) => !now.has(proposal.id))
  return {
    taking,
    staying: known.filter(({ id }) => !own.has(id) && !leaving.has(id)),
    displaced: [...displaced, ...(replaces.length > 0 ? (reply.route?.after ?? []) : [])],
    mentions: formsOf(taken),
    proposals,
    retired: replaced.filter((stored) => !isOwn(stored)),
    withdrawn: replaced.filter(isOwn).map(({ proposal }) => proposal.id),
    elsewhere: earlier.filter(({ proposal, linkId: link }) => (now.get(proposal.id)?.linkId ?? link) !== link),
    links: [...new Set([...proposals, ...earlier].map((stored) => stored.linkId))],
    labelling: labellingLinks([...proposals, ...earlier]),
  }
}

/** A reply with what is taken of it as a whole, and not what was taken of it before. */
function withSummary({ reply, taken: { summary = '', labels = [] } }: Taking) {
  return { ...reply, summary, labels: labels.map(({ object }) => object.name) }
}

/** What all of a reading mention stands with its first reply. */
function replyPatches({ taking, mentions }: TakingPlan) {
  const { reply, further, taken, fingerprint, kept } = taking
  const { summary, labels } = withSummary(taking)
  const [named, notes] = [JSON.stringify(mentions), JSON.stringify(taken.notes)]
  const ids = further.map(({ id }) => id)
  const about = { taken: true, takenFor: fingerprint, replacedBy: null }
  const first = {
    ...about,
    ...routeProperties(reply.route),
    further: ids.length > 0 ? ids : null,
    mentions: named,
    notes,
    summary: summary === '' ? null : summary,
    labels: labels.length === 0 ? null : labels,
  }
  const all = [{ id: reply.id, properties: first }, ...ids.map((id) => ({ id, properties: about }))]
  return all.map(({ id, properties }) => ({ id, properties: { ...kept?.get(id), ...properties } }))
}

function replacedPatches({ taking, displaced }: TakingPlan) {
  return [...new Set(displaced)].map((id) => ({ id, properties: { replacedBy: taking.reply.id } }))
}

function chunkPatch({ taking, staying }: TakingPlan, mark: Mark | undefined) {
  const { reply, further, fingerprint } = taking
  const own = [reply, ...further]
  const failure = failureOf([...staying, { ...reply, notes: taking.taken.notes }])
  const properties = {
    state: failure === null ? 'reasoned' : 'failed',
    failure,
    replies: [...staying, ...own].map(({ id }) => id),
    fingerprints: [...staying.map((other) => other.takenFor ?? other.fingerprint), ...own.map(() => fingerprint)],
    ...summaryProperties(summaryOf([...staying, withSummary(taking)])),
    ...markProperties(mark),
  }
  return { id: reply.chunkId, properties }
}

/** Why a chunk has failed though there are replies that were taken: no answer about its links is there to its end. */
export function failureOf(replies: readonly Pick<StoredReply, 'purpose' | 'notes'>[]): string | null {
  const cut = replies.filter(({ purpose }) => purpose === undefined).map(({ notes }) => cutMessage(notes))
  return cut.includes(null) ? null : (cut.at(-1) ?? null)
}

/** What several replies did to one link, the first of them did: to the others it was there already. Labels are not counted. */
function countChanges(
  plans: readonly TakingPlan[],
  outcomes: ReadonlyMap<string, LinkOutcome>,
): ReadonlyMap<Taking, LinkChanges> {
  const left = new Map(outcomes)
  return new Map(
    plans.map(({ taking, links, labelling }) => {
      const changes = { added: 0, changed: 0, removed: 0 }
      for (const link of links) {
        const outcome = left.get(link)
        if (outcome === undefined || labelling.has(link)) continue
        changes[outcome]++
        if (outcome === 'added') left.set(link, 'changed')
        else if (outcome === 'removed') left.delete(link)
      }
      return [taking, changes]
    }),
  )
}

/** They stay in the record and count no more. */
export async function retireProposals(writer: GraphWriter, proposals: readonly StoredProposal[]): Promise<void> {
  await writer.patchNodes(
    'Proposal',
    proposals.map(({ proposal }) => ({ id: proposal.id, properties: { live: false } })),
  )
}

export function replyTo(reply: Pick<Reply, 'id' | 'chunkId'>): GraphRelationship {
  const to = { kind: 'Chunk', id: reply.chunkId } as const
  return { type: 'REPLY_TO', id: null, from: { kind: 'Reply', id: reply.id }, to, properties: {} }
}

/** What it says of two names is another matter than what it says of the links of a chunk. */
function isSameModel(one: Pick<Proposal, 'engine' | 'model'> & { readonly purpose?: unknown }, reply: Reply): boolean {
  return one.engine === reply.engine && one.model === reply.model && one.purpose === undefined
}

export function fromReply({ proposal }: StoredProposal, replyId: string): GraphRelationship {
  const from = { kind: 'Proposal', id: proposal.id } as const
  return { type: 'FROM_REPLY', id: null, from, to: { kind: 'Reply', id: replyId }, properties: {} }
}

export function proposes({ proposal, linkId: link }: StoredProposal): GraphRelationship {
  const from = { kind: 'Proposal', id: proposal.id } as const
  return { type: 'PROPOSES', id: null, from, to: { kind: 'Link', id: link }, properties: {} }
}

/**
 * All forms under which a reply names each entity, whether listed or only an end of a link. All are names of one
 * document.
 */
export function formsOf(taken: Taken): EntityForms[] {
  const entities = new Map<string, { type: string; ownName: string; forms: string[] }>()
  const ends = taken.proposals.flatMap((proposal) => [proposal.subject, proposal.object])
  const named = [...taken.mentions, ...ends.filter((end) => end.column === undefined)]
  for (const { name, type, aliases } of named) {
    const id = unscopedEntityId(type, name)
    const known = entities.get(id)
    if (known === undefined) entities.set(id, { type, ownName: name, forms: [...aliases] })
    else known.forms.push(name, ...aliases)
  }
  return [...entities.values()].map((entity) => ({ ...entity, forms: [...new Set(entity.forms)] }))
}
