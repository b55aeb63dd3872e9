const SHORTEST = 4
/** Endings of adjectives, plurals and persuasions. */
const ENDINGS =
  'nianism,ianism,ianity,nians,ians,isms,ism,ity,nian,ian,ese,ans,ean,ish,ists,ist,ic,an,es,n,i,s,ns,ite,ites,er,ers'.split(
    ',',
  )
const LAST_VOWELS = /[aeiouy]+$/

/**
 * What a word may share with its plural and its adjective: `Romania`, `Romanian`, `Romanians`; `Taiwan`, `Taiwanese`.
 * Not a linguist's stems: they only serve to compare two names of one type. At least four letters long; the word itself
 * is among them.
 */
export function stemsOf(token: string): readonly string[] {
  const known = kept.get(token)
  if (known !== undefined) return known
  const stems = findStems(token)
  if (token.length > LONGEST_KEPT) return stems
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(token, stems)
  return stems
}

/** Words meet again: each is compared with many. */
const kept = new Map<string, readonly string[]>()
const MOST_KEPT = 8192
const LONGEST_KEPT = 40

function findStems(token: string): string[] {
  const stems = new Set([token])
  const add = (stem: string): void => {
    if (stem.length >= SHORTEST) stems.add(stem)
  }
  for (const bare of [
    token,
    ...ENDINGS.filter((end) => token.endsWith(end)).map((end) => token.slice(0, -end.length)),
  ]) {
    add(bare)
    add(bare.replace(LAST_VOWELS, ''))
  }
  return [...stems]
}

export function shareStem(a: string, b: string): boolean {
  const stems = stemsOf(a)
  return stemsOf(b).some((stem) => stems.includes(stem))
}
