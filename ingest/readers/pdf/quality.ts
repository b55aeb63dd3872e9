import type { Note } from '../../../src/model/note.ts'
import type { Line } from './lines.ts'
import { listPages } from './page-list.ts'

/** More signs without a letter than this share make a page unreadable. */
const MUCH = 0.2

/** How much of a page's text is letters. */
export interface PageQuality {
  readonly number: number
  /** Of its text as the file gives it; `unreadable` ones stand for no letter. */
  readonly characters: number
  readonly unreadable: number
}

/** How many signs of a text stand for no letter, as fonts without a table of letters leave them. */
export function countUnreadable(text: string): number {
  return text.match(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd]/g)?.length ?? 0
}

/** Where the text is likely to differ from what a person sees on the page. */
export function qualityNotes(pages: readonly PageQuality[], lines: readonly Line[]): Note[] {
  const notes: Note[] = []
  const rtl = lines.find((line) => line.rtl)
  if (rtl !== undefined)
    notes.push({
      code: 'lower-quality',
      message: 'Text written from right to left: letters that are drawn as one sign may be in the wrong order.',
      where: `p. ${rtl.page}`,
    })
  const unreadable = pages.filter((page) => page.unreadable > page.characters * MUCH).map((page) => page.number)
  if (unreadable.length > 0) {
    const where = `${unreadable.length === 1 ? 'page' : 'pages'} ${listPages(unreadable)}`
    const message = `Fonts on ${where} do not say which letters they show: much of that text cannot be read. OCR may help.`
    notes.push({ code: 'lower-quality', message, where: `p. ${unreadable[0]}` })
  }
  return notes
}
