import { rule, within, type Rule } from './rule.ts'
import {
  AI,
  BEHIND_AI,
  DO,
  MACHINE,
  MACHINE_SIGNS,
  NOT_A_JOB,
  SOURCE,
  TELL,
  UNDONE,
  YOUR_PROMPT,
} from './vocabulary.ts'

/** Less direct: what is done to “your instructions”, and what machines are asked to take down. */
export const ROUNDABOUT: readonly Rule[] = [
  rule('override', `\\b${UNDONE}\\b${within(60)}\\b${YOUR_PROMPT}\\b`, 'prompt|programming|system message'),
  rule(
    'override',
    `\\btreat${within(40)}\\b(?:above|previous|preceding|before)\\b${within(20)} as (?:false|wrong|void|invalid|outdated|a joke|a test)\\b`,
    'treat',
  ),
  rule(
    'address',
    `\\b(?:${MACHINE}|AIs?|LLMs?)\\b(?:[ ,]?(?:that|which|who)? ?(?:reads?|pars(?:es?|ing)|process(?:es|ing)?|summari[sz]\\w+|extract\\w*) (?:this|the) ${SOURCE})?(?:${BEHIND_AI}${within(19)})? (?:must|should|shall|will|to|please)(?: now| also| always| only)? ${TELL} (?:that|the fact that|[A-Z][a-z])`,
    MACHINE_SIGNS,
    'capitals',
  ),
  rule(
    'address',
    `\\byou,? (?:the |an? |our |my )?(?:${MACHINE}|ai)\\b,? (?:will|must|should|shall|now|have to|need to)\\b`,
    'you',
  ),
  rule(
    'address',
    `\\b(?:dear|attention) (?:all )?${AI}\\b${NOT_A_JOB}${within(30)}[,:!]${within(30)}\\b${DO}\\b`,
    'dear |attention ',
  ),
  rule(
    'address',
    `(?:instructions?|note|message)(?:for|to)(?:the)?(?:ai|llm|assistant|model)(?:\\b|:)`,
    'forai|forthe|forllm|forassistant|formodel|toai|tothe|tollm|toassistant|tomodel',
  ),
  rule(
    'verdict',
    `\\b(?:skip|bypass|omit|no|without|avoid)(?: any| the| human| manual)* review(?:s|ing)? (?:for|of|on) (?:all |any |every |the |these |this )*(?:links?|relation(?:ship)?s?|edges?|triples?|facts?)\\b`,
    'review',
  ),
  rule(
    'override',
    `\\b(?:ignore|disregard|forget)${within(40)} (?:above|preceding|before this|so far),? (?:and|but|then|just|only) ${TELL}\\b`,
    'ignore|disregard|forget',
  ),
  rule('address', `\\bfor ${AI}s? (?:only|eyes)\\b`, MACHINE_SIGNS),
  rule(
    'address',
    `\\b(?:if|when|since|as|because) (?:this|the) ${SOURCE} is (?:being |now )?(?:read|processed|summari[sz]ed|parsed|analy[sz]ed|indexed|ingested) by (?:an? |the |some )?(?:${AI}|assistant|automated|machine|model|bot|program)`,
    'read by |ed by ',
  ),
  rule(
    'role',
    `"role" ?: ?"(?:system|assistant|developer)"|^\\[(?:system|assistant)\\] ?[\\p{L}]`,
    '"role"|[system]|[assistant]',
  ),
  rule('forged-answer', `"(?:subject|object|id)" ?: ?"e\\d{1,3}"`, '"e'),
]
