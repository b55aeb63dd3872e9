/**
 * Characters of documents and models that a terminal or an editor would act on instead of showing, or show nothing
 * of: C0 and C1 controls, line and paragraph separators, interlinear annotation, and all that Unicode counts as
 * ignorable (bidirectional and zero-width formatting, invisible fillers, variation selectors, tags). Of these, U+FE0F
 * alone may stay: it is in every other emoji.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\ufff9-\ufffb]|(?!\ufe0f)\p{Default_Ignorable_Code_Point}/gu

/** Text for a terminal: one line, and what cannot be seen is named (`‹U+202E›`). Tabs and line breaks become spaces. */
export function printable(text: string): string {
  return text.replace(/[\t\n\r]+/g, ' ').replace(UNSAFE, visible)
}

/** The same for text of several lines: line breaks stay. */
export function printableLines(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/\t/g, '  ').replace(UNSAFE, visible))
    .join('\n')
}

/** JSON in which no character can act on a terminal; parses to the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(UNSAFE, (character) =>
    /[\n]/.test(character) ? character : [...character].map((one) => escapeUnits(one)).join(''),
  )
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return escaped
}

function visible(character: string): string {
  return `‹U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}›`
}
