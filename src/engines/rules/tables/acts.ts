import type { End, LinkRule } from '../rule.ts'

const DOER: End = { kinds: ['Person', 'Organization'] }
const MAKER: End = { ...DOER, assume: 'Organization' }
const MADE: End = { kinds: ['System', 'Project', 'Organization', 'Concept', 'Policy'], assume: 'System' }
const MATTER: End = { kinds: ['Decision', 'Concept', 'Policy', 'Project', 'Contract'], assume: 'Concept' }

/** What somebody did to a named thing. Acts whose object is a clause ("decided that …") are in clauses.ts. */
export const ACT_RULES: readonly LinkRule[] = [
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
