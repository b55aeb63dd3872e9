import type { Polarity } from '../../model/answer.ts'

export interface Reading {
  readonly polarity: Polarity
  /** The words that decide it, as written; empty where asserted. */
  readonly sign: string
}

export const ASSERTED: Reading = { polarity: 'asserted', sign: '' }

/** Verbs that carry no meaning of their own before the trigger. */
const CARRIERS = new Set(
  `is are was were be been being am 's 're 'm 've has have had do does did get gets got become becomes became remain remains
  stay stays`.split(/\s+/),
)
const NEGATIONS = new Set(['not', "n't", 'never', 'no', 'neither', 'nor', 'cannot', 'hardly', 'without'])
const HEDGES = new Set(
  `might may could would 'd should will 'll shall plans plan planned planning wants want intends intend hopes hope hoping
  wishes going supposed expected expects likely possibly maybe perhaps probably allegedly reportedly apparently considering
  considers tries try trying`.split(/\s+/),
)
/** "can", "must" and "has to" say that a thing may or ought to be, not that it is. */
const MODALS = new Set(['can', 'must', 'to', 'able', 'needs', 'ought'])
const FILLERS = new Set(
  `also still now currently already always really just actually basically kind of sort like um uh only both primarily mainly
  fully directly partly jointly officially formally recently finally long even now, then therefore technically already
  effectively essentially largely entirely again well since has mostly`.split(/\s+/),
)

/**
 * Takes auxiliaries, adverbs and fillers off the front of the words between two names, and reads from them whether the
 * link is asserted, denied or only hoped for.
 */
export function readAuxiliaries(words: readonly string[]): { readonly rest: string[]; readonly reading: Reading } {
  let negation = ''
  let hedge = ''
  let index = 0
  for (; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (CARRIERS.has(word) || FILLERS.has(word)) continue
    if (word === 'longer' || word === 'more') {
      if (negation === '') break
      negation = `${negation} ${word}`
    } else if (NEGATIONS.has(word)) negation = word
    else if (HEDGES.has(word) || MODALS.has(word)) hedge ||= word
    else break
  }
  return { rest: words.slice(index), reading: combine(negation, hedge) }
}

function combine(negation: string, hedge: string): Reading {
  if (negation !== '') return { polarity: 'negated', sign: negation }
  if (hedge !== '') return { polarity: 'hedged', sign: hedge }
  return ASSERTED
}

const DENIED_LATER =
  /\b(?:that(?:'|’)s|that is|this is|which is|is)(?:,? (?:um|uh|just|simply|that(?:'|’)s|plain),?)* (?:wrong|not true|untrue|false|incorrect|not the case)\b/iu
const DENIAL_BEFORE =
  /\b(?:(?:does|do|did|is|was|are|were)(?:n['’]t| not) (?:mean|true|clear|say|the case|think|believe)|not true that|nobody|no one|none|never said|no longer|neither|doubt)\b[^,;]*$/iu
const HEDGE_BEFORE =
  /\b(?:if|whether|unless|maybe|perhaps|rumou?rs?(?: has it)?|apparently|allegedly|supposedly|imagine|suppose|assuming|hopefully|wish|in case|could|would|might|should|as if|what if|let['’]s say|hypothetically|for example|e\.g\.|until|once|when|before|in order for|propos\w+|suggest\w*|considering|i think|i guess|i believe|i heard|heard that|not sure|unclear|wondering|ask(?:ed|ing)? if|plans? (?:for|to))\b[^;:]*$/iu
const REPORTED_BEFORE = /\b(?:charter|document|rumou?r|page|claims?|claimed) (?:says?|said|that)\b[^;]*$/iu
const QUESTION = /\?["”’)\]]*\s*$/u
const WITHDRAWN =
  /\b(?:no, sorry|sorry, no|the other way r?a?round|scratch that|i mean not|correction:|i misspoke|strike that)\b/iu

/** Reads what the rest of the sentence does to a match: denials, conditions, questions, reports. */
export function readSurroundings(before: string, after: string): Reading {
  const denial = DENIED_LATER.exec(after) ?? DENIAL_BEFORE.exec(before)
  if (denial !== null) return { polarity: 'negated', sign: firstWords(denial[0]) }
  if (QUESTION.test(after)) return { polarity: 'hedged', sign: '?' }
  const hedge = HEDGE_BEFORE.exec(before) ?? REPORTED_BEFORE.exec(before)
  if (hedge !== null) return { polarity: 'hedged', sign: firstWords(hedge[0]) }
  return ASSERTED
}

/** The words with which a speaker takes back what he has just said, or null. */
export function findWithdrawal(after: string): string | null {
  return WITHDRAWN.exec(after)?.[0] ?? null
}

function firstWords(text: string): string {
  return text.trim().split(/\s+/).slice(0, 3).join(' ')
}

const RANK: Record<Polarity, number> = { asserted: 0, hedged: 1, negated: 2 }

/** The stronger doubt wins. */
export function doubtMore(one: Reading, other: Reading): Reading {
  return RANK[other.polarity] > RANK[one.polarity] ? other : one
}
