import type { End, LinkRule } from '../rule.ts'

const DOER: End = { kinds: ['Person', 'Organization'], fullName: 'Person' }
const MAKER: End = { kinds: ['Person', 'Organization'], assume: 'Organization' }
const MADE: End = { kinds: ['System', 'Project', 'Organization', 'Concept', 'Policy'], assume: 'System' }
const MATTER: End = { kinds: ['Decision', 'Concept', 'Policy', 'Project', 'Contract'], assume: 'Concept' }

/** Only names of unknown kind: a work, or a company, is not what a tagger would call it. */
const WORK: End = { kinds: ['Concept'], assume: 'Concept' }
const AUTHOR: End = { kinds: ['Person'], fullName: 'Person' }
const FOUNDED: End = { kinds: [], assume: 'Organization', trusts: true }

/** What somebody did to a named thing. Acts whose object is a clause ("decided that …") are in clauses.ts. */
export const ACT_RULES: readonly LinkRule[] = [
  {
    name: 'founded',
    says: 'somebody founded or set up a body',
    type: 'CREATED',
    trigger:
      '(?:founded|co-founded|founds|(?:who )?started the company|,? ?(?:the |a )?(?:co-?)?founder(?: and (?:ceo|president|director|chair\\w*|chief executive(?: officer)?))?(?: of)?)',
    direction: 'forward',
    subject: { ...DOER, assume: 'Organization' },
    object: FOUNDED,
    confidence: 0.8,
  },
  {
    name: 'founded-by',
    says: 'a body was founded or set up by somebody',
    type: 'CREATED',
    trigger: ',? ?(?:which was )?(?:founded|co-founded|established|set up) by',
    direction: 'backward',
    subject: { ...MAKER, fullName: 'Person', trusts: true },
    object: { kinds: ['Organization', 'Project', 'Event', 'Place'], assume: 'Organization' },
    confidence: 0.8,
  },
  {
    name: 'wrote',
    says: 'somebody wrote, composed, painted or directed a work',
    type: 'CREATED',
    trigger: '(?:wrote|co-wrote|writes|authored|composed|painted|penned|directed|(?:the )?author of)',
    direction: 'forward',
    subject: AUTHOR,
    object: WORK,
    confidence: 0.8,
  },
  {
    name: 'written-by',
    says: 'a work was written, composed, painted, directed or produced by somebody',
    type: 'CREATED',
    trigger:
      ',? ?(?:(?:an? |the )(?:[\\w-]+ ){0,4}(?:novel|film|book|album|song|movie|play|painting|poem|series|opera|essay|single|story|article) )?(?:(?:written|composed|painted|directed|produced|designed|authored|illustrated|performed)(?:,? and | ?, )?){1,2} by|(?:an? |the )(?:[\\w-]+ ){0,4}(?:novel|film|book|album|song|play|painting|poem|opera|essay|single|story) by',
    direction: 'backward',
    subject: AUTHOR,
    object: WORK,
    confidence: 0.8,
  },
  {
    name: 'discovered',
    says: 'somebody discovered something that has a name',
    type: 'DISCOVERED',
    trigger: '(?:discovered|discovers)',
    direction: 'forward',
    subject: AUTHOR,
    object: { kinds: ['Place', 'Concept'], assume: 'Concept', trusts: true },
    confidence: 0.7,
  },
  {
    name: 'created',
    says: 'somebody founded, created, built or wrote a thing',
    type: 'CREATED',
    trigger:
      '(?:founded|co-founded|created|authored|co-authored|developed|invented|started|wrote|(?:the )?(?:co-)?(?:founder|creator|author)s? of)',
    direction: 'forward',
    subject: DOER,
    object: MADE,
    confidence: 0.8,
  },
  {
    name: 'created-by',
    says: 'a thing was founded, created or written by somebody',
    type: 'CREATED',
    trigger: ',? ?(?:founded|created|authored|written|developed) by',
    direction: 'backward',
    subject: MAKER,
    object: MADE,
    confidence: 0.8,
  },
  {
    name: 'announced',
    says: 'somebody announced, released or launched a thing',
    type: 'ANNOUNCED',
    trigger: '(?:announces|announced|released|releases|launched|launches|published|shipped|unveiled)',
    direction: 'forward',
    subject: DOER,
    object: MADE,
    confidence: 0.75,
  },
  {
    name: 'announced-by',
    says: 'a thing was announced, released or launched by somebody',
    type: 'ANNOUNCED',
    trigger: ',? ?(?:first )?(?:announced|released|launched|unveiled|shipped) by',
    direction: 'backward',
    subject: { ...MAKER, trusts: true },
    object: MADE,
    confidence: 0.75,
  },
  {
    name: 'published-by',
    says: 'a work or thing was published by somebody',
    type: 'PUBLISHED',
    trigger:
      ',? ?(?:(?:an? |the )(?:[\\w-]+ ){0,4}(?:game|book|novel|magazine|newspaper|journal) )?(?:(?:written|developed|edited) and |first )?published by',
    direction: 'backward',
    subject: { ...MAKER, trusts: true },
    object: { kinds: ['Concept', 'Policy', 'System'], assume: 'Concept' },
    confidence: 0.75,
  },
  {
    name: 'approved',
    says: 'somebody approved, ratified or accepted a named matter',
    type: 'APPROVED',
    trigger: '(?:approved|approves|ratified|ratifies|accepted|signed off on|voted (?:for|in favou?r of))',
    direction: 'forward',
    subject: DOER,
    object: MATTER,
    confidence: 0.8,
  },
  {
    name: 'approved-by',
    says: 'a named matter was approved, ratified or accepted by somebody',
    type: 'APPROVED',
    trigger: '(?:approved|ratified|accepted) by',
    direction: 'backward',
    subject: DOER,
    object: MATTER,
    confidence: 0.8,
  },
  {
    name: 'proposed',
    says: 'somebody proposed, presented or championed a named matter',
    type: 'PROPOSED',
    trigger: '(?:proposed|proposes|presented|presents|championed|champions|championing|introduced)',
    direction: 'forward',
    subject: DOER,
    object: MATTER,
    confidence: 0.75,
  },
  {
    name: 'proposed-by',
    says: 'a named matter was proposed or championed by somebody',
    type: 'PROPOSED',
    trigger: ',? ?(?:proposed|championed|presented|introduced) by',
    direction: 'backward',
    subject: DOER,
    object: MATTER,
    confidence: 0.75,
  },
  {
    name: 'supports',
    says: 'somebody is in favour of a named matter',
    type: 'SUPPORTS',
    trigger: '(?:supports|endorses|endorsed|in favou?r of|in support of|supportive of)',
    direction: 'forward',
    subject: { kinds: ['Person'] },
    object: MATTER,
    confidence: 0.75,
  },
  {
    name: 'opposes',
    says: 'somebody is against a named matter',
    type: 'OPPOSES',
    trigger: '(?:opposes|opposed|opposed to|objects to|objected to|against)',
    direction: 'forward',
    subject: DOER,
    object: MATTER,
    confidence: 0.75,
  },
]
