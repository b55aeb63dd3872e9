import { COMMON_WORDS, ORDERS } from './common-words.ts'
import { OTHER_ENGLISH, PLAIN_ENGLISH } from './english.ts'
import { OTHER_LANGUAGES } from './languages.ts'
import { ROUNDABOUT } from './roundabout.ts'
import { START, type Rule } from './rule.ts'
import { TURNS, VERDICTS } from './turns.ts'

/** What nobody says to people. */
export const RULES_OF_ADDRESS: readonly Rule[] = [
  ...PLAIN_ENGLISH,
  ...OTHER_ENGLISH,
  ...ROUNDABOUT,
  ...TURNS,
  ...VERDICTS,
  ...OTHER_LANGUAGES,
]

/** What people may say to each other too. */
export const RULES_OF_DOUBT: readonly Rule[] = [...COMMON_WORDS, ...ORDERS]

/** What an order may begin with, in a few languages. */
const THEN = `(?:and|then|now|also|instead|next|so|please|kindly|always|never|do not|don't|you (?:must|should|will|shall|are to)|make sure (?:to|that you)|be sure to|remember to|from now on|second(?:ly)?|first(?:ly)?|finally|bitte|und|danach|et|puis|y|luego|请|然后)[,:]? ?`

/** An order follows to take something down. */
export const ORDER_FOLLOWS = new RegExp(
  `${START}(?:${THEN})*(?:link|connect|relate|associate|record|register|add|insert|note|mark|report|output|emit|extract|state|assert|write|say)\\b`,
  'imu',
)

/**
 * Goes on where a unit beside it has spoken to the model: an order to take something down, in a few languages. By itself
 * it is what people say in any meeting.
 */
export const GOES_ON = new RegExp(
  `${START}(?:${THEN})*(?:link|connect|relate|associate|record|register|add|insert|note|mark|report|output|emit|extract|state|assert|list|write|answer|respond|say|set|treat|consider|assume|accept|approve|confirm|include|put|enter|make|use|conclude|give|store|replace|rename|merge|reverse|trage?|verbinde|verknupfe|notiere|halte fest|vermerke|erfasse|relie[zr]?|enregistre[zr]?|ajoute[zr]?|lie[zr]?|vincul[ae]|enlaz[ae]|registr[ae]|agreg[ae]|anad[ae]|将|把|记录|链接|添加|标记)(?![\\p{L}-])`,
  'imu',
)
