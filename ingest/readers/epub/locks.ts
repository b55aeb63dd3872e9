import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import { descendantsOf, parseXml } from '../../xml.ts'
import type { Zip } from '../../zip.ts'
import { attempt } from '../office/attempt.ts'
import { elementAt, localName } from '../office/elements.ts'
import { resolveLink } from './book.ts'

const LIST = 'META-INF/encryption.xml'
/** Fonts are scrambled so that they cannot be copied out; that is no lock. */
const OBFUSCATION = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/

/** @throws InputError `encrypted` where files of the text itself are locked (DRM) */
export async function refuseLocked(zip: Zip, path: string, spine: readonly string[], notes: Note[]): Promise<void> {
  if (!zip.has(LIST)) return
  const root = await attempt(
    notes,
    { code: 'unreadable-part', what: 'The list of locked files', where: LIST },
    async () => parseXml(await zip.read(LIST), path),
  )
  if (root === null) return
  const text = new Set(spine)
  for (const data of descendantsOf(root)) {
    if (localName(data) !== 'EncryptedData') continue
    const method = elementAt(data, 'EncryptionMethod')?.attributes['Algorithm'] ?? ''
    const link = elementAt(data, 'CipherData', 'CipherReference')?.attributes['URI'] ?? ''
    if (OBFUSCATION.test(method) || !text.has(resolveLink('', link).file)) continue
    throw new InputError('encrypted', `${path}: the book is locked by its seller (DRM)`, {
      place: path,
      hint: 'Only books without a lock can be read.',
    })
  }
}
