import type { End, Kind, LinkRule } from '../rule.ts'

const OWNER: End = { kinds: ['Person', 'Organization'] }
const OWNED: End = { kinds: ['System', 'Project', 'Policy', 'Contract', 'Concept'], assume: 'System' }
const MEMBER: readonly Kind[] = ['Organization', 'System', 'Project', 'Concept', 'Policy', 'Place', 'Event']
const THING: End = { kinds: ['System', 'Project', 'Policy', 'Contract', 'Concept', 'Decision'] }
const UNTOLD: End = { ...THING, assume: 'System' }
const BUILT: End = { kinds: ['System', 'Project'], assume: 'System' }
const BODY: End = { kinds: ['Organization'] }
const COMPANY_END: End = { kinds: ['Organization'], assume: 'Organization' }
const BOUGHT: End = { kinds: ['Organization', 'System', 'Project'], assume: 'Organization', trusts: true }
const PLACE: End = { kinds: ['Place'], assume: 'Place' }
const SETTLEMENT =
  '(?:city|town|village|hamlet|municipality|commune|community|district|county|suburb|neighbou?rhood|locality|settlement|' +
  'parish|township|province|region|borough|river|lake|mountain|island|valley|river|park|airport)'
const INSTITUTION =
  '(?:university|college|school|hospital|museum|library|company|firm|bank|newspaper|church|club|institute|foundation|' +
  'organi[sz]ation|startup|brewery|theatre|theater|hotel|railway station|station|stadium|team|agency|charity)'

/** Who may own a company where nothing else tells: no department, which owns systems. */
const OWNING = /^(?!.*\b(?:Operations|Services|Team|Office|Department|Group|Board|Committee|Council)$)/u
/** All capitals name a system rather than a company: "owns BRASS". */
const NOT_LETTERS = /\p{Ll}/u
/** "Operations took over Finance" is about who does what. */
const COMPANY_LIKE = OWNING

/** What owns, needs, replaces, uses and supplies what, and where it stands. */
export const THING_RULES: readonly LinkRule[] = [
  {
    name: 'owns-body',
    says: 'a company or person owns another company',
    type: 'OWNS',
    trigger: '(?:owns|owned|the (?:sole )?owner of|the parent company of)',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', fits: OWNING },
    object: { kinds: ['Organization'], assume: 'Organization', fits: NOT_LETTERS, trusts: true },
    confidence: 0.8,
  },
  {
    name: 'body-owned-by',
    says: 'a company is owned by another or by a person',
    type: 'OWNS',
    trigger: ',? ?(?:wholly |jointly |partly )?owned by',
    direction: 'backward',
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', fits: OWNING, trusts: true },
    object: { kinds: ['Organization'], assume: 'Organization', fits: NOT_LETTERS },
    confidence: 0.8,
  },
  {
    name: 'acquired',
    says: 'a company or person bought or took over another company or its product',
    type: 'ACQUIRED',
    trigger: '(?:acquired|acquires|acquiring|acquire|bought|buys|buy|buying|purchased|purchases|took over|takes over)',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', fits: COMPANY_LIKE },
    object: BOUGHT,
    confidence: 0.8,
  },
  {
    name: 'acquired-by',
    says: 'a company or product was bought or taken over by somebody',
    type: 'ACQUIRED',
    trigger: ',? ?(?:which was )?(?:acquired|bought|purchased|taken over|bought out) by',
    direction: 'backward',
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', trusts: true },
    object: { ...BOUGHT, trusts: false },
    confidence: 0.8,
  },
  {
    name: 'merged-with',
    says: 'a body merged with another',
    type: 'MERGED_WITH',
    trigger: '(?:merged|merges|merging|merge) with',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Project'], assume: 'Organization' },
    object: { kinds: ['Organization', 'Project'], assume: 'Organization', trusts: true },
    confidence: 0.8,
  },
  {
    name: 'partners-with',
    says: 'a body partners or works together with another',
    type: 'PARTNERS_WITH',
    trigger:
      '(?:partnered|partners|partnering|teamed up|collaborated|collaborates|collaborating|signed (?:an?|the) [\\w ]{0,30}(?:agreement|partnership|deal)) with|(?:an? )?(?:\\w+ )?partner of',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person', 'Project'], assume: 'Organization' },
    object: { kinds: ['Organization', 'Person', 'Project'], assume: 'Organization', trusts: true },
    confidence: 0.75,
  },
  {
    name: 'subsidiary-of',
    says: 'a company is a subsidiary, division, branch or unit of another',
    type: 'PART_OF',
    trigger: ',? ?(?:an? |the )?(?:(?:[\\w-]+ ){0,2}subsidiary|(?:business |research )?(?:division|arm|unit)) of',
    direction: 'forward',
    subject: COMPANY_END,
    object: { ...COMPANY_END, trusts: true },
    confidence: 0.8,
  },
  {
    name: 'owns',
    says: 'somebody owns or maintains a thing',
    type: 'OWNS',
    trigger: '(?:owns|owned|maintains|maintaining|runs|operates|looks after)',
    direction: 'forward',
    subject: OWNER,
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'owned-by',
    says: 'a thing is owned, maintained or run by somebody',
    type: 'OWNS',
    trigger: ',? ?(?:owned|maintained|operated|run) by',
    direction: 'backward',
    subject: { ...OWNER, assume: 'Organization' },
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'responsible-for',
    says: 'somebody is responsible for or in charge of a thing',
    type: 'OWNS',
    trigger: '(?:responsible|accountable|in charge) (?:for|of)|(?:owner|maintainer)s? of',
    direction: 'forward',
    subject: OWNER,
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'replaces',
    says: 'a thing replaces, supersedes or succeeds another',
    type: 'REPLACES',
    trigger:
      '(?:replaces|replaced|replacing|replace|supersedes|superseded|superseding|supersede|a (?:drop-in )?replacement for)',
    direction: 'forward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.85,
  },
  {
    name: 'replaced-by',
    says: 'a thing is replaced or superseded by another, or dropped in favour of it',
    type: 'REPLACES',
    trigger: '(?:replaced|superseded|succeeded) (?:by|with)|(?:closed|dropped|deprecated) in favou?r of',
    direction: 'backward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.85,
  },
  {
    name: 'depends-on',
    says: 'a thing depends on, needs, requires or is blocked by another',
    type: 'DEPENDS_ON',
    trigger:
      '(?:depends? (?:up)?on|depending on|dependent on|requires|relies on|needs|(?:is )?blocked (?:by|on)|built on top of|builds on)',
    direction: 'forward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.8,
  },
  {
    name: 'uses',
    says: 'a thing or body uses, runs on or is built with another thing',
    type: 'USES',
    trigger: '(?:uses|using|runs on|powered by|built (?:with|on)|switched to|migrated to|adopted|adopts)',
    direction: 'forward',
    subject: { kinds: ['System', 'Project', 'Organization'], assume: 'System' },
    object: { kinds: ['System', 'Concept', 'Policy'], assume: 'System' },
    confidence: 0.75,
  },
  {
    name: 'used-by',
    says: 'a thing is used by a body or another thing',
    type: 'USES',
    trigger: '(?:widely |mainly )?(?:used|adopted) (?:by|at|in)',
    direction: 'backward',
    subject: { kinds: ['System', 'Project', 'Organization'] },
    object: { kinds: ['System'], assume: 'System' },
    confidence: 0.75,
  },
  {
    name: 'implements',
    says: 'a thing or body implements or supports a specification or feature',
    type: 'IMPLEMENTS',
    trigger: '(?:implements|implemented|implementing|supports|supported)',
    direction: 'forward',
    subject: { kinds: ['System', 'Project', 'Organization'], assume: 'System' },
    object: { kinds: ['Concept', 'System', 'Policy'], assume: 'Concept' },
    confidence: 0.75,
  },
  {
    name: 'supplies',
    says: 'an organization supplies, provides or delivers a thing',
    type: 'SUPPLIES',
    trigger: '(?:supplies|supplied|provides|provided|delivers|delivered|(?:a|the) (?:supplier|vendor|provider) of)',
    direction: 'forward',
    subject: BODY,
    object: { kinds: ['System', 'Project', 'Organization'] },
    confidence: 0.8,
  },
  {
    name: 'supplied-by',
    says: 'a thing is supplied, provided or delivered by an organization',
    type: 'SUPPLIES',
    trigger: ',? ?(?:supplied|provided|delivered) by',
    direction: 'backward',
    subject: { ...BODY, assume: 'Organization' },
    object: { ...BUILT, kinds: ['System', 'Project'] },
    confidence: 0.8,
  },
  {
    name: 'part-of',
    says: 'a thing or body is part of, belongs to or is hosted by another',
    type: 'PART_OF',
    trigger:
      '(?:(?:a |an )?(?:part|subproject|sub-project|subsidiary|department|division|subcommittee|component) of|belongs to|' +
      'included in|merged into|reports into|(?:a |an )(?:\\w+ )?project (?:of|under|at)|hosted (?:by|at|under))',
    direction: 'forward',
    subject: { kinds: MEMBER },
    object: { kinds: MEMBER },
    alike: true,
    confidence: 0.75,
  },
  {
    name: 'governing-body-of',
    says: 'a body governs or oversees another',
    type: 'GOVERNS',
    trigger: '(?:governs|oversees|supervises|(?:the )?(?:technical )?(?:governing body|leadership|governance body) of)',
    direction: 'forward',
    subject: BODY,
    object: { kinds: ['Organization', 'Project'] },
    confidence: 0.8,
  },
  {
    name: 'governed-by',
    says: 'something follows, adheres to or is governed by a policy or contract',
    type: 'GOVERNED_BY',
    trigger:
      '(?:follows|adheres to|complies with|governed by|subject to|bound by)(?: the)?(?: \\w+)?(?: policy| agreement| contract)?',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Project', 'System', 'Contract'] },
    object: { kinds: ['Policy', 'Contract'] },
    confidence: 0.8,
  },
  {
    name: 'in-dispute-with',
    says: 'an organization is in dispute with another',
    type: 'IN_DISPUTE_WITH',
    trigger: '(?:therefore )?(?:in (?:a )?dispute with|suing|sues|sued)',
    direction: 'forward',
    subject: { ...BODY, assume: 'Organization' },
    object: { ...BODY, assume: 'Organization' },
    confidence: 0.8,
  },
  {
    name: 'located-in',
    says: 'a body or event is located, based or held in a place',
    type: 'LOCATED_IN',
    trigger: '(?:located|based|headquartered|held|taking place|takes place|hosted) (?:in|at)',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Event', 'Person', 'Project'] },
    object: { kinds: ['Place'] },
    confidence: 0.8,
  },
  {
    name: 'based-in',
    says: 'a body is based or has its seat in a place',
    type: 'LOCATED_IN',
    trigger:
      ',? ?(?:which is )?(?:based|headquartered|has (?:its|their) (?:headquarters|seat|head office)|an? (?:[\\w-]+ ){0,3}(?:company|firm|startup) based) (?:in|at)',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person', 'Project', 'Place'], assume: 'Organization' },
    object: { ...PLACE, trusts: true },
    confidence: 0.8,
  },
  {
    name: 'lives-in',
    says: 'a person lives in a place',
    type: 'LOCATED_IN',
    trigger: '(?:lives|lived|living|resides|resided) (?:and works )?(?:in|at)',
    direction: 'forward',
    subject: { kinds: ['Person'], fullName: 'Person' },
    object: { ...PLACE, trusts: true },
    confidence: 0.8,
  },
  {
    name: 'lies-in',
    says: 'a place or thing lies in a place',
    type: 'LOCATED_IN',
    trigger: ',? ?(?:which is )?(?:located|situated|lies) (?:in|on|within|at)',
    direction: 'forward',
    subject: { kinds: ['Place', 'Organization', 'Event'], assume: 'Place' },
    object: PLACE,
    confidence: 0.75,
  },
  {
    name: 'place-in',
    says: 'a city, village, river … is in a place',
    type: 'LOCATED_IN',
    trigger: `,? ?(?:an?|the) (?:[\\w-]+ ){0,4}${SETTLEMENT},? (?:located |situated |lying )?(?:in|within|on)`,
    direction: 'forward',
    subject: PLACE,
    object: PLACE,
    confidence: 0.8,
  },
  {
    name: 'institution-in',
    says: 'a university, museum, company … is in a place',
    type: 'LOCATED_IN',
    trigger: `,? ?(?:an?|the) (?:[\\w-]+ ){0,4}${INSTITUTION},? (?:located |situated |based |headquartered )?(?:in|within)`,
    direction: 'forward',
    subject: { kinds: ['Organization'], assume: 'Organization' },
    object: PLACE,
    confidence: 0.8,
  },
  {
    name: 'capital-of',
    says: 'a city is the capital of a place',
    type: 'CAPITAL_OF',
    trigger: '(?:the )?(?:\\w+ )?(?:capital|county seat|capital city|administrative cent(?:er|re)) of',
    direction: 'forward',
    subject: PLACE,
    object: PLACE,
    confidence: 0.85,
  },
]
