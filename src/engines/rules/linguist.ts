import type { PartOfSpeech } from 'wink-nlp'

/** What the tagger says about a text, and whether a word stands in its dictionary. */
export interface Linguist {
  /** Words with their part of speech, in order. */
  tag(text: string): readonly { readonly word: string; readonly tag: PartOfSpeech }[]
  /** Whether the lower-cased word is in the English lexicon: then a capital at a sentence's start means nothing. */
  isCommon(word: string): boolean
}

let loading: Promise<Linguist> | undefined

/** Loads the tagger and its model (half a second, 30 MB) at first use. */
export function loadLinguist(): Promise<Linguist> {
  loading ??= load()
  return loading
}

async function load(): Promise<Linguist> {
  // Both packages are CommonJS; `default` is their `module.exports`.
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ])
  const wink = winkNLP(model, ['pos'])
  const { its } = wink
  // Any document gives access to the lexicon.
  const lexicon = wink.readDoc('lexicon')
  return {
    tag(text) {
      const tokens = wink.readDoc(text).tokens()
      const tags = tokens.out(its.pos) as PartOfSpeech[]
      return tokens.out(its.value).map((word, index) => ({ word, tag: tags[index] ?? 'X' }))
    },
    // Not `isLexeme`: that also knows every word read since, so answers would hang on what came before.
    isCommon: (word) => !lexicon.isOOV(word.toLowerCase()),
  }
}
