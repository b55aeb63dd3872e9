/** Languages whose doubts and turns are known. A trace is often in another one than its document. */
export type CueLanguage = 'en' | 'de'

interface Cues {
  /** Words that nearly every sentence has, and no other of the languages. */
  readonly common: ReadonlySet<string>
  readonly hedges: RegExp
  readonly turns: RegExp
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))
/** Anywhere in a step, as whole words. */
const anywhere = (phrases: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases})(?![\\p{L}\\p{N}])`, 'iu')
/** Where a clause begins: at the start of a step, or behind a sign that parts clauses. */
const beginning = (phrases: string): RegExp =>
  new RegExp(
    `(?:^|[.;:,!?–—(-]\\s*)(?:(?:but|oh|hm+|ah|aber|ach|ja|no|nein),?\\s+)*(?:${phrases})(?![\\p{L}\\p{N}])`,
    'iu',
  )

const CUES: Readonly<Record<CueLanguage, Cues>> = {
  en: {
    common: words('the of and to is that it this are be not with for as on who which says'),
    hedges: anywhere(
      'maybe|perhaps|possibly|probably|presumably|might|could be|may be|not (?:so |quite |entirely )?(?:sure|clear|certain)|' +
        'unsure|unclear|uncertain|i (?:guess|suppose)|seems?|appears to|arguabl[ey]|doubtful|hm+',
    ),
    turns: beginning(
      "wait|hold on|actually|scratch that|correction|on second thoughts?|(?:i was|that(?:'|’)s|that is|this is) wrong|" +
        'i take (?:it|that) back|let me (?:reconsider|rethink|correct)|no(?=,)',
    ),
  },
  de: {
    common: words('der und ist nicht ein eine den von zu mit dass das auf für sich dem im als sagt'),
    hedges: anywhere(
      'vielleicht|möglicherweise|eventuell|wahrscheinlich|vermutlich|womöglich|wohl|könnten?|dürften?|scheint|scheinbar|' +
        'anscheinend|(?:nicht|un)\\s?(?:sicher|klar)|fraglich|ich (?:nehme an|vermute)|hm+',
    ),
    turns: beginning(
      'moment|warte|wart mal|halt(?=[,.!–—-])|stopp|doch nicht|(?:das )?stimmt (?:so )?nicht|korrektur|eigentlich|' +
        'bei näherem hinsehen|ich (?:korrigiere|nehme das zurück)|das war falsch|nein(?=,)',
    ),
  },
}

const WORD = /\p{L}+/gu
/** Enough to tell a language. */
const SEEN = 20_000
const FEWEST = 2

/** The language of a trace by its commonest words; null where it is none of those, or hardly any words. */
export function cueLanguage(trace: string): CueLanguage | null {
  const found = trace.slice(0, SEEN).toLowerCase().match(WORD) ?? []
  const counts = (Object.keys(CUES) as CueLanguage[]).map((language) => {
    return { language, count: found.filter((word) => CUES[language].common.has(word)).length }
  })
  const [first, second] = counts.toSorted((a, b) => b.count - a.count)
  if (first === undefined || first.count < FEWEST || first.count === second?.count) return null
  return first.language
}

const QUOTED = /["“„»«][^"“”„»«]*["”“«»]/g

/** Whether a step doubts, and whether it takes something back. What it quotes are the source's doubts, not the model's. */
export function readDoubts(step: string, language: CueLanguage): { readonly hedges: boolean; readonly turns: boolean } {
  const own = step.replace(QUOTED, '“”')
  const { hedges, turns } = CUES[language]
  return { hedges: hedges.test(own), turns: turns.test(own) }
}
