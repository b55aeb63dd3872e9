import type { End, LinkRule } from '../rule.ts'

const COMPANY_END: End = { kinds: ['Organization'], assume: 'Organization' }
const BOUGHT: End = { kinds: ['Organization', 'System', 'Project'], assume: 'Organization', trusts: true }
/** Who may own or buy a company: no department, which owns systems and takes over tasks. */
const OWNING = /^(?!.*\b(?:Operations|Services|Team|Office|Department|Group|Board|Committee|Council)$)/u
/** All capitals name a system rather than a company: "owns BRASS". */
const NOT_LETTERS = /\p{Ll}/u

/** What companies do to each other. */
export const BODY_RULES: readonly LinkRule[] = [
  {
    name: 'owns-body',
    says: 'a company or person owns another company',
    type: 'OWNS',
    trigger: '(?:owns|owned|the (?:sole )?owner of|the parent company of)',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', fits: OWNING, trusts: true },
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
    subject: { kinds: ['Organization', 'Person'], assume: 'Organization', fits: OWNING, trusts: true },
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
    subject: { kinds: ['Organization', 'Project'], assume: 'Organization', trusts: true },
    object: { kinds: ['Organization', 'Project'], assume: 'Organization', trusts: true },
    confidence: 0.8,
  },
  {
    name: 'partners-with',
    says: 'a body partners or works together with another',
    type: 'PARTNERS_WITH',
    trigger:
      '(?:partnered|partners|partnering|teamed up|collaborated|collaborates|collaborating|signed (?:an?|the) [\\w ]{0,30}(?:agreement|partnership|deal)) with|an? (?:\\w+ )?partner of',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Person', 'Project'], assume: 'Organization' },
    object: { kinds: ['Organization', 'Person', 'Project'], assume: 'Organization', trusts: true },
    confidence: 0.75,
  },
  {
    name: 'subsidiary-of',
    says: 'a company is a subsidiary, division, branch or unit of another',
    type: 'PART_OF',
    trigger:
      ',? ?(?:(?:an? |the )(?:[\\w-]+ ){0,2}subsidiary|(?:an? |the )?(?:business |research )?(?:division|arm|unit)) of',
    direction: 'forward',
    subject: COMPANY_END,
    object: { ...COMPANY_END, trusts: true },
    confidence: 0.8,
  },
]
