import { partName } from '../office/part-name.ts'
import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import { childrenOf, parseXml, type XmlElement } from '../../xml.ts'
import type { Zip } from '../../zip.ts'
import { localName, withUsualPrefixes } from './usual-prefixes.ts'

/** Part of a package to which another one refers by `id`. */
export interface Relationship {
  readonly id: string
  /** Last word of the type: `footnotes`, `header`; strict and transitional files differ in what is before it. */
  readonly type: string
  /** Name of the part in the archive. */
  readonly part: string
}

/** An open file with what went wrong so far. */
export interface Package {
  readonly zip: Zip
  readonly path: string
  readonly notes: Note[]
  /** The prefixes that the reader knows, by namespace. */
  readonly prefixes: Readonly<Record<string, string>>
}

const RELATIONSHIP_BASES = [
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
]
/** Transitional (ECMA-376 1st edition) and strict namespaces, with the prefixes that Word writes. */
export const OFFICE_PREFIXES: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://purl.oclc.org/ooxml/wordprocessingml/main': 'w',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://schemas.openxmlformats.org/drawingml/2006/diagram': 'dgm',
  ...Object.fromEntries(RELATIONSHIP_BASES.map((base) => [base, 'r'])),
}

/** @throws InputError where it is missing, damaged or over a limit */
export async function readPart({ zip, path, prefixes }: Package, name: string): Promise<XmlElement> {
  return withUsualPrefixes(parseXml(await zip.read(name), `${path} (${name})`), prefixes)
}

/** A part without which the rest can be read: null where there is none, and with a note where it is damaged. */
export async function readSidePart(file: Package, name: string | undefined): Promise<XmlElement | null> {
  if (name === undefined || !file.zip.has(name)) return null
  try {
    return await readPart(file, name)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'corrupt') throw error
    file.notes.push({ code: 'broken-part', message: `${name} inside cannot be read and was left out.`, where: name })
    return null
  }
}

/** What a part refers to inside the file; links to the outside are left out. '' stands for the package itself. */
export async function readRelationships(file: Package, part: string): Promise<Relationship[]> {
  const slash = part.lastIndexOf('/') + 1
  const root = await readSidePart(file, `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`)
  return (root === null ? [] : childrenOf(root)).flatMap((element) => {
    const { Id: id, Type: type, Target: target, TargetMode: mode } = element.attributes
    if (localName(element) !== 'Relationship' || id === undefined || type === undefined || target === undefined)
      return []
    if (mode === 'External') return []
    return [{ id, type: type.slice(type.lastIndexOf('/') + 1), part: partName(part.slice(0, slash), target) }]
  })
}
