import type { Chunk } from '../model/chunk.ts'
import { normaliseName } from '../model/entity.ts'
import { kindOf } from '../model/kind.ts'
import type { Mention } from '../model/proposal.ts'

/**
 * Has those who speak in a chunk be mentioned under their labels, where the reply names them. A label that only differs in
 * capitals, accents or title is one more name of that person. One that may be short for a person (`AO`, `Amara`) is
 * mentioned beside: who it is, is judged by all names of the document. Labels that have nothing to do with anybody the
 * reply names (`Guest`) are left out.
 */
export function nameSpeakers(mentions: readonly Mention[], { units }: Pick<Chunk, 'units'>): Mention[] {
  const spoken = Map.groupBy(
    units.filter(({ place }) => place.speaker !== undefined),
    ({ place }) => (place.speaker ?? '').trim(),
  )
  const labels = [...spoken.keys()].filter((label) => label !== '')
  const persons = mentions.filter(({ type }) => kindOf(type) === 'person')
  if (labels.length === 0 || persons.length === 0) return [...mentions]
  const named = new Map<Mention, string[]>()
  const beside: Mention[] = []
  for (const label of labels) {
    const same = persons.find((person) => namesOf(person).some((name) => normaliseName(name) === normaliseName(label)))
    if (same !== undefined) {
      if (!namesOf(same).includes(label)) named.set(same, [...(named.get(same) ?? []), label])
      continue
    }
    const [like] = persons.filter((person) => mayMean(label, person))
    const said = spoken.get(label) ?? []
    if (like !== undefined)
      beside.push({ name: label, type: like.type, aliases: [], units: said.map((unit) => unit.s) })
  }
  const withLabels = mentions.map((mention) => {
    const more = named.get(mention)
    return more === undefined ? mention : { ...mention, aliases: [...mention.aliases, ...more] }
  })
  return [...withLabels, ...beside]
}

function namesOf({ name, aliases }: Mention): string[] {
  return [name, ...aliases]
}

/** All words of one stand in the other, or one is the other's initials. */
function mayMean(label: string, { name }: Mention): boolean {
  const [few, many] = [wordsOf(label), wordsOf(name)].toSorted((a, b) => a.length - b.length)
  if (few === undefined || many === undefined || few.length === 0) return false
  if (few.every((word) => many.includes(word))) return true
  const initials = many.map((word) => word.charAt(0)).join('')
  return few.length === 1 && initials.length > 1 && few[0] === initials
}

function wordsOf(name: string): string[] {
  return normaliseName(name).match(/[\p{L}\p{N}'-]+/gu) ?? []
}
