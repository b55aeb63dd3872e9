import { parseAnswer } from '../extract/parse.ts'
import { conformEntity, spellLinkType } from '../extract/conform.ts'
import type { Answer, AnswerEntity } from '../model/answer.ts'
import type { Proposal, ProposedEntity } from '../model/proposal.ts'
import { findLinkType, type Schema } from '../model/schema.ts'
import { contractAnswer, type ContractAnswer } from './formats.ts'
import type { Lesson } from './left-out.ts'
import { mayBePlanted, type Stand } from './stand.ts'

/** A model's answer, and what people made of it. */
export interface Corrected {
  /** As the model gave it, in the same spelling as the other, so that they differ in what they say only. */
  readonly given: string
  readonly corrected: string
  /** People took something away, or put something there. */
  readonly changed: boolean
}

/** What is known of a reply's links. */
export interface Checked {
  readonly proposals: readonly Proposal[]
  readonly standOf: (proposal: Proposal) => Stand
  /** What people said of the same chunk themselves, and hold to. */
  readonly added: readonly Proposal[]
}

const MOST_REJECTED = 5
const REJECTED = 'a reviewer rejected it'

/**
 * An answer without the links that were rejected, which stand among those decided against, and with those that people put
 * there; what was refused when it was read is left out. What the source denies or hedges stays as the model told it, unless
 * somebody accepted it, which then says more than the source. Types are the schema's, quotes the source's own.
 */
export function correct(content: string, unitCount: number, checked: Checked, schema: Schema): Lesson<Corrected> {
  const { answer } = parseAnswer(content, unitCount)
  const byIndex = new Map(checked.proposals.map((proposal) => [proposal.index, proposal]))
  const entities = new Map(answer.entities.flatMap((entity) => conformed(entity, schema)))
  const links: Answer['links'][number][] = []
  const rejected: Answer['rejected'][number][] = []
  for (const link of answer.links) {
    const proposal = byIndex.get(link.index)
    if (proposal === undefined) continue
    if (mayBePlanted(proposal)) return { leftOut: 'planted' }
    const stand = checked.standOf(proposal)
    if ('leftOut' in stand) return stand
    const isAsserted = proposal.polarity === 'asserted'
    if (!isAsserted && stand.verdict === 'accept') return { leftOut: 'not-asserted' }
    if (isAsserted && stand.verdict === 'reject') {
      const { subject, type, object } = proposal
      rejected.push({ subject: subject.name, type, object: object.name, reason: stand.reason ?? REJECTED })
      continue
    }
    const evidence = quotesOf(proposal)
    if (evidence.length === 0) return { leftOut: 'missing-quote' }
    const ends = findLinkType(schema, spellLinkType(link.type))?.turned
      ? { subject: link.object, object: link.subject }
      : {}
    links.push({ ...link, ...ends, type: proposal.type, evidence })
  }
  for (const proposal of checked.added) {
    const [subject, object] = [
      entityFor(proposal.subject, proposal, entities),
      entityFor(proposal.object, proposal, entities),
    ]
    const { type, support, polarity, when, why, confidence } = proposal
    const evidence = quotesOf(proposal)
    if (evidence.length === 0) return { leftOut: 'missing-quote' }
    links.push({ index: -1, subject, type, object, evidence, support, polarity, when, why, confidence })
  }
  const corrected = inForm({
    ...answer,
    entities: [...entities.values()],
    links,
    rejected: [...rejected, ...answer.rejected].slice(0, MOST_REJECTED),
  })
  const checkedForm = contractAnswer.safeParse(corrected)
  if (!checkedForm.success) return { leftOut: 'off-contract' }
  const changed = rejected.length > 0 || checked.added.length > 0
  return { lesson: { given: JSON.stringify(inForm(answer)), corrected: JSON.stringify(checkedForm.data), changed } }
}

function conformed(entity: AnswerEntity, schema: Schema): [string, AnswerEntity][] {
  const usable = conformEntity(entity, schema)
  return usable === null ? [] : [[entity.id, usable]]
}

function quotesOf({ evidence }: Proposal): { s: number; quote: string }[] {
  return evidence.filter(({ grounding }) => grounding !== 'missing').map(({ s, quote }) => ({ s, quote }))
}

/** Id of the entity that a person named; one that the model did not name is added. */
function entityFor(
  { name, type, aliases }: ProposedEntity,
  { evidence }: Proposal,
  entities: Map<string, AnswerEntity>,
): string {
  const known = [...entities.values()].find((one) => one.type === type && [one.name, ...one.aliases].includes(name))
  if (known !== undefined) return known.id
  const id = `added ${entities.size}`
  entities.set(id, { id, name, type, aliases, mentions: [...new Set(evidence.map(({ s }) => s))] })
  return id
}

/** Keys and ids as the contract has them, in its order. */
function inForm({ summary, labels, entities, links, rejected }: Answer): ContractAnswer {
  const ids = new Map(entities.map(({ id }, index) => [id, `e${index + 1}`]))
  const idOf = (id: string): string => ids.get(id) ?? id
  return {
    summary,
    labels: labels.slice(0, 5).map(({ label, s }) => ({ label, s: [...s] })),
    entities: entities.map(({ id, name, type, aliases, mentions }) => {
      return { id: idOf(id), name, type, aliases: [...aliases], mentions: [...mentions] }
    }),
    links: links.map(({ subject, type, object, evidence, support, polarity, when, why, confidence }) => {
      const ends = { subject: idOf(subject), type, object: idOf(object) }
      return { ...ends, evidence: [...evidence], support, polarity, when, why, confidence }
    }),
    rejected: [...rejected],
  }
}
