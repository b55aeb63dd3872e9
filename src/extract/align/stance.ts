import type { Pair } from './second-stage.ts'
import type { Reading, ReadSentence } from './reading.ts'

const ENDS_ASKING = /\?["”)]*$/
const QUOTED_QUESTION = /\?["”]\.?$/
const QUOTED = /["“][^"“”]*["”]/g
const anywhere = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'i')
const opening = (words: string): RegExp => new RegExp(`^(?:${words})\\b`, 'i')

/** Words of doubt and of settling. Quotations are blanked first: the source's own doubts are none of the model's. */
const CUES = {
  hesitates: anywhere('hmm?|wait'),
  perhaps: anywhere('maybe|perhaps|might|could'),
  couldBe: anywhere('could (?:be|mean|also|read)|might be|may be'),
  eitherOr: anywhere('either|whether|or is|or does'),
  weak: anywhere(
    'not sure|unsure|unclear|odd|weird|strange|doubt|hesitat\\w*|tempt\\w*|risk|soft|weak(?:er)?|thin|vague|careful|strictly|only|just',
  ),
  denies: anywhere("isn't|not|doesn't|nobody|never|nowhere|no"),
  concedes: anywhere('question|if|unless|though|although|however'),
  lowers: anywhere('lower|less|bit'),
  opensHesitating: opening('hmm?|wait'),
  opensBut: opening('but'),
  opensAsking: opening('i could|i could also|one could|should|is|does|do|did|would|or'),
  opensSettling: opening('no|yes|still|fine|good|clear|okay'),
}
const SETTLES = {
  opensSo: opening('so|therefore'),
  decides: anywhere("I'd|I'll|I take|I keep|keep|go with|let me"),
  labels: anywhere('asserted|stated|inferred|hedged|negated'),
  sure: anywhere('clear|clearly|plain|outright|obvious|sure|definite|confirms?|settles?|strong'),
}
const NOT_SURE = /\bnot (?:clear|sure|obvious)\b/i
const NEXT_SETTLES = opening('no|not|yes|i think|still|but')

type Names<T> = { readonly [K in keyof T]: number }

/** Whether a step argues for a link or weighs it: cues in the sentence, and whether a question stands before it. */
export function stanceFeatures(reading: Reading, pair: Pair) {
  const sentence = reading.sentences[pair.sentence] as ReadSentence
  const neighbour = (offset: number): string => {
    const other = reading.sentences[pair.sentence + offset]
    return other?.paragraph === sentence.paragraph ? other.text : ''
  }
  const { text } = sentence
  const own = text.replace(QUOTED, '“”')
  const flag = (value: boolean): number => (value ? 1 : 0)
  const asks = flag(ENDS_ASKING.test(text) && !QUOTED_QUESTION.test(text))
  const found = <T extends Readonly<Record<string, RegExp>>>(cues: T): Names<T> =>
    Object.fromEntries(Object.entries(cues).map(([name, cue]) => [name, flag(cue.test(own))])) as Names<T>
  const settles = found(SETTLES)
  const { first } = pair
  return {
    asks,
    questionMark: flag(own.includes('?')),
    ...found(CUES),
    opensSo: settles.opensSo * (1 - asks),
    decides: settles.decides * (1 - asks),
    labels: settles.labels * (1 - asks),
    sure: NOT_SURE.test(own) ? 0 : settles.sure,
    confidence: flag(sentence.confidences.length > 0),
    confidenceOther: first.confidenceOther,
    triple: first.triple * (1 - asks),
    tripleAsked: first.triple * asks,
    quotes: first.quoteRun,
    unitQuoted: flag(first.unitQuoted > 0),
    otherType: first.otherType,
    afterQuestion: flag(ENDS_ASKING.test(neighbour(-1))),
    beforeSettling: flag(NEXT_SETTLES.test(neighbour(1))),
    skips: first.skips,
    short: first.short,
    rejectedAhead: flag(first.rejectedAhead > 0),
    polaritySame: first.polaritySame,
  }
}
