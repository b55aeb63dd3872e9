/**
 * Words for the same thing, as schemas and models choose them: of entity types by that of general use, best first; of link
 * types those that say the same, and those that say it from the other end. Near, not equal: whoever takes one for the other says so.
 */
export const ENTITY_WORDS = {
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
} as const satisfies Readonly<Record<string, readonly string[]>>

export interface Naming {
  readonly same: readonly string[]
  /** Names of the link as it is told the other way round. */
  readonly inverse: readonly string[]
}

export const LINK_WORDS: Readonly<Record<string, Naming>> = {
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

/** Of these, such as one writer uses for one thing, for the sake of variety. */
export const SYNONYMS: Readonly<Record<'entities' | 'links', readonly (readonly string[])[]>> = {
  entities: [
    ['Person', 'Human', 'Individual', 'People'],
    ['Organization', 'Organisation'],
    ['Project', 'Program', 'Programme', 'Initiative'],
    ['Place', 'Location', 'Site'],
    ['Task', 'ActionItem', 'Todo', 'WorkItem'],
    ['Contract', 'Agreement'],
    ['Policy', 'Rule', 'Regulation'],
    ['Concept', 'Idea', 'Topic'],
  ],
  links: [
    ['LEADS', 'HEADS', 'IN_CHARGE_OF'],
    ['WORKS_FOR', 'WORKS_AT', 'EMPLOYED_BY'],
    ['ACQUIRED', 'BOUGHT', 'PURCHASED'],
    ['DEPENDS_ON', 'RELIES_ON'],
    ['REQUIRES', 'NEEDS'],
    ['LOCATED_IN', 'BASED_IN'],
    ['PARTNERS_WITH', 'COLLABORATES_WITH', 'PARTNER_OF'],
    ['STUDIED_AT', 'EDUCATED_AT', 'GRADUATED_FROM'],
    ['ATTENDED', 'PARTICIPATED_IN', 'PRESENT_AT'],
    ['SUPPLIES', 'PROVIDES'],
    ['PART_OF', 'COMPONENT_OF'],
    ['CREATED', 'AUTHORED', 'WROTE'],
    ['PROPOSED', 'SUGGESTED'],
    ['SUPPORTS', 'ENDORSES'],
    ['LEFT', 'DEPARTED_FROM', 'RESIGNED_FROM'],
  ],
}
