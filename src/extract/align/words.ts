/** Words that say nothing about which link is meant; the last row is what traces say about their own work. */
const STOP_WORDS = new Set(
  `the a an of to in on and or is are was were be been being it its this that these those for with as by at from so i me
  my we they he she his him her their them our us you your then than but not no do does did has have had will would can
  could should there here what which who whom if just also about into one two three all any some more most other such
  only very same too up out over s t re ve ll m d how when where why each both may might think
  link links entity entities json quote quotes unit source say says said`.split(/\s+/),
)

/** Words with inner apostrophes and underscores (`it's`, `WORKS_FOR`); each character of an unspaced script by itself. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}])+(?:['’_][\p{L}\p{N}]+)*/gu
const ASCII_ONLY = /^[\0-\x7f]*$/
/** The same in folded text of nothing but ASCII, which most is; several times as fast. */
const ASCII_WORD = /[a-z0-9]+(?:['_][a-z0-9]+)*/g
const SUFFIX = /(?<=[a-z]{3})(?:ations?|itions?|ings?|ments?|ed|ers?|es|ions?|ors?|s|al|ly)$/
/** The last letters of those. */
const ENDS_LIKE_SUFFIX = 'sgtdrnly'

/** Lower case without accents and compatibility forms, so that Křížová and Krizova meet. */
export function fold(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

/** A rough stem: good enough for `reports`, `reported`, `reporting` to meet, wrong in ways that do no harm. */
export function stem(word: string): string {
  if (word.length <= 3) return word
  let root = word.endsWith("'s") || word.endsWith('’s') ? word.slice(0, -2) : word
  if (root.endsWith('ies')) root = `${root.slice(0, -3)}y`
  if (ENDS_LIKE_SUFFIX.includes(root.charAt(root.length - 1))) root = root.replace(SUFFIX, '')
  if (root.endsWith('e')) root = root.slice(0, -1)
  const last = root.charAt(root.length - 1)
  return last === root.charAt(root.length - 2) && last >= 'a' && last <= 'z' ? root.slice(0, -1) : root
}

const NO_STEM = -1

/** Numbers for words and stems, so that texts are compared as arrays of integers. One for each alignment. */
export class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly #stems: number[] = []

  /** The words of a text in order. */
  words(text: string): number[] {
    const ids: number[] = []
    const found = ASCII_ONLY.test(text) ? text.toLowerCase().match(ASCII_WORD) : fold(text).match(WORD)
    for (const word of found ?? []) ids.push(this.#idOf(word))
    return ids
  }

  /** Distinct stems of words, without stop words. */
  stemsOf(words: readonly number[]): number[] {
    const stems = new Set<number>()
    for (const word of words) {
      const stemId = this.#stems[word] ?? NO_STEM
      if (stemId !== NO_STEM) stems.add(stemId)
    }
    return [...stems]
  }

  stems(text: string): number[] {
    return this.stemsOf(this.words(text))
  }

  /** How many ids were given so far; stems and words share them. */
  get size(): number {
    return this.#stems.length
  }

  #idOf(word: string): number {
    const known = this.#ids.get(word)
    if (known !== undefined) return known
    const id = this.#stems.length
    this.#ids.set(word, id)
    this.#stems.push(NO_STEM)
    if (!STOP_WORDS.has(word)) this.#stems[id] = this.#idOfStem(stem(word))
    return id
  }

  #idOfStem(root: string): number {
    // Stems live in a name space of their own: a stem may look like a stop word or like a word with another stem.
    const key = `${root}*`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#stems.length
    this.#ids.set(key, id)
    this.#stems.push(id)
    return id
  }
}
