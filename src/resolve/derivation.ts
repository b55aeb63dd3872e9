import type { NamedThing } from '../model/name-index.ts'
import { readThing } from './identity/judgement.ts'
import { keysOfThing } from './identity/keys.ts'
import type { NameSignatures } from './identity/signature.ts'
import { materialise } from './materialise.ts'
import { nameEntity, nameTogether } from './name-entity.ts'
import { unite } from './unite.ts'

/** The rules that a store derives its graph by, with what an embedding model made of names where one is configured. */
export function derivationWith(signatures?: NameSignatures) {
  return {
    materialise,
    nameEntity,
    nameTogether,
    unite,
    nameKeys: (thing: NamedThing): string[] => keysOfThing(readThing(thing), signatures),
  }
}

/** The rules of whoever opens a store and has no such model. */
export const derivation = derivationWith()
