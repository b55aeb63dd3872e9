import type { LinkType, Schema } from '../../model/schema.ts'
import type { Kind } from './rule.ts'

/** Other words for the rules' kinds, best first, as schemas may call them. The last resort is `Concept`. */
const KIND_SYNONYMS: Record<Kind, readonly string[]> = {
  Person: ['Human', 'Individual', 'Employee', 'People'],
  Organization: ['Organisation', 'Company', 'Team', 'Department', 'Group', 'Institution', 'Committee', 'Body'],
  Project: ['Program', 'Programme', 'Initiative', 'Undertaking'],
  System: ['Software', 'Product', 'Technology', 'Tool', 'Service', 'Application', 'Component'],
  Place: ['Location', 'City', 'Country', 'Site'],
  Event: ['Meeting', 'Occasion'],
  Decision: ['Resolution', 'Ruling', 'Motion'],
  Task: ['ActionItem', 'Action', 'Todo', 'WorkItem'],
  Role: ['Position', 'JobTitle', 'Function'],
  Policy: ['Rule', 'Regulation', 'Guideline', 'Document'],
  Contract: ['Agreement', 'Order', 'Document'],
  Concept: ['Topic', 'Idea', 'Term', 'Document', 'Specification', 'Proposal'],
}
const TO_CONCEPT: ReadonlySet<Kind> = new Set(['Role', 'Policy', 'Contract'])

interface Naming {
  readonly same: readonly string[]
  /** Names under which a schema may hold the link the other way round. */
  readonly inverse: readonly string[]
}

/** Other words for the rules' link types. */
const LINK_SYNONYMS: Record<string, Naming> = {
  LEADS: {
    same: ['HEADS', 'RUNS', 'MANAGES', 'CHAIRS', 'DIRECTS', 'IN_CHARGE_OF'],
    inverse: ['LED_BY', 'HEADED_BY', 'MANAGED_BY_PERSON'],
  },
  WORKS_FOR: { same: ['WORKS_AT', 'EMPLOYED_BY', 'AFFILIATED_WITH', 'BELONGS_TO'], inverse: ['EMPLOYS'] },
  MEMBER_OF: { same: ['IS_MEMBER_OF', 'SERVES_ON'], inverse: ['HAS_MEMBER'] },
  HAS_ROLE: { same: ['HOLDS_ROLE', 'ROLE'], inverse: ['ROLE_OF', 'HELD_BY'] },
  REPORTS_TO: { same: ['MANAGED_BY', 'SUBORDINATE_OF'], inverse: ['SUPERVISES', 'MANAGER_OF'] },
  SUCCEEDS: { same: ['TAKES_OVER_FROM'], inverse: ['SUCCEEDED_BY'] },
  SPONSORS: { same: ['SPONSOR_OF', 'BACKS', 'FUNDS'], inverse: ['SPONSORED_BY', 'FUNDED_BY'] },
  OWNS: { same: ['OWNER_OF', 'RESPONSIBLE_FOR', 'MAINTAINS'], inverse: ['OWNED_BY', 'MAINTAINED_BY'] },
  REPLACES: { same: ['SUPERSEDES', 'MIGRATED_FROM'], inverse: ['REPLACED_BY', 'SUPERSEDED_BY'] },
  DEPENDS_ON: { same: ['NEEDS', 'REQUIRES', 'BLOCKED_BY', 'RELIES_ON'], inverse: ['REQUIRED_BY', 'BLOCKS'] },
  USES: { same: ['BUILT_WITH', 'RUNS_ON'], inverse: ['USED_BY'] },
  IMPLEMENTS: { same: ['REALISES', 'REALIZES'], inverse: ['IMPLEMENTED_BY'] },
  SUPPLIES: { same: ['PROVIDES', 'VENDOR_OF', 'DELIVERS'], inverse: ['SUPPLIED_BY', 'PROVIDED_BY'] },
  PART_OF: { same: ['COMPONENT_OF', 'BELONGS_TO'], inverse: ['HAS_PART', 'CONTAINS'] },
  GOVERNS: { same: ['OVERSEES'], inverse: ['OVERSEEN_BY'] },
  GOVERNED_BY: { same: ['SUBJECT_TO', 'BOUND_BY', 'FOLLOWS'], inverse: [] },
  IN_DISPUTE_WITH: { same: ['DISPUTES_WITH', 'CONTESTS'], inverse: [] },
  LOCATED_IN: { same: ['BASED_IN', 'HELD_IN'], inverse: [] },
  CREATED: { same: ['FOUNDED', 'AUTHORED', 'WROTE'], inverse: ['CREATED_BY', 'FOUNDED_BY', 'AUTHORED_BY'] },
  ANNOUNCED: { same: ['RELEASED', 'LAUNCHED', 'PUBLISHED'], inverse: ['ANNOUNCED_BY', 'RELEASED_BY'] },
  DECIDED: { same: ['RESOLVED', 'TOOK_DECISION'], inverse: ['DECIDED_BY'] },
  APPROVED: { same: ['RATIFIED', 'DECIDED'], inverse: ['APPROVED_BY'] },
  PROPOSED: { same: ['SUGGESTED', 'RECOMMENDED'], inverse: ['PROPOSED_BY'] },
  SUPPORTS: { same: ['ENDORSES', 'IN_FAVOUR_OF'], inverse: ['SUPPORTED_BY'] },
  OPPOSES: { same: ['OBJECTS_TO', 'AGAINST'], inverse: ['OPPOSED_BY'] },
  ASSIGNED_TO: { same: ['ACTION_ON', 'TASK_OF'], inverse: ['ASSIGNED', 'HAS_TASK', 'HAS_ACTION'] },
  ATTENDED: { same: ['PARTICIPATED_IN', 'PRESENT_AT', 'ATTENDS'], inverse: ['ATTENDED_BY', 'HAS_ATTENDEE'] },
  FACILITATED: { same: ['MODERATED', 'CHAIRED', 'HOSTED'], inverse: ['FACILITATED_BY'] },
  TOOK_NOTES_OF: { same: ['MINUTED'], inverse: [] },
  ACQUIRED: { same: ['BOUGHT', 'PURCHASED', 'TOOK_OVER'], inverse: ['ACQUIRED_BY', 'BOUGHT_BY'] },
  MERGED_WITH: { same: ['MERGED_INTO'], inverse: [] },
  PARTNERS_WITH: { same: ['PARTNERED_WITH', 'PARTNER_OF', 'COLLABORATES_WITH', 'WORKS_WITH'], inverse: [] },
  LEFT: { same: ['RESIGNED_FROM', 'DEPARTED_FROM'], inverse: [] },
  STUDIED_AT: { same: ['ATTENDED_SCHOOL', 'EDUCATED_AT', 'GRADUATED_FROM', 'ALUMNUS_OF'], inverse: ['EDUCATED'] },
  CAPITAL_OF: { same: [], inverse: ['HAS_CAPITAL'] },
  PUBLISHED: { same: ['RELEASED', 'ISSUED'], inverse: ['PUBLISHED_BY'] },
  DISCOVERED: { same: ['FOUND'], inverse: ['DISCOVERED_BY'] },
  RAISED: { same: ['BROUGHT_UP', 'PRESENTED'], inverse: ['RAISED_BY'] },
}

/** How a rule's link is called under a schema; `swapped` where the schema has it the other way round. */
export interface Named {
  readonly type: string
  readonly subject: string
  readonly object: string
  readonly swapped: boolean
}

export interface Vocabulary {
  /** Null where the schema has no place for such a link between such things. */
  name(type: string, subject: Kind, object: Kind): Named | null
}

export function readVocabulary(schema: Schema): Vocabulary {
  const kinds = new Map<Kind, string | null>()
  const kindOf = (kind: Kind): string | null => {
    let found = kinds.get(kind)
    if (found === undefined) {
      found = findKind(schema, kind)
      kinds.set(kind, found)
    }
    return found
  }
  return {
    name(type, subject, object) {
      const from = kindOf(subject)
      const to = kindOf(object)
      if (from === null || to === null) return null
      const naming = LINK_SYNONYMS[type] ?? { same: [], inverse: [] }
      const straight = findLink(schema, [type, ...naming.same])
      if (straight !== null)
        return fits(straight, from, to) ? { type: straight.name, subject: from, object: to, swapped: false } : null
      const inverse = findLink(schema, naming.inverse)
      if (inverse !== null)
        return fits(inverse, to, from) ? { type: inverse.name, subject: to, object: from, swapped: true } : null
      return schema.open ? { type, subject: from, object: to, swapped: false } : null
    },
  }
}

function findKind(schema: Schema, kind: Kind): string | null {
  if (schema.entityTypes.length === 0) return kind
  const names = schema.entityTypes.map((type) => type.name)
  if (names.includes(kind)) return kind
  for (const synonym of KIND_SYNONYMS[kind]) {
    const found = schema.entityTypes.find((type) => type.name === synonym || type.aliases.includes(synonym))
    if (found !== undefined) return found.name
  }
  const aliased = schema.entityTypes.find((type) => type.aliases.includes(kind))
  if (aliased !== undefined) return aliased.name
  return TO_CONCEPT.has(kind) && names.includes('Concept') ? 'Concept' : null
}

/** By its own name first, then by the aliases that the schema gives, in the order of the candidates. */
function findLink(schema: Schema, candidates: readonly string[]): LinkType | null {
  for (const candidate of candidates) {
    const found =
      schema.linkTypes.find((type) => type.name === candidate) ??
      schema.linkTypes.find((type) => type.aliases.includes(candidate))
    if (found !== undefined) return found
  }
  return null
}

function fits(type: LinkType, from: string, to: string): boolean {
  const straight = (type.from?.includes(from) ?? true) && (type.to?.includes(to) ?? true)
  return straight || (type.symmetric && (type.from?.includes(to) ?? true) && (type.to?.includes(from) ?? true))
}
