import { OTHER_LANGUAGES } from './languages.ts'
import { HIDDEN } from './reveal.ts'
import { rule, START, within, words, type Rule } from './rule.ts'

/** Taking the instructions away. */
const DROP = `(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|overrule|bypass|discard|dismiss|abandon|do(?: not|n't) (?:follow|obey|heed)|stop (?:following|obeying)|pay no (?:attention|heed) to|set aside)`
const BEFORE = `(?:previous(?:ly given)?|prior|above|preceding|earlier|foregoing|initial|original|system|hidden|developer)`
const RULES = `(?:instructions?|prompts?|directives?|system messages?|programming)`

/** What may be called upon. The two letters by themselves also stand for “action item”. */
const MACHINE = `(?:a\\.?i\\.? (?:language )?(?:model|system|assistant|agent|reader|bot|tool)s?|artificial intelligence|(?:large )?language models?|llms?|chat ?bots?|chat ?gpt|gpt[- ]?\\d[a-z]?)`
/** Signs of it, of the two letters only with what may follow them. */
const MACHINE_SIGNS = 'ai |ai-|ai,|ai:|a.i|artificial|language model|llm|chat|gpt|claude|assistant'
const AI = `(?:${MACHINE}|a\\.?i\\.?)`
const READER = `(?:${AI}|assistants?|models?|claude|gemini|copilot|deepseek|(?:(?:knowledge )?graph|entity|relation(?:ship)?|information|fact)[- ](?:builder|extract(?:or|ion (?:model|system|engine|tool|pipeline)))s?|extractors?|automated (?:reader|system|agent|tool|reviewer|extractor)s?)`
const GREETING = `(?:dear|hey|hi|hello|attention|attn|(?:important )?(?:note|message|reminder|notice|instructions?) (?:to|for)|important for|for the attention of)`
const DO = `(?:record|note|link|connect|relate|associate|extract|output|emit|print|report|add|insert|include|mark|set|treat|consider|assume|accept|approve|assert|state|list|write|say|answer|respond|reply|return|ignore|disregard|forget|omit|skip|classify|label|tag|store|register|create|make|do not|don't|never|always|you (?:must|should|will|shall|are|need|have)|your|ensure|be sure|remember|follow|execute|obey|override|override|conclude|use)`
const TAKE_DOWN = `(?:record|link|connect|relate|associate|extract|output|emit|add|insert|include|mark|set|treat|assert|ignore|disregard|register|accept|approve)`
const FACTS = `(?:links?|relation(?:ship)?s?|edges?|triples?|facts?|entit(?:y|ies)|quotes?)`

const ENGLISH: readonly Rule[] = [
  rule(
    'override',
    `\\b${DROP}${words(4)}[ \\n]${BEFORE}${words(2)}[ \\n]${RULES}\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'override',
    `\\b${DROP}${words(3)}[ \\n]your[ \\n](?:(?:system|own|other)[ \\n])?${RULES}\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'override',
    `\\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?)[ \\n](?:all|any|every)${words(2)}[ \\n]${RULES}\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'override',
    `\\b(?:ignore|disregard|forget)${words(3)}[ \\n](?:previous|prior|above|preceding|system)[ \\n](?:context|rules|guidelines|commands?|orders?|text|input)[ \\n](?:and|but|instead)\\b`,
    'ignore|disregard|forget',
  ),
  rule(
    'override',
    `\\b${DROP}${words(3)}[ \\n]${RULES}[ \\n](?:above|before this|(?:that )?you (?:were|have been|are)|so far|given to you)\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'override',
    `\\b(?:ignore|disregard|forget)[ \\n](?:everything|anything|all)[ \\n](?:above|before this|that came before|written above|you (?:were|have been) (?:told|instructed|given))\\b`,
    'ignore|disregard|forget',
  ),
  rule(
    'override',
    `(?:ignore|disregard|forget|override)(?:all|any|your|the|of|my|these){0,3}(?:previous|prior|above|earlier|preceding|system)(?:instruction|prompt|rule)`,
    'ignore|disregard|forget|override',
  ),
  rule(
    'override',
    `\\b(?:here (?:are|is)|these are|this is) your (?:new|real|actual|updated|true) (?:instructions?|prompt|task)\\b`,
    ' your ',
  ),
  rule(
    'override',
    `\\byour (?:new|real|actual|updated|true) (?:instructions?|(?:system )?prompt) (?:is|are)\\b`,
    'your ',
  ),
  rule(
    'override',
    `\\b(?:reveal|print|repeat|show|output|disclose)${words(2)}[ \\n]your[ \\n](?:system|initial|hidden|original)[ \\n](?:prompt|instructions?)\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'address',
    `${START}(?:p\\.?s\\.?[:,]? )?${GREETING} (?:all |any |the |every |our |my )?${READER}\\b${within(60)}[,:;!–—-]${within(30)}\\b${DO}\\b`,
    'dear |hey|hi |hello|attention|attn|important|note to|note for|message|reminder|notice|instruction',
  ),
  rule(
    'address',
    `${START}(?:all |any |the |every )?(?:${MACHINE}|claude|assistant) ?[,:;] ?(?:please |kindly |you must |now )?${TAKE_DOWN}\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\bto (?:all |any |the |every )?(?:${AI}|assistant)s? (?:that |which |who )?(?:is |are )?(?:reading|reads?|processing|process(?:es)?|summari[sz](?:e|es|ing)|pars(?:e|es|ing)|extract(?:s|ing)?|analy[sz](?:e|es|ing)|index(?:es|ing)?) (?:this|the|these)\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\b(?:if|when|since|because|as|in case) you(?:'re| are) (?:now )?(?:an? |the |some )?(?:${AI}|assistant|automated (?:system|reader|agent|tool)|(?:summari[sz]|extract|pars|process|index|read)ing (?:this|the) (?:document|chat|text|page|file|transcript|source|mail|e-mail|table)${within(40)}, ?(?:please )?${TAKE_DOWN})\\b(?! (?:compan|research|engineer|enthusiast|lab|team|expert|professional|practition|develop|startup|user|manager|professor|director|coach|secretary|editor))`,
    'if you|when you|since you|because you|as you|in case you',
  ),
  rule(
    'address',
    `${START}(?:(?:and|now|so|remember|from now on|henceforth|instead),? )*you(?:'re| are| will be| shall be) (?:now |actually |really |just |only )?(?:an? |the |my )(?:(?:helpful|honest|powerful|advanced|expert|unrestricted|obedient|different|new) )*(?:${AI}|assistant)\\b(?! (?:compan|research|engineer|enthusiast|lab|team|expert|professional|practition|develop|startup|user|manager|professor|director|coach|secretary|editor))`,
    "you are |you're |you will be |you shall be ",
  ),
  rule(
    'address',
    `\\b(?:whoever|whomever|whatever|anyone|anything|any(?:body)? (?:system|tool|model)|whichever (?:system|tool|model)) (?:that )?(?:is )?(?:summari[sz](?:es?|ing)|process(?:es|ing)|extract(?:s|ing)|pars(?:es|ing)|analy[sz](?:es|ing)|transcrib(?:es|ing)|index(?:es|ing)) (?:this|the)\\b${within(40)}[:,] ?(?:please |kindly )?${DO}\\b`,
    'whoever|whomever|whatever|anyone|anything|any|whichever',
  ),
  rule(
    'address',
    `\\b(?:${AI}|assistants?|automated (?:system|reader|agent|tool)s?) (?:(?:that|which) (?:is|are) )?(?:reading|processing|summari[sz]ing|parsing|extracting|ingesting|indexing) (?:this|the) (?:document|chat|text|page|file|transcript|source|passage|mail|e-mail|message|table|row)${within(40)}(?:\\b(?:must|should|shall|has to|have to|is to|are to|needs? to|please|will)\\b|[:,] ?${DO}\\b)`,
    'reading|processing|summari|parsing|extracting|ingesting|indexing',
  ),
  rule(
    'address',
    `\\b(?:${MACHINE}|ai) (?:must|shall|is (?:to|required to|instructed to))(?: \\w+)? (?:record|link|mark|treat|assert|report) (?:that|this|these|the)\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\bwhen (?:you )?(?:extract|list|record|output|summari[sz]e)(?:ing)? (?:the )?${FACTS}\\b${within(60)}, ?(?:please |always |you must |you should )*${TAKE_DOWN}\\b`,
    'extract|listing|recording|outputting|when you ',
  ),
]

const TURNS: readonly Rule[] = [
  rule(
    'role',
    `<\\|[a-z_]{2,24}\\|>|<<\\/?sys>>|\\[\\/?inst\\]|<\\/?(?:start|end)_of_turn>|(?<![\\p{L}\\p{N}])<\\/?(?:system|assistant|instructions?|system[-_]prompt|function_calls?|tool_calls?|think)>`,
    '<|[inst]|[/inst]',
  ),
  rule(
    'role',
    `(?<=^|\\s)#{2,4} ?(?:(?:new|updated|system) )?(?:instructions?|system(?: prompt)?|human|assistant|response) ?:`,
    '##',
  ),
  rule('role', `^#{2,4} ?(?:instructions?|system(?: prompt)?|response)$`, '##'),
  rule(
    'role',
    `(?:^|(?<=[.!?>\\])"] ))[\\[<(]?(?:system|developer|assistant|admin(?:istrator)?)(?: (?:prompt|message|instructions?|override|note|update|notice|alert))?(?:[\\])>] ?:?|[\\])>]? ?:) ?(?:(?:please|now|important|new|urgent|the assistant|the model)[,:!]? ){0,2}(?:you (?:are|must|should|will|shall)|ignore|disregard|forget|override|from now on|new (?:instruction|task|rule|polic)\\w*|record|link|connect|mark|emit|respond|treat|assert|accept|approve|conclude)\\b`,
    'system|developer|assistant|admin',
  ),
  rule(
    'role',
    `(?:^|(?<=[.!?>\\])"] ))[\\[<(]?(?:system|developer) (?:prompt|override|instructions?)[\\])>]? ?:`,
    'prompt|override|instruction',
  ),
  rule(
    'role',
    `^(?:SYSTEM|ASSISTANT|DEVELOPER) ?: ?${within(60)}\\b(?:records?|links?|marks?|confidence|instructions?|answer|extract|assert)\\b`,
    '',
    'capitals',
  ),
  rule('fence', `< ?/ ?(?:source(?:-\\d{1,6})?|untrusted|user[-_]?(?:input|data|content)|document[-_]content) ?>`, '<'),
  rule(
    'fence',
    `\\b(?:end of (?:the )?(?:source|untrusted (?:data|input|text)|user (?:input|data)|context|data))\\b${within(12)}[.!:>)\\]\\n*=-]{1,8} ?(?:begin|start|new|now|system|instructions?|you)\\b`,
    'end of',
  ),
  rule('forged-unit', `\\[s\\d{1,4}\\] ?[\\p{L}\\p{N}"'(]${within(200)}[\\p{L}]`, '[s'),
  rule(
    'forged-answer',
    `"(?:links|entities|rejected|subject|evidence|polarity|mentions)" ?: ?[\\[{"][^]{0,300}?"(?:evidence|polarity|rejected|quote|object|mentions|aliases|support)" ?:`,
    '"',
  ),
  rule('hidden', `${HIDDEN}`),
]

const SURE = `(?:1(?:\\.0+)?|0?\\.9\\d*|9\\d ?%|100 ?%|max(?:imum|imal)?|full|high(?:est)?|one|certain)`
const VERDICTS: readonly Rule[] = [
  rule(
    'verdict',
    `\\b(?:set|give|use|assign|put|report|state|mark|record|assert)\\b${within(60)}\\bconfidence (?:(?:score|value) )?(?:of |to |at |is |as |= ?|: ?){0,2}${SURE}(?![\\d.]*\\d)`,
    'confidence',
  ),
  rule(
    'verdict',
    `\\b(?:give|use|assign|record|mark|report|assert|set)${within(60)} (?:with |at )?(?:full|maximum|highest|complete|total) confidence\\b`,
    'confidence',
  ),
  rule(
    'verdict',
    `\\bauto(?:matically)?[- ]?(?:approve|accept|confirm)\\w*${within(40)}\\b(?:links?|relation(?:ship)?s?|edges?|triples?|facts?|proposed|this (?:document|source|claim))\\b`,
    'auto',
  ),
  rule(
    'verdict',
    `\\b(?:accept|approve|confirm)${within(40)}\\b(?:links?|relationships|edges|triples|facts|claims)\\b${within(40)}\\b(?:without|no|in)(?: \\w+){0,2} (?:review|bulk|look|question)`,
    'links|relationships|edges|triples|facts|claims',
  ),
  rule(
    'verdict',
    `\\b(?:links?|relationships?|edges?|triples?|facts?)\\b${within(60)}\\b(?:needs? no|requires? no|without|skips?|(?:has|have) (?:already )?been) (?:\\w+ )?(?:review(?:ed)?|approved by (?:the )?reviewers?)\\b`,
    'review',
  ),
  rule(
    'verdict',
    `\\breviewers?[,:] ?(?:please )?(?:accept|approve|confirm) (?:all|every|the following|these|this) (?:\\w+ )?(?:links?|relationships?|facts?|claims?)\\b`,
    'reviewer',
  ),
]

const ORDERS: readonly Rule[] = [
  rule(
    'order',
    `${START}(?:[Pp]lease )?[Ll]ink [\\p{L}\\p{N}"'][^.!?\\n]{0,60} (?:to|with|and) [\\p{L}\\p{N}"'][^.!?\\n]{0,60} (?:as|by|via|using|with|through) (?:an? |the |link |type |relation )*["'\`]?[A-Z]{4,}(?:_[A-Z]+)*\\b`,
    '',
    'capitals',
  ),
  rule(
    'order',
    `\\b(?:[Ll]ink|[Cc]onnect|[Rr]elate|[Rr]ecord|[Mm]ark|[Ee]xtract|[Ee]mit|[Oo]utput|[Aa]ssert|[Aa]dd|[Ii]nsert|[Cc]reate)\\b[^.!?\\n]{0,100}[ "'\`([:](?:[A-Z]{2,}_)+(?:TO|OF|BY|FOR|WITH|IN|ON|FROM|AT)\\b`,
    '',
    'capitals',
  ),
  rule(
    'order',
    `${START}(?:please |kindly )?(?:link|connect|relate|associate) [\\p{L}"']${within(60)} (?:to|with) [\\p{L}"']${within(60)} as (?:its |an? |the |their )?(?:new |sole |only )?(?:owner|lead(?:er)?|manager|head|sponsor|boss|approver|supplier|author|employee|director|chief)\\b`,
    'link |connect |relate |associate ',
  ),
  rule(
    'order',
    `\\b(?:record|add|insert|create|emit|output|extract|assert|include|report)\\b${within(60)}\\b(?:(?:an?|the|this|these|following|one) (?:\\w+ )?(?:link|edge|triple|relation(?:ship)?)s? (?:\\w+ )?(?:between|from)\\b${within(60)}\\b(?:and|to)\\b${within(60)}\\bconfidence|(?:to|into|in) (?:the knowledge graph|your (?:answer|json|reply|output))\\b)`,
    'confidence|the knowledge graph|your ',
  ),
]

export const RULES_OF_ADDRESS: readonly Rule[] = [...ENGLISH, ...TURNS, ...VERDICTS, ...ORDERS, ...OTHER_LANGUAGES]

/**
 * Goes on where a unit beside it has spoken to the model: an order to take something down, in a few languages. By itself
 * it is what people say in any meeting.
 */
export const GOES_ON = new RegExp(
  `${START}(?:(?:and|then|now|also|instead|next|so|please|kindly|always|never|do not|don't|you (?:must|should|will|shall|are to)|make sure (?:to|that you)|be sure to|remember to|from now on|second(?:ly)?|first(?:ly)?|finally|bitte|und|danach|et|puis|y|luego|请|然后)[,:]? ?)*(?:link|connect|relate|associate|record|register|add|insert|note|mark|report|output|emit|extract|state|assert|list|write|answer|respond|say|set|treat|consider|assume|accept|approve|confirm|include|put|enter|make|use|conclude|give|store|replace|rename|merge|reverse|trage?|verbinde|verknupfe|notiere|halte fest|vermerke|erfasse|relie[zr]?|enregistre[zr]?|ajoute[zr]?|lie[zr]?|vincul[ae]|enlaz[ae]|registr[ae]|agreg[ae]|anad[ae]|将|把|记录|链接|添加|标记)(?![\\p{L}-])`,
  'imu',
)
