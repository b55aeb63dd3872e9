import { partName } from '../office/part-name.ts'
import { InputError } from '../../../src/model/errors.ts'
import { parseXml, type XmlElement } from '../../xml.ts'
import type { Zip } from '../../zip.ts'
import { elementsIn } from '../office/elements.ts'

/** From one part of an Office file to another. Links out of the file are not among them. */
export interface Relationship {
  readonly id: string
  /** Last word of the type's address, which is the same in both dialects of the format: `slide`, `notesSlide`. */
  readonly type: string
  /** Name of the part in the archive. */
  readonly target: string
}

/** The parts of an Office file (ECMA-376, part 2). */
export interface OfficePackage {
  readonly zip: Zip
  /** The part as XML. A slide, chart or comment list belongs to one place: asked for again, there is nothing. */
  take(part: string): Promise<XmlElement | null>
  relationshipsOf(part: string): Promise<readonly Relationship[]>
}

/** `path` is for messages only. */
export function openPackage(zip: Zip, path: string): OfficePackage {
  const taken = new Set<string>()
  const known = new Map<string, Promise<readonly Relationship[]>>()
  const readRelationships = async (part: string): Promise<readonly Relationship[]> => {
    const slash = part.lastIndexOf('/')
    const folder = part.slice(0, slash + 1)
    const list = `${folder}_rels/${part.slice(slash + 1)}.rels`
    if (!zip.has(list)) return []
    return elementsIn(parseXml(await zip.read(list), path), 'Relationship').flatMap(({ attributes }) => {
      const { Id: id, Type: type = '', Target: target, TargetMode: mode } = attributes
      if (id === undefined || target === undefined || mode === 'External') return []
      return [{ id, type: type.slice(type.lastIndexOf('/') + 1), target: partName(folder, target) }]
    })
  }
  return {
    zip,
    take: async (part) => {
      // Pointed to a thousand times, one large part would be read a thousand times.
      if (taken.has(part)) return null
      taken.add(part)
      return parseXml(await zip.read(part), path)
    },
    relationshipsOf: (part) => {
      const relationships = known.get(part) ?? readRelationships(part)
      known.set(part, relationships)
      return relationships
    },
  }
}

/** The main part, by the package's own relationships; the usual name where these are lost. */
export async function mainPart(office: OfficePackage, path: string, usual: string): Promise<string> {
  const relationships = await office.relationshipsOf('')
  const named = relationships.find(({ type, target }) => type === 'officeDocument' && office.zip.has(target))?.target
  if (named !== undefined) return named
  if (office.zip.has(usual)) return usual
  throw new InputError('corrupt', `${path}: ${usual} is missing inside`, {
    place: path,
    hint: 'Open it in the program that wrote it and save it again.',
  })
}

/** Targets by the ids under which a part points to them. */
export function targetsOf(relationships: readonly Relationship[]): Map<string, string> {
  return new Map(relationships.map(({ id, target }) => [id, target]))
}
