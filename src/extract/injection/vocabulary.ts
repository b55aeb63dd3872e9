/** Alternatives that the patterns are put together from, as parts of regular expressions. */

/** Taking the instructions away. */
export const DROP = `(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|overrule|bypass|discard|dismiss|abandon|do(?: not|n't) (?:follow|obey|heed)|stop (?:following|obeying)|pay no (?:attention|heed) to|set aside)`
export const DROP_SIGNS =
  "ignor|disregard|forget|overrid|overrule|bypass|discard|dismiss|abandon|not follow|not obey|not heed|n't follow|n't obey|n't heed|stop following|stop obeying|pay no |set aside"
export const BEFORE = `(?:previous(?:ly given)?|prior|above|preceding|earlier|foregoing|initial|original|system|hidden|developer)`
export const RULES = `(?:instructions?|prompts?|directives?|system messages?|programming)`

/** What may be called upon. The two letters by themselves also stand for “action item”. */
export const MACHINE = `(?:a\\.?i\\.? (?:language )?(?:model|system|assistant|agent|reader|bot|tool)s?|artificial intelligence|(?:large )?language models?|llms?|chat ?bots?|chat ?gpt|gpt[- ]?\\d[a-z]?)`
/** What may follow the two letters; without it they stand in many a word. */
const BEHIND = ` ,:;/)"'*-`
export const BEHIND_AI = `[${BEHIND}]`
/** Signs of it, of the two letters only with what may follow them. */
export const MACHINE_SIGNS = [
  ...[...BEHIND, '.'].flatMap((sign) => [`ai${sign}`, `ais${sign}`]),
  'a.i|artificial|language model|llm|chat|gpt',
].join('|')
export const AI = `(?:${MACHINE}|a\\.?i\\.?)`
export const READER = `(?:${AI}|(?:(?:knowledge )?graph|entity|relation(?:ship)?|information|fact)[- ](?:builder|extractor)s?|extraction (?:model|system|engine|tool|pipeline)s?|automated (?:reader|system|agent|tool|reviewer|extractor)s?)`
/** Signs of either behind a blank. */
export const AI_SIGNS = ' ai| a.i|artificial intelligence|language model|llm|chat|gpt'
export const READER_SIGNS = `${AI_SIGNS}|builder|extractor|extraction |automated `
/** Also the names of people, of things and of jobs. */
export const PERHAPS_READER = `(?:assistants?|(?:[a-z]{4,14} )?models?|claude|gemini|copilot|deepseek|extractors?)`
/** `AI researcher`, `assistant manager`: people. */
export const NOT_A_JOB = `(?! (?:compan|research|engineer|enthusiast|lab|team|expert|professional|practition|develop|startup|user|manager|professor|director|coach|secretary|editor))`
export const GREETING = `(?:dear|hey|hi|hello|attention|attn|(?:important )?(?:note|message|reminder|notice|instructions?) (?:to|for)|important for|for the attention of)`
export const DO = `(?:record|note|link|connect|relate|associate|extract|output|emit|print|report|add|insert|include|mark|set|treat|consider|assume|accept|approve|assert|state|list|write|say|answer|respond|reply|return|ignore|disregard|forget|omit|skip|classify|label|tag|store|register|create|make|do not|don't|never|always|you (?:must|should|will|shall|are|need|have)|your|ensure|be sure|remember|follow|execute|obey|override|conclude|use)`
export const TAKE_DOWN = `(?:record|link|connect|relate|associate|extract|output|emit|add|insert|include|mark|set|treat|assert|ignore|disregard|register|accept|approve)`
export const SOURCE = `(?:document|chat|text|page|file|transcript|source|passage|mail|e-mail|message|table|row)`
export const FACTS = `(?:links?|relation(?:ship)?s?|edges?|triples?|facts?|entit(?:y|ies)|quotes?)`

export const SURE = `(?:1(?:\\.0+)?|0?\\.9\\d*|9\\d ?%|100 ?%|max(?:imum|imal)?|full|high(?:est)?|one|certain)`
export const UNDONE = `(?:overrid\\w*|overrul\\w*|cancel\\w*|replac\\w*|supersed\\w*|revok\\w*|suspend\\w*|withdrawn|void|no longer (?:valid|apply|applies|in force)|obsolete|(?:has|have) changed|ignor\\w*|disregard\\w*|not follow\\w*)`
export const YOUR_PROMPT = `your (?:[a-z]+ ){0,2}?(?:prompts?|programming|system messages?)`
export const YOURS = `your (?:[a-z]+ ){0,2}?(?:instructions?|prompts?|directives?|programming|orders)`
export const TELL = `(?:record|report|answer|add|note|output|list|say|state|link|connect|extract|mark|include|treat|write|assert|conclude)`
