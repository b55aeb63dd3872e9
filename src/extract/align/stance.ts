import { FIRST_STAGE, STANCE } from './features.ts'
import { positions } from './logistic.ts'
import type { Reading, ReadSentence } from './reading.ts'
import type { Pair } from './staged.ts'

const at = positions(STANCE)
const firstAt = positions(FIRST_STAGE)

const ENDS_ASKING = /\?["”)]*$/
const QUOTED_QUESTION = /\?["”]\.?$/
const QUOTED = /["“][^"“”]*["”]/g
const NOT_SURE = /\bnot (?:clear|sure|obvious)\b/i
const anywhere = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'i')
const opening = (words: string): RegExp => new RegExp(`^(?:${words})\\b`, 'i')
const NEXT_SETTLES = opening('no|not|yes|i think|still|but')

/** Words of doubt. */
const WEIGHS = {
  hesitates: anywhere('hmm?|wait'),
  perhaps: anywhere('maybe|perhaps|might|could'),
  couldBe: anywhere('could (?:be|mean|also|read)|might be|may be'),
  eitherOr: anywhere('either|whether|or is|or does'),
  weak: anywhere(
    'not sure|unsure|unclear|odd|weird|strange|doubt|hesitat\\w*|tempt\\w*|risk|soft|weak(?:er)?|thin|vague|careful|' +
      'strictly|only|just',
  ),
  denies: anywhere("isn't|not|doesn't|nobody|never|nowhere|no"),
  concedes: anywhere('question|if|unless|though|although|however'),
  lowers: anywhere('lower|less|bit'),
  opensHesitating: opening('hmm?|wait'),
  opensBut: opening('but'),
  opensAsking: opening('i could|i could also|one could|should|is|does|do|did|would|or'),
  opensSettling: opening('no|yes|still|fine|good|clear|okay'),
}
/** Words of settling; in a question they settle nothing. */
const SETTLES = {
  opensSo: opening('so|therefore'),
  decides: anywhere("I'd|I'll|I take|I keep|keep|go with|let me"),
  labels: anywhere('asserted|stated|inferred|hedged|negated'),
}
const SURE = anywhere('clear|clearly|plain|outright|obvious|sure|definite|confirms?|settles?|strong')
const byFeature = (cues: Partial<Record<keyof typeof at, RegExp>>): (readonly [feature: number, cue: RegExp])[] =>
  Object.entries(cues).map(([name, cue]) => [at[name as keyof typeof at], cue])
const weighing = byFeature(WEIGHS)
const settling = byFeature(SETTLES)

const flag = (value: boolean): number => (value ? 1 : 0)

/**
 * Whether a step argues for a link or weighs it: cues in the sentence, and whether a question stands before it. These
 * features are the same for all links.
 */
export function sentenceStance(row: Float64Array, { sentences }: Reading, position: number): void {
  const sentence = sentences[position] as ReadSentence
  const { text } = sentence
  // The source's own doubts are none of the model's.
  const own = text.replace(QUOTED, '“”')
  const neighbour = (offset: number): string => {
    const other = sentences[position + offset]
    return other?.paragraph === sentence.paragraph ? other.text : ''
  }
  const asks = ENDS_ASKING.test(text) && !QUOTED_QUESTION.test(text)

  for (const [feature, cue] of weighing) row[feature] = flag(cue.test(own))
  for (const [feature, cue] of settling) row[feature] = flag(!asks && cue.test(own))
  row[at.sure] = flag(SURE.test(own) && !NOT_SURE.test(own))
  row[at.asks] = flag(asks)
  row[at.questionMark] = flag(own.includes('?'))
  row[at.afterQuestion] = flag(ENDS_ASKING.test(neighbour(-1)))
  row[at.beforeSettling] = flag(NEXT_SETTLES.test(neighbour(1)))
  row[at.confidence] = flag(sentence.cues.confidences.length > 0)
}

/** The others, beside those of the sentence. */
export function pairStance(row: Float64Array, { first, from }: Pair): void {
  const seen = (feature: number): number => first[from + feature] ?? 0
  const asks = row[at.asks] === 1
  row[at.triple] = asks ? 0 : seen(firstAt.triple)
  row[at.tripleAsked] = asks ? seen(firstAt.triple) : 0
  row[at.confidenceOther] = seen(firstAt.confidenceOther)
  row[at.quotes] = seen(firstAt.quoteRun)
  row[at.unitQuoted] = flag(seen(firstAt.unitQuoted) > 0)
  row[at.otherType] = seen(firstAt.otherType)
  row[at.skips] = seen(firstAt.skips)
  row[at.short] = seen(firstAt.short)
  row[at.rejectedAhead] = flag(seen(firstAt.rejectedAhead) > 0)
  row[at.polaritySame] = seen(firstAt.polaritySame)
}
