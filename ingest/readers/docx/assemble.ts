import type { ParsedDocument } from '../../../src/model/document.ts'
import type { Note } from '../../../src/model/note.ts'
import { findDateInPath, findStatedDate } from '../../dates.ts'
import { foldSpace } from '../../passage.ts'
import { TextBuilder } from '../../text-builder.ts'
import { titleFromPath } from '../../titles.ts'
import { addBlocks, type Block, type Paragraph } from './blocks.ts'
import type { Properties } from '../office/properties.ts'
import { addTranscript, findTranscript, transcriptDate, transcriptTitle } from './teams.ts'

/** What a word processor's file was read into, of whichever format. */
export interface Parts {
  readonly path: string
  readonly mediaType: string
  readonly blocks: readonly Block[]
  readonly properties: Properties
  readonly notes: readonly Note[]
}

/** Blocks as a document, or as a transcript where they are one. */
export function assembleDocument({ path, mediaType, blocks, properties, notes }: Parts): ParsedDocument {
  const builder = new TextBuilder()
  const transcript = findTranscript(blocks)
  if (transcript === null) addBlocks(builder, blocks)
  else addTranscript(builder, transcript)
  const text = builder.text
  const head = builder.units.slice(0, 20).map((unit) => builder.textOf(unit, text))
  const ownTitle =
    transcript === null ? (textOf(blocks, 'title') ?? textOf(blocks, 'heading')) : transcriptTitle(transcript)
  return {
    title: properties.title ?? ownTitle ?? titleFromPath(path),
    kind: transcript === null ? 'document' : 'transcript',
    mediaType,
    date: findStatedDate(head) ?? (transcript && transcriptDate(transcript)) ?? findDateInPath(path),
    text,
    units: builder.units,
    notes,
    ...(Object.keys(properties.metadata).length === 0 ? {} : { metadata: properties.metadata }),
  }
}

/** The first paragraph of a role in the main text that says something. */
function textOf(blocks: readonly Block[], role: Paragraph['role']): string | null {
  for (const block of blocks) {
    if (block.kind === 'row' || block.role !== role || block.place.part !== undefined) continue
    const text = foldSpace(block.text)
    if (/[\p{L}\p{N}]/u.test(text) && text.length <= 200) return text
  }
  return null
}

/** Headers and footers repeat from section to section: every paragraph once, and none of page numbers alone. */
export function withoutRepeats(blocks: readonly Block[]): Block[] {
  const seen = new Set<string>()
  return blocks.filter((block) => {
    const text = foldSpace(block.kind === 'row' ? block.cells.join(' ') : block.text)
    const key = `${block.place.part} ${text}`
    if (seen.has(key) || isPageNumber(text)) return false
    seen.add(key)
    return true
  })
}

const PAGE_WORDS = new Set(
  'page pages of seite von página pagina de di sur pag p s side af av sida strona z'.split(' '),
)

/** `Page  of ` is left of a footer when its fields are gone; lines are drawn with underscores. */
function isPageNumber(text: string): boolean {
  return (text.match(/\p{L}+/gu) ?? []).every((word) => PAGE_WORDS.has(word.toLowerCase()))
}
