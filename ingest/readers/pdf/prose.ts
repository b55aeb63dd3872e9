import type { UnitKind } from '../../../src/model/document.ts'
import type { Place } from '../../../src/model/place.ts'
import { type Span, splitSentences } from '../../sentences.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { joinLineEnd, type Vocabulary } from './hyphens.ts'
import type { Line } from './lines.ts'

/** Lines as one text, with the place of every stretch of it. */
export interface Prose {
  readonly text: string
  readonly offsets: readonly number[]
  readonly places: readonly Place[]
}

export function placeOf(line: Line): Place {
  return { page: line.page, line: line.number }
}

/** `textOf` says what of a line counts: not the bullet before it. */
export function joinLines(
  lines: readonly Line[],
  vocabulary: Vocabulary,
  textOf: (line: Line, index: number) => string = (line) => line.text,
): Prose {
  const parts: string[] = []
  const offsets: number[] = []
  const places: Place[] = []
  let length = 0
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1]
    const own = textOf(line, index)
    const end =
      next === undefined
        ? { text: own.replace(/\u00ad$/, '-'), gap: '' }
        : joinLineEnd(own, textOf(next, index + 1), vocabulary)
    const part = end.text + end.gap
    offsets.push(length)
    places.push(placeOf(line))
    parts.push(part)
    length += part.length
  }
  return { text: parts.join(''), offsets, places }
}

/** Every sentence at the place where it begins. */
export function addProse(builder: TextBuilder, kind: UnitKind, prose: Prose): void {
  let at = 0
  for (const { start, end } of sentencesOf(prose.text)) {
    while (at + 1 < prose.offsets.length && (prose.offsets[at + 1] ?? 0) <= start) at += 1
    builder.add(kind, prose.text.slice(start, end), prose.places[at] ?? {})
  }
}

/** The mark of a footnote after a full stop hides the end of the sentence: "was low.3 The other". */
function sentencesOf(text: string): Span[] {
  return splitSentences(text).flatMap(({ start, end }) => {
    const sentence = text.slice(start, end)
    const spans: Span[] = []
    let from = 0
    for (const match of sentence.matchAll(/\p{Ll}{2}[)”"’]{0,2}[.!?][)”"’]{0,2}\d{1,3}\s+(?=\p{Lu})/gu)) {
      const to = match.index + match[0].length
      spans.push({ start: start + from, end: start + match.index + match[0].trimEnd().length })
      from = to
    }
    return [...spans, { start: start + from, end }]
  })
}
