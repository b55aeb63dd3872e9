import type { End, LinkRule } from '../rule.ts'

const PERSON: End = { kinds: ['Person'] }
const BODY: End = { kinds: ['Organization', 'Project'] }
const LED: End = { kinds: ['Organization', 'Project'], assume: 'Project' }
const ORGANIZATION: End = { kinds: ['Organization'] }
const EMPLOYER: End = { kinds: ['Organization'], assume: 'Organization' }

const LEADER = '(?:co-?)?(?:chair(?:man|woman|person)?|head|leader?|president|director|executive director)'
const JOB =
  '(?:ceo|cto|coo|cfo|(?:co-)?chair(?:man|woman|person)?|president|executive director|director|head|lead|manager|' +
  'engineer|software engineer|developer|core developer|researcher|analyst|consultant|architect|maintainer|advocate|' +
  'developer operations engineer|(?:product|project|program|community|delivery) manager)'

/** Who leads, works for, reports to and speaks for whom. */
export const PEOPLE_RULES: readonly LinkRule[] = [
  {
    name: 'leads',
    says: 'a person leads, heads, chairs or runs a body',
    type: 'LEADS',
    trigger: '(?:leads|leading|led|heads|heading up|headed|chairs|co-chairs|chaired|runs|manages|managed|managing)',
    direction: 'forward',
    subject: PERSON,
    object: LED,
    confidence: 0.85,
  },
  {
    name: 'headed-by',
    says: 'a body is led, headed, chaired or run by a person',
    type: 'LEADS',
    trigger: ',? ?(?:led|headed|chaired|co-chaired|run|managed|directed|headed up) by',
    direction: 'backward',
    subject: PERSON,
    object: LED,
    confidence: 0.85,
  },
  {
    name: 'is-head-of',
    says: 'a person is the head, chair, lead or director of a body',
    type: 'LEADS',
    trigger: `,? ?(?:the |a |our |its )?(?:current |new |acting |technical |tech )?${LEADER} (?:of|for)`,
    direction: 'forward',
    subject: PERSON,
    object: BODY,
    confidence: 0.85,
  },
  {
    name: 'head-is',
    says: "a body's head, chair or lead is a person",
    type: 'LEADS',
    trigger: `'s (?:current |new |acting |technical )?${LEADER}(?:,| is)?`,
    direction: 'backward',
    subject: PERSON,
    object: BODY,
    confidence: 0.8,
  },
  {
    name: 'becomes-head-of',
    says: 'a person takes over or takes the lead of a body',
    type: 'LEADS',
    trigger: '(?:takes? over|took over|taking over|takes the lead of|stepped in to lead)',
    direction: 'forward',
    subject: PERSON,
    object: BODY,
    confidence: 0.75,
  },
  {
    name: 'works-for',
    says: 'a person works for, at or with a body, or is employed by it',
    type: 'WORKS_FOR',
    trigger: '(?:works? (?:for|at)|working (?:for|at)|worked (?:for|at)|employed (?:by|at)|joined|joins)',
    direction: 'forward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.85,
  },
  {
    name: 'person-from',
    says: 'a person introduced as being from or with an organization',
    type: 'WORKS_FOR',
    trigger: '(?:here )?from|, (?:from|with|of)|(?:here )?with',
    direction: 'forward',
    subject: PERSON,
    object: ORGANIZATION,
    confidence: 0.7,
  },
  {
    name: 'job-at',
    says: 'a person is an engineer, manager, director … at an organization',
    type: 'WORKS_FOR',
    trigger: `,? ?(?:the |an? |our )?(?:\\w+ )?${JOB} (?:at|with|from)`,
    direction: 'forward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.85,
  },
  {
    name: 'organization-job-person',
    says: 'an organization, a job and a name in a row: "Geth developer Felix Lange"',
    type: 'WORKS_FOR',
    trigger: `(?:'s )?(?:senior |lead |core |protocol )?${JOB},?`,
    direction: 'backward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.7,
  },
  {
    name: 'reports-to',
    says: 'a person reports to another',
    type: 'REPORTS_TO',
    trigger: '(?:reports|reporting|report|reported) to',
    direction: 'forward',
    subject: PERSON,
    object: PERSON,
    confidence: 0.85,
  },
  {
    name: 'member-of',
    says: 'a person is a member of, serves on or represents a body',
    type: 'MEMBER_OF',
    trigger:
      '(?:a |an |the )?(?:\\w+ )?(?:members? of|serves? on|sits on|served on|elected to|appointed to|joined the board of)',
    direction: 'forward',
    subject: PERSON,
    object: ORGANIZATION,
    confidence: 0.8,
  },
  {
    name: 'sponsors',
    says: 'somebody sponsors a project, event or body',
    type: 'SPONSORS',
    trigger: '(?:sponsors|sponsored|sponsoring|funds|funded|(?:the )?(?:executive )?sponsor (?:of|for))',
    direction: 'forward',
    subject: { kinds: ['Person', 'Organization'] },
    object: { kinds: ['Project', 'Event', 'Organization'], assume: 'Project' },
    confidence: 0.8,
  },
  {
    name: 'sponsored-by',
    says: 'something is sponsored or funded by somebody',
    type: 'SPONSORS',
    trigger: ',? ?(?:sponsored|funded) by',
    direction: 'backward',
    subject: { kinds: ['Person', 'Organization'], assume: 'Organization' },
    object: { kinds: ['Project', 'Event', 'Organization'], assume: 'Project' },
    confidence: 0.8,
  },
  {
    name: 'replaces-person',
    says: 'a person takes over from, succeeds or replaces another',
    type: 'SUCCEEDS',
    trigger:
      '(?:takes over from|took over from|takes over for|succeeds|succeeded|replaces|replaced|takes on the role of)',
    direction: 'forward',
    subject: PERSON,
    object: PERSON,
    confidence: 0.75,
  },
]
