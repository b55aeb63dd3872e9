import { dirname } from 'node:path/posix'
import { isLoneName } from '../model/entity.ts'
import { RefusedError, UsageError } from '../model/errors.ts'
import { LABELLED } from '../model/label.ts'
import { DISPLAYED_AS, endKind, SAME_AS } from '../model/link.ts'
import { PERSON, type Proposal, type ProposedEntity } from '../model/proposal.ts'
import { ALIKE, type Alike, type RejectionRule } from '../model/rejection-rule.ts'
import { MAPPING_ENGINE } from '../model/reply.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findToDecide } from './decide.ts'
import { viewLink, type LinkView } from './view-link.ts'

/** As what links have in common when it is nothing but their type. */
const TYPE_ONLY = 'type'

/**
 * Reads what a rejected link has in common with those that are rejected with it: `ends,folder`.
 * @throws UsageError that names the word that is none
 */
export function parseAlike(text: string): readonly Alike[] {
  const words = text.split(',').map((word) => word.trim())
  return words.flatMap((word) => {
    const known = ALIKE.find((one) => one === word)
    if (known !== undefined) return known
    if (word === TYPE_ONLY) return []
    throw new UsageError('bad-rule', `--rule: '${word}' is nothing that links have in common`, {
      hint: `It is one or more of ${[TYPE_ONLY, ...ALIKE].join(', ')}, joined by commas.`,
    })
  })
}

/**
 * The pattern of which a link is one, by what speaks for it: links of its type that have in common with it what is named.
 * Reads and writes nothing.
 * @throws RefusedError where such links are not said by replies, or nothing is said of this one
 */
export async function ruleOfRejection(store: Store, id: string, alike: readonly Alike[]): Promise<RejectionRule> {
  const { link } = await findToDecide(store, id)
  const view = await viewLink(store, link.id)
  const said = view.proposals
    .filter(({ live, proposal }) => live && proposal.polarity === 'asserted' && proposal.engine !== PERSON)
    .map(({ proposal }) => proposal)
  checkRulable(view, said)
  const paths = alike.includes('folder') ? await pathsOf(store, said) : []
  const rule: { -readonly [name in keyof RejectionRule]: RejectionRule[name] } = { kind: 'rejection', type: link.type }
  for (const one of alike) {
    if (one === 'subject') rule.subject = distinct(said.map((proposal) => thingOf(proposal, proposal.subject)))
    else if (one === 'object') rule.object = distinct(said.map((proposal) => thingOf(proposal, proposal.object)))
    else if (one === 'ends')
      rule.ends = distinct(said.map(({ subject, object }) => [subject.type, object.type] as const))
    else if (one === 'model') rule.model = distinct(said.map(({ model }) => model))
    else if (one === 'document') rule.document = distinct(said.map(({ documentId }) => documentId))
    else if (one === 'folder') rule.folder = distinct(paths.map((path) => dirname(path)))
    else rule.place = placesOf(view, said)
  }
  return rule
}

/** Told at the desk too, where nobody knows of flags and ids. */
function checkRulable({ link, proposals }: LinkView, said: readonly Proposal[]): void {
  const isPlain = endKind(link) === 'Entity' && link.type !== SAME_AS && link.type !== DISPLAYED_AS
  if (!isPlain)
    throw new RefusedError('no-rule', `only links between things are rejected as one of many, and ${kindOf(link)}`, {
      hint: ALONE,
    })
  if (said.length === 0)
    throw new RefusedError('no-rule', `${whyNobodySays(proposals)}, and a pattern is known by what says it`, {
      hint: ALONE,
    })
  if (said.some(({ engine }) => engine === MAPPING_ENGINE))
    throw new RefusedError('no-rule', "this link comes of a table's rows, by a mapping that was accepted", {
      hint: 'Reject the mapping that it comes of.',
    })
}

function whyNobodySays(proposals: LinkView['proposals']): string {
  const live = proposals.flatMap(({ live, proposal }) => (live ? [proposal] : []))
  if (live.length === 0) return 'no text that is there says this link'
  const doubted = live.filter(({ polarity }) => polarity !== 'asserted')
  if (doubted.length === 0) return 'only people say this link'
  const ways = [...new Set(doubted.map(({ polarity }) => (polarity === 'negated' ? 'deny' : 'hedge')))]
  return `its sources only ${ways.join(' or ')} this link`
}

const ALONE = 'Reject this one by itself.'

function kindOf({ type }: Pick<StoredLink, 'type'>): string {
  if (type === LABELLED) return 'this one says what a document is about'
  if (type === SAME_AS) return 'this one says that two names are one thing'
  return type === DISPLAYED_AS ? 'this one says what a thing is called' : 'this one is none'
}

function thingOf({ documentId }: Proposal, { name, type }: ProposedEntity) {
  return { name, type, ...(isLoneName(type, name) ? { documentId } : {}) }
}

async function pathsOf(store: Store, said: readonly Proposal[]): Promise<string[]> {
  const ids = [...new Set(said.map(({ documentId }) => documentId))]
  const documents = await Promise.all(ids.map((id) => store.document(id)))
  return documents.flatMap((document) => document?.path ?? [])
}

function placesOf({ chunks }: LinkView, said: readonly Proposal[]): NonNullable<RejectionRule['place']> {
  const quoted = said.flatMap(({ chunkId, evidence }) =>
    evidence.flatMap(({ grounding, s }) => {
      const unit = chunks.get(chunkId)?.units.find((one) => one.s === s)
      return grounding === 'missing' || unit === undefined ? [] : unit.kind
    }),
  )
  if (quoted.length > 0) return distinct(quoted)
  throw new RefusedError('no-rule', 'no quote of this link is in its source, so it has no place', {
    hint: 'Leave out place.',
  })
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
