import { normaliseName } from '../model/entity.ts'
import type { NameSignatures } from '../model/name-index.ts'
import type { StoredChunk } from '../store/records.ts'
import type { Scene } from '../store/scene.ts'
import { crowdedIn, resolveWithin, type Thing } from '../resolve/identity/identity.ts'
import { locateName } from '../resolve/identity/locate-name.ts'
import {
  proposeIdentity,
  WITHIN,
  type IdentityProposal,
  type Side,
  type Sighting,
} from '../resolve/identity/propose.ts'
import { nameEntity } from '../resolve/name-entity.ts'

/** What is to be said of a document's names, and ids of those that may mean too many others for that. */
export interface JudgedScene {
  readonly said: readonly IdentityProposal[]
  readonly crowded: ReadonlySet<string>
}

/**
 * What the texts of one document and the names in them say about who is who: a function of what is there, whatever
 * people decided and whatever other documents say.
 */
export function judgeScene({ document, chunks, mentions }: Scene, signatures?: NameSignatures): JudgedScene {
  const texts = chunks.filter(({ holds }) => holds === undefined)
  const things = thingsIn(document.id, texts, mentions)
  if (things.size < 2) return { said: [], crowded: new Set() }
  const { judgements } = resolveWithin({ things: [...things.values()], texts: texts.map(textOf), signatures })
  const nameOf = (id: string): string => things.get(id)?.names[0] ?? ''
  const about = { model: WITHIN, judgedFor: document.id, nameOf }
  const look = createLook(texts, mentions, document)
  const said = judgements.flatMap((judgement) => {
    if (judgement.verdict === null) return []
    const [first, second] = look([judgement.a, judgement.forms[0]], [judgement.b, judgement.forms[1]])
    const side = (id: string, sighting: Sighting | null): Side => {
      return { id, name: nameOf(id), type: things.get(id)?.type ?? '', sighting }
    }
    return proposeIdentity(judgement, [side(judgement.a, first), side(judgement.b, second)], about)
  })
  return { said, crowded: crowdedIn(judgements) }
}

/** By id at birth, with the forms that this document has of each; who speaks in it is known by the labels. */
function thingsIn(documentId: string, chunks: readonly StoredChunk[], mentions: Scene['mentions']): Map<string, Thing> {
  const labels = new Set(
    chunks.flatMap(({ units }) =>
      units.flatMap(({ place }) => (place.speaker === undefined ? [] : normaliseName(place.speaker))),
    ),
  )
  const forms = new Map<string, { type: string; ownName: string; forms: Set<string> }>()
  for (const { id: chunkId } of chunks)
    for (const [id, { type, ownName, forms: seen }] of mentions.get(chunkId) ?? []) {
      const known = forms.get(id)
      if (known === undefined) forms.set(id, { type, ownName, forms: new Set(seen) })
      else for (const form of seen) known.forms.add(form)
    }
  return new Map(
    [...forms].map(([id, { type, ownName, forms: seen }]) => {
      const { name, aliases } = nameEntity(ownName, [...seen])
      const names = [name, ...aliases]
      const speaks = names.some((one) => labels.has(normaliseName(one)))
      return [id, { id, type, names, ...(speaks ? { speaksIn: [documentId] } : {}) }]
    }),
  )
}

/** Without what speaks to a model: it does not say who is who. */
function textOf({ text, units, flagged = [] }: StoredChunk): string {
  if (flagged.length === 0) return text
  const speaking = new Set(flagged.map((flag) => flag.split(' ')[0]))
  return units.flatMap((unit) => (speaking.has(`S${unit.s}`) ? [] : unit.text)).join('\n')
}

type Name = readonly [id: string, form: string]

/** Where two names stand: the first chunk that has both, else the first of each that names the entity so. */
function createLook(chunks: readonly StoredChunk[], mentions: Scene['mentions'], document: Scene['document']) {
  const seen = new Map<string, Sighting | null>()
  const see = (form: string, chunk: StoredChunk): Sighting | null => {
    const key = `${chunk.id} ${form}`
    let sighting = seen.get(key)
    if (sighting === undefined) {
      const evidence = locateName(form, chunk, document.path)
      sighting =
        evidence === null ? null : { chunkId: chunk.id, documentId: document.id, saidOn: document.date, evidence }
      seen.set(key, sighting)
    }
    return sighting
  }
  const chunksThatName = ([id, form]: Name): StoredChunk[] =>
    chunks.filter((chunk) => mentions.get(chunk.id)?.get(id)?.forms.includes(form) === true)
  const first = (name: Name): Sighting | null => {
    for (const chunk of chunksThatName(name)) {
      const sighting = see(name[1], chunk)
      if (sighting !== null) return sighting
    }
    return null
  }
  return (one: Name, other: Name): [Sighting | null, Sighting | null] => {
    const others = new Set(chunksThatName(other))
    for (const chunk of chunksThatName(one)) {
      if (!others.has(chunk)) continue
      const both = [see(one[1], chunk), see(other[1], chunk)] as const
      if (both[0] !== null && both[1] !== null) return [...both]
    }
    return [first(one), first(other)]
  }
}
