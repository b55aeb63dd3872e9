import type { End, LinkRule } from '../rule.ts'

const PLACE: End = { kinds: ['Place'], assume: 'Place' }
const WHERE: End = { ...PLACE, trusts: true }
const SETTLEMENT =
  '(?:city|town|village|hamlet|municipality|commune|community|district|county|suburb|neighbou?rhood|locality|settlement|' +
  'parish|township|province|region|borough|river|lake|mountain|island|valley|river|park|airport)'
const INSTITUTION =
  '(?:university|college|school|hospital|museum|library|company|firm|bank|newspaper|church|club|institute|foundation|' +
  'organi[sz]ation|startup|brewery|theatre|theater|hotel|railway station|station|stadium|team|agency|charity)'

/** What is where. */
export const PLACE_RULES: readonly LinkRule[] = [
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
    object: WHERE,
    confidence: 0.8,
  },
  {
    name: 'lives-in',
    says: 'a person lives in a place',
    type: 'LOCATED_IN',
    trigger: '(?:lives|lived|living|resides|resided) (?:and works )?(?:in|at)',
    direction: 'forward',
    subject: { kinds: ['Person'], fullName: 'Person' },
    object: WHERE,
    confidence: 0.8,
  },
  {
    name: 'lies-in',
    says: 'a place or thing lies in a place',
    type: 'LOCATED_IN',
    trigger: ',? ?(?:which is )?(?:located|situated|lies) (?:in|on|within|at)',
    direction: 'forward',
    subject: { kinds: ['Place', 'Organization', 'Event'], assume: 'Place' },
    object: WHERE,
    confidence: 0.75,
  },
  {
    name: 'place-in',
    says: 'a city, village, river … is in a place',
    type: 'LOCATED_IN',
    trigger: `,? ?(?:an?|the) (?:[\\w-]+ ){0,4}${SETTLEMENT},? (?:located |situated |lying )?(?:in|within|on)`,
    direction: 'forward',
    subject: PLACE,
    object: WHERE,
    confidence: 0.8,
  },
  {
    name: 'institution-in',
    says: 'a university, museum, company … is in a place',
    type: 'LOCATED_IN',
    trigger: `,? ?(?:an?|the) (?:[\\w-]+ ){0,4}${INSTITUTION},? (?:located |situated |based |headquartered )?(?:in|within)`,
    direction: 'forward',
    subject: { kinds: ['Organization'], assume: 'Organization' },
    object: WHERE,
    confidence: 0.8,
  },
  {
    name: 'capital-of',
    says: 'a city is the capital of a place',
    type: 'CAPITAL_OF',
    trigger: ',? ?(?:the (?:\\w+ )?)?(?:capital|county seat|capital city|administrative cent(?:er|re)) of',
    direction: 'forward',
    subject: PLACE,
    object: WHERE,
    confidence: 0.85,
  },
]
