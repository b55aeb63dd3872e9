import type { End, LinkRule } from '../rule.ts'

const PERSON: End = { kinds: ['Person'], fullName: 'Person' }
const BODY: End = { kinds: ['Organization', 'Project'] }
const LED: End = { kinds: ['Organization', 'Project'], assume: 'Project' }
const ORGANIZATION: End = { kinds: ['Organization'] }
const EMPLOYER: End = { kinds: ['Organization'], assume: 'Organization', trusts: true }
/** What a chief executive or president stands at the top of; of what a mere "manager of" is, nothing can be assumed. */
const HEADED: End = { kinds: ['Organization', 'Project', 'Place'], assume: 'Organization', trusts: true }

const LEADER =
  '(?:co-?)?(?:chair(?:man|woman|person)?|head|leader?|president|(?:executive |managing )?director|(?:project |product )?manager)'
const CHIEF =
  '(?:(?:co-)?founder and )?(?:ceo|chief executive(?: officer)?|managing director|chair(?:man|woman|person)?|president|' +
  'head coach|head|leader|commissioner)(?: and (?:co-)?founder)?'
const OFFICER =
  '(?:c[tfoi]o|ciso|chief \\w+ officer|(?:senior )?vice[- ]president|treasurer|secretary|general counsel|' +
  '(?:senior |principal |lead )?(?:engineer|developer|researcher|analyst|architect|scientist|designer))'
const JOB =
  '(?:ceo|cto|coo|cfo|(?:co-)?chair(?:man|woman|person)?|president|executive director|director|head|lead|manager|' +
  'engineer|software engineer|developer|core developer|researcher|analyst|consultant|architect|maintainer|advocate|' +
  'developer operations engineer|(?:product|project|program|community|delivery) manager)'

/** One word, or a country's: "president of Acme Trading" is no head of state. */
const PLACE_ALONE =
  /^(?:\p{Lu}\p{Ll}+|(?:New|North|South|East|West|Saint|San|Los|Costa|El|Sri|Sierra|Burkina|Papua New|Great|United) \p{Lu}[\p{L} ]+|.* (?:City|County|Island|Islands|Province|Republic))$/u

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
    trigger: ',? ?(?:led|headed|chaired|co-chaired|run|managed|headed up) by',
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
    name: 'is-chief-of',
    says: 'a person is the chief executive, president, chair or leader of a body or place',
    type: 'LEADS',
    trigger: `,? ?(?:who (?:is|was) )?(?:(?:served|serves|serving|elected|re-elected|appointed|named|chosen) (?:as )?)?(?:the |a |our |its )?(?:current |new |acting |\\d+\\w\\w )?${CHIEF} of`,
    direction: 'forward',
    subject: PERSON,
    object: HEADED,
    confidence: 0.8,
  },
  {
    name: 'governs-place',
    says: 'a person is the mayor, governor, prime minister or king of a place',
    type: 'LEADS',
    trigger:
      ',? ?(?:who (?:is|was) )?(?:(?:served|serves|serving|elected|re-elected|appointed|named) (?:as )?)?(?:the |an? )?(?:current |new |acting |\\d+\\w\\w |first )?(?:prime minister|mayor|governor|premier|king|queen|emperor|sultan|chancellor) of',
    direction: 'forward',
    subject: PERSON,
    object: { kinds: ['Place'], assume: 'Place', fits: PLACE_ALONE },
    confidence: 0.8,
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
    name: 'joined-body',
    says: 'somebody joined a party, club, committee, board, band or force',
    type: 'MEMBER_OF',
    trigger: '(?:joined|joins)',
    direction: 'forward',
    subject: { kinds: ['Person', 'Organization'] },
    object: {
      kinds: ['Organization'],
      assume: 'Organization',
      fits: /\b(?:party|committee|council|board|union|club|league|association|army|navy|force|guild|society|orchestra|parliament|commission|alliance|consortium|senate|federation|nato|group|academy|nations)$/iu,
    },
    confidence: 0.8,
  },
  {
    name: 'works-for',
    says: 'a person works for, at or with a body, or is employed by it',
    type: 'WORKS_FOR',
    trigger:
      '(?:works? (?:for|at)|working (?:for|at)|worked (?:for|at)|employed (?:by|at)|hired by|recruited by|joined|joins|join)',
    direction: 'forward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.85,
  },
  {
    name: 'hired',
    says: 'an organization hired or employs a person',
    type: 'WORKS_FOR',
    trigger: '(?:hired|hires|employs|recruited)',
    direction: 'backward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.8,
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
    trigger: `,? ?(?:the |an? |our )?(?:\\w+ )?${JOB}(?: of \\w+)? (?:at|with|from)`,
    direction: 'forward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.85,
  },
  {
    name: 'officer-of',
    says: 'a person is the technical director, treasurer, vice president, engineer … of an organization',
    type: 'WORKS_FOR',
    trigger: `,? ?(?:who (?:is|was) )?(?:the |an? |our |its )?(?:current |new |acting )?${OFFICER} (?:of|for)`,
    direction: 'forward',
    subject: PERSON,
    object: EMPLOYER,
    confidence: 0.8,
  },
  {
    name: 'left',
    says: 'a person left, resigned from or retired from an organization',
    type: 'LEFT',
    trigger: '(?:left|leaves|resigned from|resigns from|retired from|stepped down from|quit|departed(?: from)?)',
    direction: 'forward',
    subject: PERSON,
    object: ORGANIZATION,
    confidence: 0.75,
  },
  {
    name: 'studied-at',
    says: 'a person studied at, attended or graduated from a school',
    type: 'STUDIED_AT',
    trigger:
      "(?:studied(?: \\w+){0,3} at|attended|attends|graduated from|educated at|(?:received|earned|obtained|holds) (?:his|her|an?|the) [\\w.' ]{2,40} (?:from|at))",
    direction: 'forward',
    subject: PERSON,
    object: {
      ...EMPLOYER,
      trusts: false,
      fits: /\b(?:university|college|school|institute|academy|conservatory|MIT|Harvard|Yale|Oxford|Cambridge|Princeton|Stanford)\b/iu,
    },
    confidence: 0.8,
  },
  {
    name: 'plays-for',
    says: 'a person plays or played for a team',
    type: 'MEMBER_OF',
    trigger: '(?:who )?(?:plays|played|playing) (?:\\w+ ){0,3}for',
    direction: 'forward',
    subject: PERSON,
    object: { kinds: ['Organization'], assume: 'Organization' },
    confidence: 0.75,
  },
  {
    name: 'organization-job-person',
    says: 'an organization, a job and a name in a row: "Geth developer Felix Lange"',
    type: 'WORKS_FOR',
    trigger: `(?:'s )?(?:senior |lead |core |protocol |chief |co-?founder and )?(?:${JOB}|founder),?`,
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
    name: 'supervises',
    says: 'a person supervises or is the manager of another',
    type: 'REPORTS_TO',
    trigger: '(?:supervises|supervised|manages|the (?:line )?(?:manager|boss|supervisor) of)',
    direction: 'backward',
    subject: PERSON,
    object: PERSON,
    needsKnown: true,
    confidence: 0.8,
  },
  {
    name: 'manager-is',
    says: "a person's manager or boss is another",
    type: 'REPORTS_TO',
    trigger: "'s (?:line |direct )?(?:manager|boss|supervisor)(?:,| is)?",
    direction: 'forward',
    subject: PERSON,
    object: PERSON,
    confidence: 0.8,
  },
  {
    name: 'member-of',
    says: 'a person is a member of, serves on or represents a body',
    type: 'MEMBER_OF',
    trigger:
      '(?:(?:an?|the|one of the) (?:\\w+ ){0,2})?(?:members? of)|(?:\\w+ly )?(?:serves? on|sits on|served on|elected to|appointed to|joined the board of)',
    direction: 'forward',
    subject: { kinds: ['Person', 'Organization'], fullName: 'Person' },
    object: ORGANIZATION,
    confidence: 0.8,
  },
  {
    name: 'body-member-of',
    says: 'an organization is a member of another',
    type: 'MEMBER_OF',
    trigger: '(?:an?|one of the) (?:\\w+ ){0,2}members? of',
    direction: 'forward',
    // A single word could as well be somebody's last name.
    subject: { kinds: [], assume: 'Organization', fits: /\s|^\p{Lu}{2,}$/u },
    object: ORGANIZATION,
    confidence: 0.75,
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
    needsKnown: true,
    confidence: 0.75,
  },
]
