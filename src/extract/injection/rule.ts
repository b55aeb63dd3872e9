/**
 * How a text may speak to the model that reads it: it takes its instructions away (`override`), calls it by name
 * (`address`), poses as another turn of the conversation (`role`), as the end of the source (`fence`), as another unit
 * (`forged-unit`) or as the answer (`forged-answer`), says what the answer or its review has to come to (`verdict`),
 * tells it to make a link (`order`), or hides words from people (`hidden`). `continues`: goes on where one of these was.
 */
export type Form =
  | 'override'
  | 'address'
  | 'role'
  | 'fence'
  | 'forged-unit'
  | 'forged-answer'
  | 'verdict'
  | 'order'
  | 'hidden'
  | 'continues'

/** One way of saying it. Patterns are for text as `reveal` gives it; every gap in them is bounded, so they are linear. */
export interface Rule {
  readonly form: Form
  readonly pattern: RegExp
  /** It is for the text as it stands; all others are for the same in small letters. */
  readonly capitals: boolean
  /** In small letters; a text without any of these does not match, and is spared the pattern. None: always tried. */
  readonly signs: readonly string[]
}

/** `signs` are separated by `|`. */
export const rule = (form: Form, source: string, signs = '', capitals: 'capitals' | '' = ''): Rule => ({
  form,
  pattern: new RegExp(source, 'gmu'),
  capitals: capitals === 'capitals',
  signs: signs === '' ? [] : signs.split('|'),
})

/** So many words, whatever they are, inside a sentence. */
export const words = (most: number): string => `(?:[ \\n][\\p{L}\\p{N}'",()/&-]{1,30}){0,${most}}?`
/** So many characters inside a sentence. */
export const within = (most: number): string => `[^.!?\\n]{0,${most}}?`
export const START = `(?:^|(?<=[.!?:;>\\])"'(-] ?))`
