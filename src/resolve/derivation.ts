import type { NamedThing, NameSignatures } from '../model/name-index.ts'
import { readThing } from './identity/judgement.ts'
import { conflictEffect, withConflicts } from './conflicts/conflict-effect.ts'
import { proposeConflicts } from './conflicts/propose-conflict.ts'
import { keysOfThing } from './identity/keys.ts'
import { materialise } from './materialise.ts'
import { nameEntity, nameTogether } from './name-entity.ts'
import { unite } from './unite.ts'

/** The rules that a store derives its graph by, with what an embedding model made of names where one is configured. */
export function derivationWith(signatures?: NameSignatures) {
  return {
    ...(signatures === undefined ? {} : { signatures }),
    materialise,
    nameEntity,
    nameTogether,
    unite,
    conflictEffect,
    withConflicts,
    proposeConflicts,
    nameKeys: (thing: NamedThing): string[] => keysOfThing(readThing(thing), signatures),
  }
}

/** The rules of whoever opens a store and has no such model. */
export const derivation = derivationWith()
