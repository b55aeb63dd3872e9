/**
 * What a sentence says about the model's own doing, whatever link it is about. Each list holds words or phrases;
 * `openers` must begin the sentence.
 */
const openers = (phrases: string): RegExp => new RegExp(`^(?:${phrases})\\b`, 'i')
const anywhere = (phrases: string): RegExp => new RegExp(`\\b(?:${phrases})\\b`, 'i')

/** Carries on with what the sentence before was about. */
const CONTINUES = openers(
  'so|that|this|it|and|also|fine|good|but|hmm|wait|no|yes|ok|okay|still|both|direction|hedged|asserted|inferred|stated|' +
    'confidence|polarity|support|quote|not|then again|actually|or|the hint|which|well|clear|very|he|she|they|0\\.\\d',
)
/** Turns to something else. */
const TURNS = openers(
  'then|next|now|last|first|second|third|finally|going|further|after|later|also s\\d|s\\d+|the (?:next|last|first)|' +
    'and then|on to|as for|for the|what about|who|names|meanwhile|moving',
)
/** Leaves something out. */
const SKIPS = anywhere(
  'skip|leave (?:it|that|this|them)? ?out|leav(?:e|ing) (?:it|that|this|them|those)|leave\\.|nothing (?:there|here|to|firm|in)|' +
    "no link|no type|not an? (?:link|entity|relation)|reject(?:ed)?|drop (?:it|that)|won'?t|too vague|not worth|don'?t need|" +
    "turn (?:that|it) down|no relation|ignore|pass over|isn'?t an? (?:entity|link)|aren'?t entities|stays? out",
)
/** Denies outright, without asking: “No.”, “Not the other way”. */
const DENIES = /^(?:no|not)\b[^?]*$/i
/** Plans the answer as a whole. */
const PLANS = anywhere(
  'json|labels?|summary|write (?:it|the|this|everything|that|up|out)|output|overview|schema|known (?:list|names?|entit)|' +
    'alias(?:es)?|quotes? (?:must|have|need)|letter for letter|apostrophe|count|in all|that (?:gives|makes)|' +
    'let me (?:look|read|start|think|see|write|get)|entity list|names?:|known',
)
/** Speaks of several things at once. */
const PLURAL = anywhere('both|all|each|these|those|every|they|them|others?|same|links')
const ALSO = anywhere('also|too|as well|another|other')
const UNSURE =
  /\?|\b(?:hmm?|wait|maybe|perhaps|could|might|or (?:is|should|does)|not sure|unsure|either|doubt|question|whether|arguabl|tempt|risk|careful)/i
const POLARITY = /\b(asserted|negated|hedged)\b/i
const SUPPORT = /\b(stated|inferred)\b/i
const CONFIDENCE = /(?<![\d.])0\.\d+\b/g
const COUNTED = /\b(?:both|(?:all |the |these |those |in )?(two|three|four|five)(?: times)?|([2345])(?= [A-Z]{3}))\b/i
const NUMBERS: Readonly<Record<string, number>> = { two: 2, three: 3, four: 4, five: 5 }

export interface Cues {
  readonly continues: boolean
  readonly turns: boolean
  readonly skips: boolean
  readonly leavesOut: boolean
  readonly plans: boolean
  readonly plural: boolean
  readonly also: boolean
  readonly unsure: boolean
  readonly polarity: string | null
  readonly support: string | null
  readonly confidences: readonly number[]
  /** “both”, “all three”, “4 OWNS”: how many links are meant, or 0. */
  readonly count: number
}

export function readCues(text: string): Cues {
  const counted = COUNTED.exec(text)
  const number = counted?.[1]?.toLowerCase()
  const skips = SKIPS.test(text)
  return {
    continues: CONTINUES.test(text),
    turns: TURNS.test(text),
    skips,
    leavesOut: skips || DENIES.test(text),
    plans: PLANS.test(text),
    plural: PLURAL.test(text),
    also: ALSO.test(text),
    unsure: UNSURE.test(text),
    polarity: POLARITY.exec(text)?.[1]?.toLowerCase() ?? null,
    support: SUPPORT.exec(text)?.[1]?.toLowerCase() ?? null,
    confidences: text.match(CONFIDENCE)?.map(Number) ?? [],
    count: counted === null ? 0 : number === undefined ? Number(counted[2] ?? 2) : (NUMBERS[number] ?? 0),
  }
}
