import { HIDDEN } from './reveal.ts'
import { rule, within, type Rule } from './rule.ts'
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
    `(?:^|(?<=[.!?>\\])"] ))[\\[<(]?(?:system|developer) (?:prompt|override|instructions?)[\\])>]? ?:`,
    'prompt|override|instruction',
  ),
  rule(
    'role',
    `(?:^|(?<=[.!?>\\])"] ))[\\[<(]?(?:system|assistant)(?: (?:prompt|message|instructions?|override))?(?:[\\])>] ?:?|[\\])>]? ?:) ?(?:please |now |important[:,] |you (?:must|should|are to) )?(?:ignore (?:all|any|every|the|your|previous)|disregard|override|record that|link|emit|assert|conclude)\\b`,
    'system|assistant',
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
    `\\b(?:end of (?:the )?(?:source|untrusted (?:data|input|text)|user (?:input|data)|context))\\b${within(12)}[.!:>)\\]\\n*=-]{1,8} ?(?:begin|start|new|now|system|instructions?|you)\\b`,
    'end of',
  ),
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
    `\\b(?:set|give|use|assign|put|mark|rate|score)\\b(?=[^!?\\n]{0,80}?\\b(?:links?|triples?|edges?)\\b)${within(60)}\\bconfidence (?:(?:score|value) )?(?:of |to |at |is |as |= ?|: ?){0,2}${SURE}(?![\\d.]*\\d)`,
    'confidence',
  ),
  rule(
    'verdict',
    `\\bauto(?:matically)?[- ]?(?:approve|accept|confirm)\\w*${within(40)}\\b(?:links?|relation(?:ship)?s?|edges?|triples?|facts?|this (?:document|source|claim))\\b`,
    'auto',
  ),
  rule(
    'verdict',
    `\\b(?:accept|approve|confirm)${within(40)}\\b(?:links?|relationships|edges|triples|facts|claims)\\b${within(40)}\\b(?:without|no|in)(?: \\w+){0,2} (?:review|bulk|look|question)`,
    'link|relationships|edges|triples|facts|claims',
  ),
  rule(
    'verdict',
    `\\breviewers?[,:] ?(?:please )?(?:accept|approve|confirm) (?:all|every|the following|these|this) (?:\\w+ )?(?:links?|relationships?|facts?|claims?)\\b`,
    'reviewer',
  ),
]
