import { dirname } from 'node:path/posix'
import type { UnitKind } from './document.ts'
import { normaliseName } from './entity.ts'
import type { Proposal } from './proposal.ts'

/** What links may have in common, beside their type, of which a person rejected one as one of many. */
export const ALIKE = ['subject', 'object', 'ends', 'model', 'document', 'folder', 'place'] as const
export type Alike = (typeof ALIKE)[number]

/**
 * A pattern that a person rejected: what is said of such links from then on is held until a person accepts it. Of each
 * list that is there, a link has one; of places, all that it quotes. Absent: it may be any.
 */
export interface RejectionRule {
  readonly kind: 'rejection'
  readonly type: string
  readonly subject?: readonly Thing[]
  readonly object?: readonly Thing[]
  /** Types of subject and object. */
  readonly ends?: readonly (readonly [string, string])[]
  readonly model?: readonly string[]
  /** Ids of documents. */
  readonly document?: readonly string[]
  /** Paths of folders; what lies further below is not meant. */
  readonly folder?: readonly string[]
  /** What is quoted: rows of a table, utterances, sentences … */
  readonly place?: readonly UnitKind[]
}

/** What is called so; in one document only, where the name means somebody in there. */
interface Thing {
  readonly name: string
  readonly type: string
  readonly documentId?: string
}

/** A proposal as far as such a rule looks at it, with its document's path and the kinds of unit that it quotes. */
export interface SaidWhere {
  readonly proposal: Pick<Proposal, 'type' | 'subject' | 'object' | 'model' | 'documentId'>
  readonly path: string
  readonly quoted: readonly UnitKind[]
}

/** Whether what is said is of the pattern. */
export function isRejected({ proposal, path, quoted }: SaidWhere, rule: RejectionRule): boolean {
  const { documentId, model } = proposal
  const isThing = ({ name, type }: Proposal['subject'], things: readonly Thing[]): boolean =>
    things.some(
      (one) =>
        one.type === type &&
        normaliseName(one.name) === normaliseName(name) &&
        (one.documentId ?? documentId) === documentId,
    )
  const [from, to] = [proposal.subject, proposal.object]
  return (
    proposal.type === rule.type &&
    (rule.subject === undefined || isThing(from, rule.subject)) &&
    (rule.object === undefined || isThing(to, rule.object)) &&
    (rule.ends?.some(([one, other]) => one === from.type && other === to.type) ?? true) &&
    (rule.model?.includes(model) ?? true) &&
    (rule.document?.includes(documentId) ?? true) &&
    (rule.folder?.includes(dirname(path)) ?? true) &&
    (rule.place === undefined || (quoted.length > 0 && quoted.every((kind) => rule.place?.includes(kind))))
  )
}

/** `links of type OWNS from a Person to a Team, in rows are held`: what it says, in words. */
export function describeRejection(rule: RejectionRule): string {
  const list = (words: readonly string[] | undefined, before: string): string[] =>
    words === undefined ? [] : [`${before}${words.join(' or ')}`]
  const things = (some: readonly Thing[] | undefined): string[] | undefined =>
    some?.map(({ name, type, documentId }) => {
      const where = documentId === undefined ? '' : ` in document ${documentId.slice(0, 8)}`
      return `“${name}” (${type}${where})`
    })
  const alike = [
    ...list(things(rule.subject), 'from '),
    ...list(things(rule.object), 'to '),
    ...list(
      rule.ends?.map(([from, to]) => `${from} to ${to}`),
      'from ',
    ),
    ...list(rule.model, 'said by '),
    ...list(
      rule.document?.map((id) => id.slice(0, 8)),
      'in document ',
    ),
    ...list(rule.folder, 'in folder '),
    ...list(
      rule.place?.map((kind) => `a ${kind}`),
      'quoting ',
    ),
  ]
  return `links of type ${rule.type}${alike.length === 0 ? '' : ` ${alike.join(', ')}`} are held until a person accepts them`
}
