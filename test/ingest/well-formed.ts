import { expect } from 'vitest'
import type { Document, ParsedDocument } from '../../src/model/document.ts'
import { bytesId, contentId } from '../../src/model/ids.ts'

/** What every reader promises: units in order, trimmed, not empty, and nothing but white space between them. */
export function expectWellFormed(document: ParsedDocument): void {
  const { text, units } = document
  expect(units.length).toBeGreaterThan(0)
  let end = 0
  let gapsAreWhite = true
  for (const unit of units) {
    const gap = text.slice(end, unit.start)
    const own = text.slice(unit.start, unit.end)
    gapsAreWhite &&= end === 0 ? gap === '' : gap === ' ' || gap === '\n' || gap === '\n\n'
    gapsAreWhite &&= own !== '' && own.trim() === own && !own.includes('\n') && unit.start >= end
    gapsAreWhite &&= Object.keys(unit.place).length > 0 && (unit.place.line ?? 1) >= 1
    end = unit.end
  }
  expect(gapsAreWhite).toBe(true)
  expect(end).toBe(text.length)
  expect(document.title.trim()).not.toBe('')
}

/** A document as the chunker sees it, from units and the gaps between them. */
export function documentOf(
  parts: readonly {
    text: string
    gap?: ' ' | '\n' | '\n\n'
    kind?: 'sentence' | 'heading' | 'utterance'
    speaker?: string
  }[],
): Document {
  let text = ''
  const units = parts.map((part, index) => {
    if (index > 0) text += part.gap ?? '\n'
    const start = text.length
    text += part.text
    const place = part.speaker === undefined ? { line: index + 1 } : { line: index + 1, speaker: part.speaker }
    return { kind: part.kind ?? 'sentence', start, end: text.length, place }
  })
  return {
    id: contentId('document', 'test', 'made-up.txt'),
    source: 'test',
    path: 'made-up.txt',
    contentHash: bytesId(new TextEncoder().encode(text)),
    title: 'Made up',
    kind: 'document',
    mediaType: 'text/plain',
    date: null,
    text,
    units,
    notes: [],
  }
}
