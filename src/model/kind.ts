/** What sort of thing a type names. Schemas name their types freely, so the words in the name decide. */
export type Kind = 'person' | 'organisation' | 'place' | 'measure' | 'other'

const WORDS: readonly (readonly [Kind, RegExp])[] = [
  ['person', /^(?:per|person|people|human|speaker|employee|customer|contact|author|member|patient|participant)s?$/],
  [
    'organisation',
    /^(?:org|organi[sz]ation|company|companies|corporation|institution|agency|department|team|group|party|supplier|vendor|school|university)s?$/,
  ],
  ['place', /^(?:loc|gpe|place|location|country|countries|city|cities|region|state|site)s?$/],
  ['measure', /^(?:time|date|day|year|period|num|number|quantity|amount|money|percent|duration|measure)s?$/],
]

/** `BusinessUnit`, `GPE`, `legal_person`: the last word of the type that is known decides. */
export function kindOf(type: string): Kind {
  const words = type
    .slice(0, 80)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
  for (const word of words.toReversed()) for (const [kind, pattern] of WORDS) if (pattern.test(word)) return kind
  return 'other'
}
