import { isDay } from '../../../src/model/interval.ts'
import type { Place } from '../../../src/model/place.ts'
import { splitSentences } from '../../sentences.ts'
import type { TextBuilder } from '../../text-builder.ts'
import type { PdfAnnotation } from './pdfjs.ts'

/** What somebody wrote onto a page: a note, free text, the comment of a mark. */
export interface Comment {
  readonly text: string
  readonly author: string
  readonly date: string | null
}

/** A popup shows the comment of another annotation once more; a link has no words of its own; fields are read apart. */
const NO_COMMENT = new Set(['Popup', 'Link', 'Widget'])
const LONGEST_NAME = 120

export function commentsOf(annotations: readonly PdfAnnotation[]): Comment[] {
  return annotations.flatMap((annotation) => {
    const text = (annotation.contentsObj?.str ?? '').replace(/\r\n?/g, '\n').trim()
    if (text === '' || NO_COMMENT.has(annotation.subtype ?? '')) return []
    const author = (annotation.titleObj?.str ?? '')
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_NAME)
    return [{ text, author, date: dateOf(annotation.creationDate ?? annotation.modificationDate ?? '') }]
  })
}

export function addComments(builder: TextBuilder, page: number, comments: readonly Comment[]): void {
  for (const { text, author, date } of comments) {
    const place: Place = {
      page,
      part: 'annotation',
      ...(author === '' ? {} : { speaker: author }),
      ...(date === null ? {} : { date }),
    }
    builder.block()
    for (const line of text.split('\n')) {
      builder.line()
      const folded = line.replace(/[\p{Cc}\s]+/gu, ' ')
      for (const { start, end } of splitSentences(folded)) builder.add('sentence', folded.slice(start, end), place)
    }
    builder.block()
  }
}

/** `D:20250318120000+01'00'` → `2025-03-18`. */
export function dateOf(text: string): string | null {
  const [, year = '', month = '', day = ''] = /^(?:D:)?(\d{4})-?(\d{2})-?(\d{2})/.exec(text) ?? []
  const iso = `${year}-${month}-${day}`
  return isDay(iso) ? iso : null
}
