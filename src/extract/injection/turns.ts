import { HIDDEN } from './reveal.ts'
import { rule, START, within, type Rule } from './rule.ts'
import { SURE } from './vocabulary.ts'

/** Words that pose as something else than the source. */
export const TURNS: readonly Rule[] = [
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

/** What the answer or its review has to come to. */
export const VERDICTS: readonly Rule[] = [
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

/** Links to be made, with their types. */
export const ORDERS: readonly Rule[] = [
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
