import { contentId } from './ids.ts'
import { kindOf } from './kind.ts'

/** A name in which there is nothing to fold but capitals: most are. */
const PLAIN = /^[\w.'-]+(?: [\w.'-]+)*$/
const HONORIFIC = /^(?:dr|prof|professor|mr|mrs|ms|miss|mx|sir|dame|rev|hon)\.?\s+/

/** A thing that links join. Its id is fixed at birth; see {@link entityId}. */
export interface Entity {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly type: string
}

/** Signs that nobody sees: marks of the direction of writing, spaces of no width, soft hyphens. */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu

/** Folds case, accents, white space, dashes and quotes, and drops signs that nobody sees and honorifics, so that spellings of one name meet. */
export function normaliseName(name: string): string {
  return fold(name, (text) => text.replace(INVISIBLE, ''))
}

/** The same as it was before signs that nobody sees were dropped; the ids of that time are made of it. */
function normaliseAsBefore(name: string): string {
  return fold(name, (text) => text)
}

function fold(name: string, drop: (text: string) => string): string {
  let folded = PLAIN.test(name) ? name.toLowerCase() : foldSigns(name, drop)
  while (HONORIFIC.test(folded)) folded = folded.replace(HONORIFIC, '')
  return folded === '' ? name.trim().toLowerCase() : folded
}

function foldSigns(name: string, drop: (text: string) => string): string {
  return drop(name.normalize('NFKD'))
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc`´]/gu, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb"]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/**
 * By type and normalised name. A lone name of a person (`Jonas`, `Dr. Okafor`, `AO`) means somebody of its own document
 * only, so there the document is a part of it: who it is beyond that, somebody has to say.
 */
export function entityId(type: string, name: string, documentId: string): string {
  return idOf(type, normaliseName(name), documentId)
}

function idOf(type: string, normalised: string, documentId: string): string {
  return isLone(type, normalised)
    ? contentId('entity', type, normalised, documentId)
    : contentId('entity', type, normalised)
}

/** The id that a name had while signs that nobody sees made another one. */
export function entityIdAsBefore(type: string, name: string, documentId: string): string {
  return idOf(type, normaliseAsBefore(name), documentId)
}

/** The id that a name had in every document, before a lone name was kept to its own. */
export function unscopedEntityId(type: string, name: string): string {
  return contentId('entity', type, normaliseName(name))
}

/** The same while signs that nobody sees made another name. */
export function unscopedEntityIdAsBefore(type: string, name: string): string {
  return contentId('entity', type, normaliseAsBefore(name))
}

/** Where a first name ends and another begins, or that it is an address. */
const MORE_THAN_A_NAME = /[\s@]|\.\p{L}/u
/** Names in these scripts are written without a space; three signs are family and given name. */
const FULL_WITHOUT_SPACE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}·・ー]{3,}$/u

/** Whether a name is one part of a person's, so that it means somebody of its own document only. */
export function isLoneName(type: string, name: string): boolean {
  return isLone(type, normaliseName(name))
}

/** The same of a normalised name. */
function isLone(type: string, normalised: string): boolean {
  if (MORE_THAN_A_NAME.test(normalised) || !isPerson(type)) return false
  return !FULL_WITHOUT_SPACE.test(normalised.normalize('NFC'))
}

const persons = new Map<string, boolean>()

function isPerson(type: string): boolean {
  let known = persons.get(type)
  if (known === undefined) {
    known = kindOf(type) === 'person'
    // Models make types up: what was asked for is not kept without bound.
    if (persons.size < MOST_TYPES) persons.set(type, known)
  }
  return known
}

const MOST_TYPES = 1000
