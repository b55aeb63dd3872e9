import type { Cast } from './cast.ts'
import { looksLikePerson } from './cast.ts'
import { FIRST_NAMES } from './first-names.ts'
import * as lexicon from './lexicon.ts'
import type { Linguist } from './linguist.ts'
import * as names from './names.ts'
import type { Kind } from './rule.ts'

/** What the whole chunk tells about names; see chunk.ts. */
export interface NameClues {
  readonly cast: Cast
  readonly linguist: Linguist
  /** Names written with a capital in the middle of some sentence, lower-cased. */
  readonly midSentence: ReadonlySet<string>
  /** Acronym → long form, from "Cross Project Council (CPC)". */
  readonly acronyms: ReadonlyMap<string, { readonly name: string; readonly kind: Kind | null }>
  /** "Acme" → "Acme Ltd", where the chunk has both. */
  readonly shortForms: ReadonlyMap<string, string>
  /** What "the project" or "this policy" means here. */
  readonly topics: ReadonlyMap<string, { readonly name: string; readonly kind: Kind }>
}

export const CODE = /^(?=[A-Z\d]*[A-Z])[A-Z]{2,6}[- ]?\d[\d.]*$/u
export const CODE_PREFIX = new Set(['EIP', 'ERC', 'KEP', 'RFC', 'PEP', 'ADR', 'CVE', 'JIRA', 'ISO', 'EIPs', 'RIP'])
export const SYSTEM_WORD =
  /^(?:[\p{L}\d]+(?:\.js|\.gl|\.io|JS)|(?:kube|devnet|testnet|glamsterdam-devnet)-[\p{L}\d.-]+)$/u
export const BODY_WORD = /^(?:sig|wg|SIG|WG)-\p{L}[\p{L}-]+$/u
/** Not a project's name, though "Project" stands before it. */
const PROJECT_TALK =
  /^(?:managers?|management|plans?|planning|leads?|leaders?|sponsors?|board|team|office|owners?|charter|scope|status|goals?|budget|timeline|overview|documentation|council|members?|directors?|coordinators?|name|page|structure|governance|work|update|report|review|summary|title|description|manual|schedule|files?|type|\p{L}+ing)$/iu
const ROMAN_LETTER = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\s]+$/u

/** What a run of capitalised words is. */
export interface Typed {
  readonly name: string
  readonly kind: Kind | null
  readonly aliases: readonly string[]
  /** Whether the lower-case word after the name goes with it. */
  readonly absorbs: boolean
}

export function classify(
  name: string,
  tail: string,
  honorific: boolean,
  before: string,
  clues: NameClues,
): Typed | null {
  const parts = name.split(' ')
  const first = parts[0] ?? ''
  const last = (parts[parts.length - 1] ?? '').toLowerCase()
  const typed = (kind: Kind | null, absorbs = false, aliases: readonly string[] = []): Typed => ({
    name,
    kind,
    aliases,
    absorbs,
  })
  if (name.length < 2 || name.length > 70 || parts.length > 7 || !ROMAN_LETTER.test(name)) return null
  if (parts.length === 1 && lexicon.OPENERS.has(name.toLowerCase())) return null
  if (clues.cast.isAmbiguous(name)) return null
  const actor = clues.cast.resolve(name)
  if (actor !== null && (parts.length > 1 || /^\p{Lu}/u.test(name))) {
    return {
      name: actor.name,
      kind: 'Person',
      aliases: name === actor.name ? [...actor.aliases] : [name, ...actor.aliases],
      absorbs: false,
    }
  }
  const long = clues.acronyms.get(name)
  if (long !== undefined)
    return { name: long.name, kind: long.kind, aliases: [name], absorbs: lexicon.BODY_TAILS.has(tail) }
  for (const topic of clues.topics.values()) {
    if (topic.kind === 'Project' && topic.name === `Project ${name}`)
      return { name: topic.name, kind: 'Project', aliases: [name], absorbs: tail === 'project' }
  }
  const full = clues.shortForms.get(name)
  if (full !== undefined) return { ...typed('Organization'), name: full, aliases: [name] }
  if (first === 'Project' && parts.length > 1) return PROJECT_TALK.test(parts[1] ?? '') ? null : typed('Project')
  if (CODE.test(name) || (CODE_PREFIX.has(first) && /\d$/.test(name)))
    return {
      ...typed(codeKind(name, before)),
      name: name.replace(/^([A-Z]+) ?(\d)/, '$1-$2'),
      aliases: /^[A-Z]+-/.test(name) ? [] : [name],
    }
  if (BODY_WORD.test(name) || ((first === 'SIG' || first === 'WG') && parts.length > 1)) return typed('Organization')
  if (names.KNOWN_BODIES.has(name)) return typed('Organization', tail === 'team')
  if (names.KNOWN_PLACES.has(name)) return typed('Place')
  if (lexicon.BODY_TAILS.has(tail) && !lexicon.GENERIC.has(name.toLowerCase())) return typed('Organization', true)
  if (tail === 'project' && !lexicon.GENERIC.has(name.toLowerCase())) return typed('Project', true)
  if (tail !== '' && lexicon.POLICY_TAILS.has(tail)) return { ...typed('Policy', true), name: `${name} ${tail}` }
  if (tail !== '' && lexicon.CONTRACT_TAILS.has(tail)) return { ...typed('Contract', true), name: `${name} ${tail}` }
  if (lexicon.SYSTEM_TAILS.has(tail)) return typed('System', true)
  if (parts.length > 1) {
    if (/\bBoard of Directors$/.test(name) || lexicon.BODY_HEADS.has(last)) return typed('Organization')
    if (/^(?:Department|Ministry|Office|University|Institute|Bank) of /.test(name)) return typed('Organization')
    if (lexicon.POLICY_TAILS.has(last)) return typed('Policy')
    if (lexicon.SYSTEM_TAILS.has(last)) return typed('System')
    if (names.PLACE_HEADS.has(last) || names.PLACE_FIRST.has(first.toLowerCase())) return typed('Place')
    if (names.EVENT_HEADS.has(last)) return typed('Event')
    if (names.COMPANY_HEADS.has(last) && !names.NO_COMPANY.has(first.toLowerCase())) return typed('Organization')
    if (honorific || (FIRST_NAMES.has(first.toLowerCase()) && looksLikePerson(name))) return typed('Person')
    if (parts.every((part) => lexicon.GENERIC.has(part.toLowerCase()) || lexicon.NEVER_NAMES.has(part.toLowerCase())))
      return null
    return typed(null)
  }
  if (SYSTEM_WORD.test(name)) return typed('System')
  if (honorific) return typed('Person')
  if (FIRST_NAMES.has(name.toLowerCase())) return typed('Person')
  return typed(null)
}

function codeKind(name: string, before: string): Kind {
  if (name.startsWith('ADR')) return 'Decision'
  if (/\b(?:policy|rule)\s$/i.test(before)) return 'Policy'
  if (/\b(?:invoice|contract|agreement|order|change request)\s$/i.test(before)) return 'Contract'
  return 'Concept'
}
