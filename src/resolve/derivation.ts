import type { NamedThing } from '../model/name-index.ts'
import { readThing } from './identity/judgement.ts'
import { keysOfThing } from './identity/keys.ts'
import { materialise } from './materialise.ts'
import { nameEntity, nameTogether } from './name-entity.ts'
import { unite } from './unite.ts'

/** The rules that a store derives its graph by: whoever opens a store gives it these. */
export const derivation = {
  materialise,
  nameEntity,
  nameTogether,
  unite,
  nameKeys: (thing: NamedThing): string[] => keysOfThing(readThing(thing)),
}
