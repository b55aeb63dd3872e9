import type { Note } from '../../../src/model/note.ts'
import { foldSpace } from '../../passage.ts'
import { textOf } from '../../xml.ts'
import { attempt } from './attempt.ts'
import { elementsIn, localName } from './elements.ts'
import type { OfficePackage } from './package.ts'

/** What an Office file records about itself in `docProps/core.xml`. */
export interface Properties {
  /** Null where it is one that the program made up. */
  readonly title: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** Names of the properties in the file, and ours. */
const NAMES: Readonly<Record<string, string>> = {
  creator: 'author',
  lastModifiedBy: 'lastModifiedBy',
  created: 'created',
  modified: 'modified',
  subject: 'subject',
  keywords: 'keywords',
  category: 'category',
  description: 'description',
}
/** What programs put there by themselves, in the languages in which they do. */
const MADE_UP =
  /power\s?point|^(?:presentation|präsentation|présentation|presentación|untitled|title|slide)\s*\d*$|\.\w{3,4}$/iu

export async function readProperties(office: OfficePackage, notes: Note[]): Promise<Properties> {
  const metadata: Record<string, string> = {}
  let title: string | null = null
  await attempt(notes, { code: 'unreadable-properties', what: 'Title and author', where: 'docProps' }, async () => {
    const named = (await office.relationshipsOf('')).find(({ type }) => type === 'core-properties')?.target
    const part = [named, 'docProps/core.xml'].find((name) => name !== undefined && office.zip.has(name))
    const core = part === undefined ? null : await office.take(part)
    for (const property of elementsIn(core ?? undefined)) {
      const value = foldSpace(textOf(property))
      const name = localName(property)
      if (value === '') continue
      if (name === 'title' && !MADE_UP.test(value)) title = value
      const ours = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
      if (ours !== undefined) metadata[ours] = value
    }
  })
  return { title, metadata }
}
