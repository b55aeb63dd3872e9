import { findDate } from '../../dates.ts'
import { readSpeaker, type Speaker } from '../../transcripts/speakers.ts'
import { textOf, type XmlElement } from '../../xml.ts'
import { elementAt, elementsIn } from '../office/elements.ts'
import type { OfficePackage } from './package.ts'
import { lineOf, paragraphsOf } from './paragraphs.ts'

/** A remark on a slide or an answer to one. */
export interface Comment {
  readonly author: Speaker | null
  /** ISO date. */
  readonly date: string | null
  readonly lines: readonly string[]
}

/** Names of those who comment, by their ids: numbers in older files, GUIDs in those with threads. */
export async function readAuthors(office: OfficePackage, presentation: string): Promise<Map<string, Speaker>> {
  const authors = new Map<string, Speaker>()
  for (const { type, target } of await office.relationshipsOf(presentation)) {
    if (type !== 'commentAuthors' && type !== 'authors') continue
    for (const { attributes } of elementsIn((await office.take(target)) ?? undefined)) {
      const { id, name } = attributes
      if (id !== undefined && name !== undefined && name.trim() !== '') authors.set(id, readSpeaker(name))
    }
  }
  return authors
}

/** The comments of a list (`p:cmLst`, `p188:cmLst`), each followed by its answers. */
export function commentsOf(list: XmlElement, authors: ReadonlyMap<string, Speaker>): Comment[] {
  return elementsIn(list, 'cm').flatMap((comment) =>
    [comment, ...elementsIn(elementAt(comment, 'replyLst'), 'reply')].flatMap((remark) => {
      const { authorId = '', dt, created } = remark.attributes
      const plain = elementAt(remark, 'text')
      const lines =
        plain === undefined ? paragraphsOf(elementAt(remark, 'txBody')).map(lineOf) : textOf(plain).split('\n')
      const said = lines.filter((line) => line.trim() !== '')
      if (said.length === 0) return []
      return [
        { author: authors.get(authorId) ?? null, date: findDate((dt ?? created ?? '').slice(0, 10)), lines: said },
      ]
    }),
  )
}
