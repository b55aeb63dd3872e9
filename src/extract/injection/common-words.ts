import { rule, START, within, type Rule } from './rule.ts'
import { DO, GREETING, PERHAPS_READER, SOURCE, SURE, TAKE_DOWN, TELL, UNDONE, YOURS } from './vocabulary.ts'

/**
 * What may be meant for the model, and is also said among people: an assistant is called, a role is new, a citation is
 * `[S1]`, a confidence is 95 %, a server is linked to a switch. What speaks so is not held against the chunk; it only
 * is no ground for a link, which something else has to state.
 */
export const COMMON_WORDS: readonly Rule[] = [
  rule(
    'address',
    `${START}(?:p\\.?s\\.?[:,]? )?(?:${GREETING}|to[:,]?) (?:all |any |the |every |our |my )?${PERHAPS_READER}\\b${within(60)}[,:;!–—-]${within(30)}\\b${DO}\\b`,
    'assistant|model|claude|gemini|copilot|deepseek|extractor',
  ),
  rule(
    'address',
    `${START}(?:(?:dear|hello|hi|hey|greetings|attention),? )?(?:all |any |the )?${PERHAPS_READER} ?[,:;!] ?(?:please |kindly |you must |now |could you |can you )?${TAKE_DOWN}\\b`,
    'assistant|model|claude|gemini|copilot|deepseek|extractor',
  ),
  rule(
    'address',
    `\\b(?:to|for) (?:all |any |the |every )?assistants? (?:that |which |who )?(?:reading|reads|only|process|summari|extract)`,
    'assistant',
  ),
  rule(
    'address',
    `\\byou(?:'re| are)(?: now)? (?:an? |the |my |our )?(?:new )?assistant (?:of|to|for|that|which|who)\\b`,
    'assistant',
  ),
  rule(
    'address',
    `\\b(?:the|any|an|every|our) (?:assistant|model|system|tool|reader)s? (?:must|should|shall|will)(?: now| also| always| only| just)? ${TELL} (?:that|the fact that)\\b`,
    'assistant|model|system|tool|reader',
  ),
  rule(
    'address',
    `${START}(?:model|assistant) (?:instruction|directive|command|override)s? ?:`,
    'instruction|directive|command|override',
  ),
  rule(
    'address',
    `\\b(?:whoever|whatever|anyone)${within(12)} (?:summari[sz]|process|extract|pars|analy[sz]|transcrib|index)\\w+ the\\b${within(40)}[:,] ?(?:please |kindly )?${DO}\\b`,
    'whoever|whatever|anyone',
  ),
  rule('verdict', `\\b(?:do not|don't|no need to) (?:review|re-?check|question)\\b`, 'review|check|question'),
  rule(
    'verdict',
    `\\b(?:make sure|ensure|be sure|see to it|take care)(?: that)? (?:your (?:answer|output|reply|response)|the json (?:has|contains|includes|says))\\b`,
    'your answer|your output|your reply|your response|the json',
  ),
  rule('role', `\\[\\[\\/?(?:instructions?|system|prompt)\\]\\]`, '[['),
  rule(
    'override',
    `\\byour (?:previous|prior|old|original|former|current) (?:tasks?|instructions?|orders|job|role|prompt) (?:is|are|has|have|was|were)(?: been)?(?: now)? (?:over|void|cancel|finish|done|complete|replac|revok|supersed|no longer|suspend|obsolete)`,
    'your ',
  ),
  rule(
    'override',
    `\\byour (?:new|real|only|actual|true|next|sole) (?:task|job|goal|objective|role|purpose|duty) is(?: now)? (?:simply |only )?to (?:${TAKE_DOWN.slice(3, -1)}|list|report|state|answer|say|write|conclude)\\b`,
    'your ',
  ),
  rule(
    'address',
    `\\b(?:whoever|whatever|whichever)(?: or (?:whoever|whatever))?(?: \\w+)? (?:summari[sz]es|process(?:es)?|extracts|parses|analy[sz]es|transcribes|indexes|builds) (?:this|the|a) [\\p{L} ]{3,40}?(?:,|:| (?:should|must|has to|ought to|is to|needs to|shall|please))`,
    'whoever|whatever|whichever',
  ),
  rule(
    'role',
    `\\b(?:human|user|question) ?: ?[^\\n]{1,200}? (?:assistant|ai|bot) ?: ?\\p{L}`,
    'assistant|ai:|bot:|ai :|bot :',
  ),
  rule(
    'verdict',
    `\\b(?:link|triple|edge|relation(?:ship)?|fact|claim)s?\\b${within(30)}\\b(?:is|are|was|were|has been|have been) (?:already )?(?:pre-?|manually |officially )?(?:approved|verified|accepted|confirmed|reviewed|checked)\\b${within(40)}\\b(?:must|accept|do not (?:check|question|verify)|no need)\\b`,
    'approved|verified|accepted|confirmed|reviewed|checked',
  ),
  rule(
    'override',
    `\\b${UNDONE}\\b${within(60)}\\b${YOURS}\\b|\\b${YOURS}\\b${within(30)}\\b${UNDONE}`,
    'instruction|prompt|directive|programming|orders',
  ),
  rule(
    'override',
    `\\b(?:earlier|previous|prior|above|preceding|old|other|initial) (?:instructions?|directives?|prompts?) (?:is|are|was|were|has been|have been)(?: hereby| now| all)? (?:overrid|overrul|cancel|replac|supersed|revok|suspend|withdrawn|void|no longer)`,
    'instruction|directive|prompt',
  ),
  rule('override', `\\bnew instructions?(?: for you)? ?(?:follow|begin|start|are as follows|:)`, 'new instruction'),
  rule(
    'address',
    `\\bwhen (?:you )?(?:build|create|fill|produce|generate|construct|extract)(?:ing)? (?:the|your|a|this) (?:knowledge graph|graph of|json answer|triples|list of links)\\b`,
    'when ',
  ),
  rule(
    'verdict',
    `\\breviewers? (?:has|have) (?:already )?(?:accepted|approved|confirmed)${within(30)}\\b(?:links?|relation(?:ship)?s|edges|triples|facts)\\b`,
    'reviewer',
  ),
  rule(
    'address',
    `\\byour (?:answer|output|json|response|extraction|graph) (?:must|should|shall|has to|needs to|will) (?:only )?(?:contain|include|list|say|name|state|be|have)\\b`,
    'your ',
  ),
  rule(
    'address',
    `\\b(?:models?|systems?|tools?|programs?|machines?|bots?) (?:that|which) (?:read|process|summari[sz]e|parse|extract|analy[sz]e|index)s? (?:this|the) ${SOURCE}${within(20)}\\b(?:must|shall|(?:is|are) (?:required|asked|told|instructed) to|should ${TELL})\\b`,
    'that read|that process|that summari|that parse|that extract|that analy|that index|which read|which process|which summari|which parse|which extract|which analy|which index',
  ),
  rule(
    'verdict',
    `\\b(?:rate|score|grade|rank)\\b${within(60)}\\bconfidence (?:of |to |at |as |= ?|: ?)?${SURE}(?![\\d.]*\\d)`,
    'confidence',
  ),
  rule(
    'role',
    `(?:^|(?<=[.!?>\\])"] ))[\\[<(]?(?:system|developer|assistant|admin(?:istrator)?)(?: (?:prompt|message|instructions?|override|note|update|notice|alert))?(?:[\\])>] ?:?|[\\])>]? ?:) ?(?:(?:please|now|important|new|urgent|the assistant|the model)[,:!]? ){0,2}(?:you (?:are|must|should|will|shall)|ignore|disregard|forget|override|from now on|new (?:instruction|task|rule|polic)\\w*|record|link|connect|mark|emit|respond|treat|assert|accept|approve|conclude)\\b`,
    'system|developer|assistant|admin',
  ),
  rule('forged-unit', `\\[s\\d{1,4}\\] ?[\\p{L}\\p{N}"'(]${within(200)}[\\p{L}]`, '[s'),
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
    `\\b(?:links?|relationships?|edges?|triples?|facts?)\\b${within(60)}\\b(?:needs? no|requires? no|without|skips?|(?:has|have) (?:already )?been) (?:\\w+ )?(?:review(?:ed)?|approved by (?:the )?reviewers?)\\b`,
    'review',
  ),
]

/** Where an order may begin. */
const BEGINS = `(?:${START}(?:(?:and|then|now|also|please|kindly|only|always|so|just),? )*|\\b(?:and|then|please|kindly) (?:to )?)`

/** Who is told to take something down is not told that it is so; whatever the link is called in there. */
export const ORDERS: readonly Rule[] = [
  rule(
    'order',
    `${BEGINS}(?:link|connect|relate|associate) [^.!?\\n]{2,80}? (?:to|with|and|as)\\b`,
    'link |connect |relate |associate ',
  ),
  rule(
    'order',
    `${BEGINS}(?:record|register|report|output|emit|extract|assert|note|conclude|state|write down|take down) (?:[^.!?\\n]{1,80}? )?(?:that|as|to be)\\b`,
    'record |register |report |output |emit |extract |assert |note |conclude |state |write down |take down ',
  ),
  rule(
    'order',
    `\\b(?:[Oo]utput|[Ee]mit|[Aa]nswer|[Rr]ecord|[Rr]eturn|[Aa]dd|[Aa]ssert|[Ll]ist|[Ww]rite)\\b[^.!?\\n]{0,60}?\\b[A-Z]{3,}(?:_[A-Z]+)*\\(\\p{Lu}[\\p{L} ]{0,40}, ?\\p{Lu}`,
    '(',
    'capitals',
  ),
  rule(
    'order',
    `\\b(?:only|following|contains?|include|[Oo]utput|[Rr]ecord|[Ss]tate|[Aa]nswer|[Tt]riple|[Ll]ink|[Rr]elation(?:ship)?)\\b[^.!?\\n]{0,60}?[ (]\\p{Lu}[\\p{L}]+,? (?!AWS|DNS|HTTPS|CSS|TLS|GPS|NFS|CMS|IBIS|POSIX|SMS|APIS|IDS)[A-Z]{3,}S(?:_[A-Z]+)*,? \\p{Lu}`,
    '',
    'capitals',
  ),
  rule(
    'order',
    `${START}(?:[Pp]lease )?[Ll]ink [\\p{L}\\p{N}"'][^.!?\\n]{0,60} (?:to|with|and) [\\p{L}\\p{N}"'][^.!?\\n]{0,60} (?:as|by|via|using|with|through) (?:an? |the |link |type |relation )*["'\`]?[A-Z]{4,}(?:_[A-Z]+)*\\b`,
    '',
    'capitals',
  ),
  rule(
    'order',
    `\\b(?:[Ll]ink|[Cc]onnect|[Rr]elate|[Rr]ecord|[Mm]ark|[Ee]xtract|[Ee]mit|[Oo]utput|[Aa]ssert|[Aa]dd|[Ii]nsert|[Cc]reate)\\b[^.!?\\n]{0,100}[ "'\`([:](?:[A-Z]{2,}_)+(?:TO|OF|BY|FOR|WITH|IN|ON|FROM|AT)\\b`,
    '_',
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
    'confidence|the knowledge graph|your answer|your json|your reply|your output',
  ),
]
