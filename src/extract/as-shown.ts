/** Line breaks and other controls of Unicode, by which a document could begin lines of its own. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/gu
/** They turn around what stands behind them, so that people read something else than the model. */
const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/gu
const FLAG_OF_A_REGION = String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}`
const VARIANT_OF_A_SIGN = String.raw`\p{Script=Han}[\u{e0100}-\u{e01ef}]`
/** Tags, and selectors and joiners in such numbers as nobody needs to write: what they spell only a model reads. */
const SPELLS_UNSEEN = String.raw`[\u{e0000}-\u{e0fff}]+|[\ufe00-\ufe0f]{2,}|[\u200b-\u200d\u2060-\u2065\ufeff]{3,}`
const UNSEEN = new RegExp(`(${FLAG_OF_A_REGION}|${VARIANT_OF_A_SIGN})|${SPELLS_UNSEEN}`, 'gu')
/** What a unit begins with in a prompt. */
const UNIT_MARK = /\[(\s{0,3}s\s{0,3}\d{1,9}\s{0,3})\]/giu

/**
 * Source text as the model is shown it: on one line, with nothing in it that people do not see, and without the marks
 * of units. It is as long as it was, UTF-16 code unit for code unit, so every offset stays right.
 */
export function asShown(text: string): string {
  return text
    .replace(BREAKS, ' ')
    .replace(BIDIRECTIONAL, '\u2060')
    .replace(UNSEEN, (run, kept?: string) => kept ?? ' '.repeat(run.length))
    .replace(UNIT_MARK, '($1)')
}
