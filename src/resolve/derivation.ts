import type { NamedThing } from '../model/name-index.ts'
import { readThing } from './identity/judgement.ts'
import { keysOfThing } from './identity/keys.ts'
import { materialise } from './materialise.ts'
import { nameEntity } from './name-entity.ts'

/** The rules that a store derives its graph by: whoever opens a store gives it these. */
export const derivation = {
  materialise,
  nameEntity,
  nameKeys: (thing: NamedThing): string[] => keysOfThing(readThing(thing)),
}
