import type { Note } from '../../../src/model/note.ts'
import { attempt } from '../office/attempt.ts'
import { readProperties, type Properties } from '../office/properties.ts'
import type { OfficePackage } from './package.ts'

/** What the file records about itself in `docProps/core.xml`, or wherever its relationships say. */
export async function propertiesOf(office: OfficePackage, notes: Note[]): Promise<Properties> {
  const note = { code: 'unreadable-properties', what: 'Title and author', where: 'docProps' }
  const core = await attempt(notes, note, async () => {
    const named = (await office.relationshipsOf('')).find(({ type }) => type === 'core-properties')?.target
    const part = [named, 'docProps/core.xml'].find((name) => name !== undefined && office.zip.has(name))
    return part === undefined ? null : office.take(part)
  })
  return readProperties(core)
}
