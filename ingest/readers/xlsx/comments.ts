import type { CellObject } from '@e965/xlsx'
import type { Place } from '../../../src/model/place.ts'
import { addProse } from '../tables/table-text.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { descendantsOf, parseXml, textOf } from '../../xml.ts'
import type { Zip } from '../../zip.ts'

/** One remark on a cell. */
export interface CellComment {
  readonly cell: string
  readonly author: string
  readonly text: string
}

/** The library does not give the dates of comments; here they are by cell and words. */
export type CommentDates = ReadonlyMap<string, string>

export function commentsOf(cell: CellObject, name: string): CellComment[] {
  return (cell.c ?? []).flatMap(({ a: author = '', t }) => {
    // Excel puts the author's name above the words.
    const text = (t ?? '').replace(/\r\n?/g, '\n').trim()
    const own = author !== '' && text.startsWith(`${author}:`) ? text.slice(author.length + 1).trim() : text
    return own === '' ? [] : [{ cell: name, author: author.trim(), text: own }]
  })
}

export function addComments(
  builder: TextBuilder,
  comments: readonly CellComment[],
  sheet: string,
  dates: CommentDates,
): void {
  builder.block()
  for (const { cell, author, text } of comments) {
    const date = dates.get(keyOf(cell, text))
    const place: Place = {
      sheet,
      cell,
      part: 'comment',
      // "Author" is what a program writes that does not know.
      ...(author === '' || author === 'Author' ? {} : { speaker: author }),
      ...(date === undefined ? {} : { date }),
    }
    addProse(builder, text, () => place)
  }
  builder.block()
}

/** Dates of threaded comments. Two of the same words on cells of the same name in different sheets have none. */
export async function readCommentDates(zip: Zip, path: string): Promise<CommentDates> {
  const dates = new Map<string, string>()
  for (const name of zip.names.filter((one) => /^xl\/threadedComments\/[^/]+\.xml$/i.test(one))) {
    const root = parseXml(await zip.read(name), `${path}/${name}`)
    for (const comment of descendantsOf(root, 'threadedComment')) {
      const day = /^\d{4}-\d{2}-\d{2}/.exec(comment.attributes['dT'] ?? '')?.[0]
      const key = keyOf(comment.attributes['ref'] ?? '', textOf(comment).replace(/\r\n?/g, '\n').trim())
      if (day === undefined) continue
      dates.set(key, dates.has(key) && dates.get(key) !== day ? '' : day)
    }
  }
  for (const [key, day] of dates) if (day === '') dates.delete(key)
  return dates
}

function keyOf(cell: string, text: string): string {
  return `${cell}\n${text}`
}
