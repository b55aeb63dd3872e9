import { rule, START, within, words, type Rule } from './rule.ts'
import {
  AI,
  AI_SIGNS,
  BEFORE,
  DO,
  DROP,
  DROP_SIGNS,
  FACTS,
  GREETING,
  MACHINE,
  MACHINE_SIGNS,
  NOT_A_JOB,
  READER,
  READER_SIGNS,
  RULES,
  SOURCE,
  TAKE_DOWN,
} from './vocabulary.ts'

/** Its instructions are taken away, or it is called upon, in so many words. */
export const PLAIN_ENGLISH: readonly Rule[] = [
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
    `\\b${DROP}${words(3)}[ \\n]${RULES}[ \\n](?:above|before this|(?:that )?you (?:were|have|had|got|received|are)|so far|given to you)\\b`,
    'instruction|prompt|directive|system message|programming',
  ),
  rule(
    'override',
    `\\b(?:ignore|disregard|forget)[ \\n](?:everything|anything|all)[ \\n](?:above|before this|(?:that |which )?(?:came|comes|precedes|precede|stands|is|was)(?: written)? (?:before|above|this|the)|written above|you (?:were|have been) (?:told|instructed|given))\\b`,
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
    READER_SIGNS,
  ),
  rule(
    'address',
    `${START}(?:all |any |the |every )?${MACHINE} ?[,:;] ?(?:please |kindly |you must |now )?${TAKE_DOWN}\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\bto (?:all |any |the |every )?${AI}s? (?:that |which |who )?(?:is |are )?(?:reading|reads?|processing|process(?:es)?|summari[sz](?:e|es|ing)|pars(?:e|es|ing)|extract(?:s|ing)?|analy[sz](?:e|es|ing)|index(?:es|ing)?) (?:this|the|these)\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\b(?:if|when|since|because|as|in case) you(?:'re| are) (?:now )?(?:an? |the |some )?(?:${AI}|automated (?:system|reader|agent|tool)|(?:summari[sz]|extract|pars|process|index|read)ing (?:this|the) ${SOURCE}${within(40)}, ?(?:please )?${TAKE_DOWN})\\b${NOT_A_JOB}`,
    "if you are|when you are|since you are|because you are|as you are|case you are|if you're|when you're|since you're|because you're|as you're|case you're",
  ),
  rule(
    'address',
    `${START}(?:(?:and|now|so|remember|from now on|henceforth|instead),? )*you(?:'re| are| will be| shall be) (?:now |actually |really |just |only )?(?:an? |the |my )(?:(?:(?:helpful|honest|powerful|advanced|expert|unrestricted|obedient|different|new) )*${AI}|(?:helpful|unrestricted|obedient) assistant)\\b${NOT_A_JOB}`,
    "you are |you're |you will be |you shall be ",
  ),
  rule(
    'address',
    `\\b(?:whoever|whomever|whatever|anyone|anything|any(?:body)? (?:system|tool|model)|whichever (?:system|tool|model)) (?:that )?(?:is )?(?:summari[sz](?:es?|ing)|process(?:es|ing)|extract(?:s|ing)|pars(?:es|ing)|analy[sz](?:es|ing)|transcrib(?:es|ing)|index(?:es|ing)) this\\b${within(40)}[:,] ?(?:please |kindly )?${DO}\\b`,
    'summari|process|extract|pars|analy|transcrib|index',
  ),
  rule(
    'address',
    `\\b(?:${AI}|automated (?:system|reader|agent|tool)s?) (?:(?:that|which) (?:is|are) )?(?:reading|processing|summari[sz]ing|parsing|extracting|ingesting|indexing) (?:this|the) ${SOURCE}${within(40)}(?:\\b(?:must|should|shall|has to|have to|is to|are to|needs? to|please|will)\\b|[:,] ?${DO}\\b)`,
    'reading|processing|summari|parsing|extracting|ingesting|indexing',
  ),
  rule(
    'address',
    `\\b(?:${MACHINE}|ai) (?:must|shall|is (?:to|required to|instructed to))(?: \\w+)? (?:record|link|mark|treat|assert|report) (?:that|this|these|the)\\b`,
    MACHINE_SIGNS,
  ),
  rule(
    'address',
    `\\bwhen (?:you )?(?:extract|list|record|output|summari[sz])(?:e|ing)? (?:the )?${FACTS}\\b${within(60)}, ?(?:please |always |you must |you should )*${TAKE_DOWN}\\b`,
    'when you |when extract|when list|when record|when output|when summari',
  ),
]

/** The same said in other ways. */
export const OTHER_ENGLISH: readonly Rule[] = [
  rule(
    'address',
    `\\b(?:dear|attention|note|message|instructions?|reminder)(?: to| for)?,? (?:the |any |every )?(?:system|program|tool|pipeline|software|process|one|whoever|whatever)(?: that| which| who)? (?:builds?|fills?|makes?|creates?|extracts?) (?:this|the|a) (?:knowledge )?graph\\b`,
    'graph',
  ),
  rule(
    'override',
    `\\b${DROP}${words(2)}[ \\n](?:what|whatever|everything|anything|all)(?: that)? (?:you|the (?:user|operator|developer|system prompt))(?: have|'ve| has| were| are)?(?: been)? (?:told|instructed|asked|given|taught)\\b`,
    DROP_SIGNS,
  ),
  rule(
    'override',
    `\\b(?:ignore|forget|disregard|drop) (?:all )?(?:of )?(?:the|your|those|these|any) (?:rules|guidelines|restrictions|constraints|schema|safety|training)\\b[.,;:!]?${words(3)}[ \\n](?:instructions?|from now on|instead|you)\\b`,
    'rules|guidelines|restrictions|constraints|schema|safety|training',
  ),
  rule(
    'address',
    `\\b(?:directives?|instructions?|orders?|messages?|commands?) from (?:your (?:operators?|developers?|creators?|administrators?|owners?|makers?|masters?)|openai|anthropic|deepseek)\\b`,
    'from your|from openai|from anthropic|from deepseek',
  ),
  rule(
    'address',
    `\\b(?:as|to|for|dear|attention|you,?) (?:the |an? |any |every )?(?:model|system|tool|parser|pipeline|extractor|program|software|machine|engine|algorithm) (?:(?:that|which) (?:is |are )?)?(?:reading|reads|processing|processes|parsing|parses|extracting|extracts|summari[sz]ing|summari[sz]es|analy[sz]ing|analy[sz]es) this\\b`,
    'ing this|reads this|processes this|parses this|extracts this|summarises this|summarizes this|analyses this|analyzes this',
  ),
  rule(
    'address',
    `${START}(?:dear|hello|hi|hey|greetings|attention),? (?:all |any )?${AI}s? ?[,!:](?! ?(?:how|what|can|could|who|where|when|why)\\b)`,
    AI_SIGNS,
  ),
  rule(
    'address',
    `${START}(?:llm|ai|a\\.i\\.|gpt|language model|extractor|extraction) (?:instructions?|directives?|commands?|override)s? ?:`,
    'instruction|directive|command|override',
  ),
  rule(
    'address',
    `\\byou(?:'re| are) (?:now )?(?:dan\\b|(?:an? )?(?:model|machine|bot|program|system) (?:without|with no|free of) )`,
    "you are |you're ",
  ),
  rule(
    'address',
    `\\b(?:make sure|ensure|be sure|see to it|take care)(?: that)? (?:your (?:json|extraction|graph)|the knowledge graph (?:has|contains|includes|says))\\b`,
    'make sure|ensure|be sure|see to it|take care',
  ),
  rule(
    'role',
    `(?:^|[-=#*<[( ])(?:begin|start|end|new) (?:of )?(?:the )?(?:system|developer) (?:prompts?|messages?|instructions?)\\b`,
    'system |developer ',
  ),
  rule('verdict', `${START}(?:system )?overrid(?:e|ing) ?[:,-]?${within(40)}\\bconfidence\\b`, 'confidence'),
]
