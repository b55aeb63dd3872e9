import type { Attachment } from '../../reading.ts'
import type { Package, Relationship } from './parts.ts'

/** Containers of other programs' objects (OLE): formulas, drawings, packages without a name. */
const OBJECT = /\.(?:bin|ole|emf|wmf)$/i
/** Many formulas are as many objects. */
const MOST_NAMED = 5

/** Documents inside a document, by the name of their part; objects that cannot be read become one note. */
export async function readAttachments(
  { zip, notes }: Package,
  relationships: readonly Relationship[],
): Promise<Attachment[]> {
  const imported = new Set(relationships.filter(({ type }) => type === 'aFChunk').map(({ part }) => part))
  const names = zip.names.filter((name) => /^word\/embeddings\/[^/]+$/.test(name) || imported.has(name))
  const objects = names.filter((name) => OBJECT.test(name)).map(baseName)
  const attachments: Attachment[] = []
  const taken = new Set<string>()
  for (const part of names.filter((name) => !OBJECT.test(name))) {
    const name = taken.has(baseName(part)) ? part : baseName(part)
    taken.add(name)
    attachments.push({ name, bytes: await zip.read(part) })
  }
  if (objects.length > 0) {
    const named = objects.slice(0, MOST_NAMED).join(', ') + (objects.length > MOST_NAMED ? ' …' : '')
    const message = `Embedded objects that cannot be read were left out: ${objects.length} (${named}).`
    notes.push({ code: 'embedded-object', message })
  }
  return attachments
}

function baseName(part: string): string {
  return part.slice(part.lastIndexOf('/') + 1)
}
