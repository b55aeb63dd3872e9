import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { RefusedError } from '../model/errors.ts'
import { LABELLED } from '../model/label.ts'
import { endKind, endsOf, ownProposalId, SAME_AS } from '../model/link.ts'
import { normaliseName } from '../model/entity.ts'
import { capConfidence, PERSON, type Evidence, type Proposal } from '../model/proposal.ts'
import { countingProposals, saidAbout, waitingProposals } from '../model/revision.ts'
import type { ReadingRule } from '../model/reading-rule.ts'
import type { Schema } from '../model/schema.ts'
import type { DecisionDraft } from '../store/decision-draft.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { findRecord } from './find-record.ts'
import { findEnd, proposedEnd, type End, type EndAsked } from './fix-ends.ts'
import { rulesOfFix, type FixedEnds } from './fix-rule.ts'
import { findQuotes, type Text } from './fix-quote.ts'
import { setsAny, undatedNotes, withProperties, type PropertiesSet } from './fix-properties.ts'
import { checkType, isSymmetric, newTypeNotes } from './fix-type.ts'
import { viewLink, type LinkView } from './view-link.ts'

/** What of a link a person says is otherwise; what is absent stays as it is. */
export interface FixAsked extends PropertiesSet {
  readonly type?: string
  readonly flip?: boolean
  readonly subject?: EndAsked
  readonly object?: EndAsked
  /** Quotes that it rests on from now on, in place of those that it has. */
  readonly evidence?: readonly string[]
  /** The same is wrong wherever it is said: replies that come from now on are read so. */
  readonly isRule?: boolean
}

/** What a person says about links, and the decisions by which it counts: to be carried out together. */
export interface Revision {
  /** The link that does not hold as it stands; null where the model missed one. */
  readonly original: StoredLink | null
  /** Id of the link that is accepted. */
  readonly linkId: string
  readonly proposals: readonly Proposal[]
  readonly drafts: readonly DecisionDraft[]
  /** What it confirms for replies to come. */
  readonly rules?: readonly ReadingRule[]
  /** What of it may not be what was meant, in words. */
  readonly notes?: readonly string[]
}

/**
 * What a fix of a link comes to. What the model said stays as it is: the link is rejected, and a person's proposal with
 * its quotes and steps accepted in its place. Where the ends and the type stay, the link is accepted with that proposal in
 * the place of the others. Reads, and writes nothing. Where a batch is `retried`, as before it was made.
 * @throws RefusedError where it cannot be so, or changes nothing
 */
export async function planFix(
  store: Store,
  id: string,
  asked: FixAsked,
  schema: Schema,
  options: DecideOptions,
  retried?: string,
): Promise<Revision> {
  const view = await findToFix(store, id)
  const { link } = view
  const history = await store.history(link.id)
  const decisions = history.decisions.filter(({ batch }) => batch === undefined || batch !== retried)
  const said = saidAbout(history.proposals, decisions)
  const live = countingProposals(said)
  const base = (live.length > 0 ? live : said.map(({ proposal }) => proposal)).toSorted(
    (a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1),
  )
  const fixed = await endsAsked(store, ownEnds(view), asked, schema)
  const { subject, type, object } = fixed
  const texts = await textsOf(store, base)
  const replaced = [...base, ...waitingProposals(history.proposals, decisions)].map((one) => one.id)
  const kept = [...Map.groupBy(base, ({ chunkId }) => chunkId).values()].flatMap(([first]) => first ?? [])
  const chosen =
    asked.evidence === undefined
      ? kept.map((proposal) => ({ proposal, evidence: proposal.evidence }))
      : findQuotes(asked.evidence, texts).flatMap(({ chunk, evidence }) => {
          const proposal = kept.find(({ chunkId }) => chunkId === chunk.id)
          return proposal === undefined ? [] : [{ proposal, evidence }]
        })
  const proposals = chosen.map(({ proposal, evidence }) =>
    revise(proposal, {
      subject: proposedEnd(subject, proposal.documentId),
      type,
      object: proposedEnd(object, proposal.documentId),
      evidence,
      revises: replaced,
      reviewer: options.reviewer,
      properties: asked,
    }),
  )
  const [first] = proposals
  if (first === undefined)
    throw new RefusedError('no-text', `no text that is there speaks of link ${link.id}`, {
      hint: "A link whose sources are gone can only be rejected. 'whygraph review add' adds what is true.",
    })
  const { id: linkId, subjectId, objectId } = endsOf(first)
  if (subjectId === objectId)
    throw new RefusedError('self-link', `${subject.name} would be both ends of the link`, {
      hint: 'Give another subject or object.',
    })
  if (linkId === link.id && asked.evidence === undefined && !setsAny(asked))
    throw new RefusedError('nothing-to-fix', nothingIn(asked, type, schema), {
      hint: `To say that it is right: 'whygraph review accept ${link.id}'.`,
    })
  const rules =
    said[0] === undefined || asked.isRule !== true ? [] : rulesOfFix(base[0] ?? said[0].proposal, fixed, asked)
  const drafts = await draftsOf(store, link, linkId, { proposals, rules }, options)
  const notes = [...(await newTypeNotes(store, type, schema)), ...undatedNotes(asked, proposals)]
  return { original: link, linkId, proposals, drafts, rules, notes }
}

function nothingIn({ flip }: FixAsked, type: string, schema: Schema): string {
  if (flip === true && isSymmetric(type, schema)) return `${type} has no direction: it is the same the other way round`
  return 'that is what the link says already'
}

/** The reject of the original comes first, so that an undo of the last decision takes the accept. */
async function draftsOf(
  store: Store,
  link: StoredLink,
  linkId: string,
  { proposals, rules }: Pick<Revision, 'proposals'> & { readonly rules: readonly ReadingRule[] },
  { reviewer, reason, note, requestId = randomUUID(), expectedRev }: DecideOptions,
): Promise<DecisionDraft[]> {
  const batch = ulid()
  const says = proposals.map(({ id }) => id)
  const words = note === undefined ? {} : { note }
  const confirmed = rules.length === 0 ? {} : { rules: JSON.stringify(rules) }
  const seen = expectedRev ?? link.rev
  const accept = {
    requestId,
    verdict: 'accept',
    reviewer,
    batch,
    says,
    reason: reason ?? 'fixed',
    ...confirmed,
    ...words,
  } as const
  if (linkId === link.id) return [{ ...accept, linkId, expectedRev: seen }]
  const standing = await store.standingLink(linkId)
  const target = standing?.id ?? linkId
  const rejected = { requestId: `${requestId} original`, verdict: 'reject', reviewer, batch, reason: 'fixed' } as const
  return [
    { ...rejected, linkId: link.id, revision: target, expectedRev: seen, ...words },
    { ...accept, linkId: target, revision: link.id, ...(await asSeen(store, target, standing)) },
  ]
}

/** Of what a link a decision is, as it was looked at: its revision, or that there was none yet. */
export async function asSeen(
  store: Store,
  linkId: string,
  link: StoredLink | null,
  expectedRev: number | undefined = link?.rev,
): Promise<Pick<DecisionDraft, 'expectedRev' | 'isNew'>> {
  if (expectedRev !== undefined) return { expectedRev }
  return (await store.decisionsAbout(linkId)).length === 0 ? { isNew: true } : {}
}

/** The link that stands for the one that is named. @throws RefusedError where such links are not fixed */
async function findToFix(store: Store, id: string): Promise<LinkView> {
  const { id: found } = await findRecord(store, id, ['Link'])
  const view = await viewLink(store, (await store.standingLink(found))?.id ?? found)
  const { link } = view
  if (endKind(link) === 'Entity' && link.type !== SAME_AS) return view
  const [what, hint] =
    link.type === SAME_AS
      ? ['says whether two names are one thing', "'whygraph review entity merge' and 'split' say otherwise."]
      : link.type === LABELLED
        ? ['says what a document is about', 'It can be accepted or rejected.']
        : link.mapsFrom === null
          ? ['is between links', 'It can be accepted or rejected.']
          : ['says what columns of a table mean', 'It can be rejected; another reply may propose another mapping.']
  throw new RefusedError('not-to-fix', `link ${link.id} ${what}, which cannot be fixed`, { hint })
}

/** Ends and type of a link as it stands, by its own ids. */
function ownEnds({ link, proposals, ...standing }: LinkView): { subject: End; type: string; object: End } {
  const { subjectId, objectId, type } = link
  const own = proposals.find(({ linkId }) => linkId === link.id)?.proposal
  const [from, to] = [own?.subject, own?.object]
  return {
    subject: { id: subjectId, name: from?.name ?? link.subject, type: from?.type ?? standing.subject?.type ?? '' },
    type,
    object: { id: objectId, name: to?.name ?? link.object, type: to?.type ?? standing.object?.type ?? '' },
  }
}

async function endsAsked(
  store: Store,
  { subject: from, type: before, object: to }: ReturnType<typeof ownEnds>,
  asked: FixAsked,
  schema: Schema,
): Promise<FixedEnds> {
  const [subject, object] = asked.flip === true ? [to, from] : [from, to]
  const ends = {
    subject: asked.subject === undefined ? subject : await findEnd(store, asked.subject),
    object: asked.object === undefined ? object : await findEnd(store, asked.object),
  }
  return typed(ends, asked.type ?? before, schema)
}

/**
 * Ends and type as the schema has them: of a link that is named from its other end, turned round; of one without direction,
 * the lesser name first. `turnedFrom`: the name from the other end.
 */
export function typed(ends: { subject: End; object: End }, named: string, schema: Schema): FixedEnds {
  const { name: type, turned } = checkType(named, { subject: ends.subject.type, object: ends.object.type }, schema)
  const [subject, object] = turned ? [ends.object, ends.subject] : [ends.subject, ends.object]
  const turns = isSymmetric(type, schema) && normaliseName(object.name) < normaliseName(subject.name)
  if (turns) return { subject: object, type, object: subject }
  return { subject, type, object, ...(turned ? { turnedFrom: named } : {}) }
}

async function textsOf(store: Store, proposals: readonly Proposal[]): Promise<Text[]> {
  const texts = await Promise.all(
    [...new Set(proposals.map(({ chunkId }) => chunkId))].map(async (id) => {
      const chunk = await store.chunk(id)
      const document = chunk === null ? null : await store.document(chunk.documentId)
      return chunk === null || document === null ? [] : [{ chunk, document }]
    }),
  )
  return texts.flat()
}

interface Revised extends Pick<Proposal, 'subject' | 'type' | 'object'> {
  readonly evidence: readonly Evidence[]
  readonly revises: readonly string[]
  readonly reviewer: string
  readonly properties: PropertiesSet
}

/** A person's word in the place of a proposal, with its steps, and whose they are. */
function revise(proposal: Proposal, { reviewer, properties, ...said }: Revised): Proposal {
  const {
    judgedFor: _,
    judgedWith: __,
    compared: ___,
    joins: ____,
    retires: _____,
    purpose: ______,
    ...told
  } = proposal
  const { ruledBy: _______, ...own } = told
  // What they set before, they said themselves.
  const sure = own.engine === PERSON ? { confidence: own.statedConfidence } : {}
  return personsWord({ ...withProperties(own, { ...sure, ...properties }), ...said }, reviewer)
}

type Made = 'id' | 'confidence' | 'replyId' | 'index' | 'polarity' | 'engine' | 'model' | 'held' | 'notes'

/** What a person says of a text, as sure as they are, asserted and not doubted; its id is made of all that it says. */
export function personsWord(proposal: Omit<Proposal, Made>, reviewer: string): Proposal {
  const isQuoted = proposal.evidence.every(({ grounding }) => grounding !== 'missing')
  const said = {
    ...proposal,
    replyId: null,
    index: 0,
    polarity: 'asserted',
    confidence: capConfidence(proposal.statedConfidence, isQuoted),
    engine: PERSON,
    model: reviewer,
    held: false,
    doubts: [],
    notes: [],
  } as const
  return { ...said, id: ownProposalId(said) }
}
