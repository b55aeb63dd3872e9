import { rule, within, type Rule } from './rule.ts'
import { AI, DO, MACHINE, MACHINE_SIGNS, NOT_A_JOB, SOURCE, SURE, TELL, UNDONE, YOURS } from './vocabulary.ts'

/** Less direct: what is done to “your instructions”, and what machines are asked to take down. */
export const ROUNDABOUT: readonly Rule[] = [
  rule('override', `\\b${UNDONE}\\b${within(60)}\\b${YOURS}\\b|\\b${YOURS}\\b${within(30)}\\b${UNDONE}`, 'your '),
  rule(
    'override',
    `\\b(?:earlier|previous|prior|above|preceding|old|other|initial) (?:instructions?|directives?|prompts?) (?:is|are|was|were|has been|have been)(?: hereby| now| all)? (?:overrid|overrul|cancel|replac|supersed|revok|suspend|withdrawn|void|no longer)`,
    'instruction|directive|prompt',
  ),
  rule(
    'override',
    `\\btreat${within(40)}\\b(?:above|previous|preceding|before)\\b${within(20)} as (?:false|wrong|void|invalid|outdated|a joke|a test)\\b`,
    'treat',
  ),
  rule('override', `\\bnew instructions?(?: for you)? ?(?:follow|begin|start|are as follows|:)`, 'new instruction'),
  rule(
    'address',
    `\\b(?:${MACHINE}|AIs?|LLMs?|assistants?)\\b(?:[ ,]?(?:that|which|who)? ?(?:reads?|pars(?:es?|ing)|process(?:es|ing)?|summari[sz]\\w+|extract\\w*) (?:this|the) ${SOURCE})?${within(20)} (?:must|should|shall|will|to|please)(?: now| also| always)? ${TELL} (?:that|the fact that|[A-Z][a-z])`,
    MACHINE_SIGNS,
    'capitals',
  ),
  rule(
    'address',
    `\\byou,? (?:the |an? |our |my )?(?:${MACHINE}|ai|assistant)\\b,? (?:will|must|should|shall|now|have to|need to)\\b`,
    'you',
  ),
  rule(
    'address',
    `\\b(?:dear|attention) (?:all )?(?:${AI}|assistants?)\\b${NOT_A_JOB}${within(30)}[,:!]${within(30)}\\b${DO}\\b`,
    'dear |attention ',
  ),
  rule(
    'address',
    `\\bwhen (?:you )?(?:build|create|fill|produce|generate|construct|extract)(?:ing)? (?:the|your|a|this) (?:knowledge graph|graph of|json answer|triples|list of links)\\b`,
    'when ',
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
    'verdict',
    `\\breviewers? (?:has|have) (?:already )?(?:accepted|approved|confirmed)${within(30)}\\b(?:links?|relation(?:ship)?s|edges|triples|facts)\\b`,
    'reviewer',
  ),
  rule(
    'override',
    `\\b(?:ignore|disregard|forget)${within(40)} (?:above|preceding|before this|so far),? (?:and|but|then|just|only) ${TELL}\\b`,
    'ignore|disregard|forget',
  ),
  rule(
    'address',
    `\\byour (?:answer|output|json|response|extraction|graph) (?:must|should|shall|has to|needs to|will) (?:only )?(?:contain|include|list|say|name|state|be|have)\\b`,
    'your ',
  ),
  rule('address', `\\bfor (?:${AI}|assistants?)s? (?:only|readers?|eyes)\\b`, MACHINE_SIGNS),
  rule(
    'address',
    `\\b(?:models?|systems?|tools?|programs?|machines?|bots?) (?:that|which) (?:read|process|summari[sz]e|parse|extract|analy[sz]e|index)s? (?:this|the) ${SOURCE}${within(20)}\\b(?:must|shall|(?:is|are) (?:required|asked|told|instructed) to|should ${TELL})\\b`,
    'that |which ',
  ),
  rule(
    'address',
    `\\b(?:if|when|since|as|because) (?:this|the) ${SOURCE} is (?:being |now )?(?:read|processed|summari[sz]ed|parsed|analy[sz]ed|indexed|ingested) by (?:an? |the |some )?(?:${AI}|assistant|automated|machine|model|bot|program)`,
    ' by ',
  ),
  rule(
    'role',
    `"role" ?: ?"(?:system|assistant|developer)"|^\\[(?:system|assistant)\\] ?[\\p{L}]`,
    '"role"|[system]|[assistant]',
  ),
  rule('forged-answer', `"(?:subject|object|id)" ?: ?"e\\d{1,3}"`, '"e'),
  rule(
    'verdict',
    `\\b(?:rate|score|grade|rank)\\b${within(60)}\\bconfidence (?:of |to |at |as |= ?|: ?)?${SURE}(?![\\d.]*\\d)`,
    'confidence',
  ),
]
