import { spellEntityType, spellLinkType } from '../extract/conform.ts'
import { parseAnswer } from '../extract/parse.ts'
import { ENTITY_TYPE, LINK_TYPE } from '../model/schema.ts'
import { LINK_STEPS, MAPPING_ENGINE, type Reply } from '../model/reply.ts'

/** What a reply named, in types of its own words, spelt as a schema would have them. */
export interface Said {
  readonly entities: readonly SaidEntity[]
  readonly links: readonly SaidLink[]
}

export interface SaidEntity {
  readonly name: string
  readonly type: string
  /** The first unit that mentions it; null where it names none. */
  readonly s: number | null
}

export interface SaidLink {
  readonly subject: SaidEntity
  readonly type: string
  readonly object: SaidEntity
  /** The model's copy of its first quote, and the unit that it names. */
  readonly quote: string
  readonly s: number
  readonly polarity: 'asserted' | 'negated' | 'hedged'
}

/** Whether a reply names links of a chunk: one about two names, about a trace or about links that were named does not. */
export function tellsLinks({ purpose, step, engine }: Pick<Reply, 'purpose' | 'step' | 'engine'>): boolean {
  return (
    (purpose === undefined || (purpose === 'step' && step !== undefined && LINK_STEPS.has(step.name))) &&
    engine !== MAPPING_ENGINE
  )
}

/** What a reply says; what cannot be written as a type is left out, as it is when the reply is taken. */
export function saidIn(content: string, unitCount = Number.MAX_SAFE_INTEGER): Said {
  const { answer } = parseAnswer(content, unitCount)
  const entities = new Map(
    answer.entities.flatMap(({ id, name, type, mentions }): [string, SaidEntity][] => {
      const spelled = spellEntityType(type)
      return ENTITY_TYPE.test(spelled) ? [[id, { name, type: spelled, s: mentions[0] ?? null }]] : []
    }),
  )
  const links = answer.links.flatMap((link): SaidLink[] => {
    const [subject, object] = [entities.get(link.subject), entities.get(link.object)]
    const type = spellLinkType(link.type)
    const [first] = link.evidence
    if (subject === undefined || object === undefined || first === undefined || !LINK_TYPE.test(type)) return []
    return [{ subject, type, object, quote: first.quote, s: first.s, polarity: link.polarity }]
  })
  return { entities: [...entities.values()], links }
}
