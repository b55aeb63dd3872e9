import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import { speakerLabel } from '../../model/place.ts'
import { matchesOf } from '../matches.ts'
import { GOES_ON, ORDER_FOLLOWS, RULES_OF_ADDRESS, RULES_OF_DOUBT } from './forms.ts'
import { reveal, revealAll } from './reveal.ts'
import type { Form } from './rule.ts'
import { sieve, type Sieve } from './sieve.ts'

const ofAddress = sieve(RULES_OF_ADDRESS)
const ofDoubt = sieve(RULES_OF_DOUBT)

/** What of a chunk, and of the title above it, speaks to the model that reads it. */
export interface Flags {
  /** By number of the unit, also where only its speaker's name does; units without a flag are absent. */
  readonly units: ReadonlyMap<number, readonly Form[]>
  readonly title: readonly Form[]
  /**
   * Units that may speak to the model, in words that people also use to each other, or that only mention such words.
   * They are no ground for a link; nothing else is held against them. Beside flagged ones they are flagged too.
   */
  readonly doubtful: ReadonlySet<number>
  /** Units that follow a flagged one in the same breath: they may be its own words. */
  readonly near: ReadonlySet<number>
  /** All that was flagged, with disguises off. */
  readonly text: string
}

type Flaggable = Pick<Chunk, 'text' | 'start' | 'units'>

/**
 * Flags units that address the model: in whatever form, also spread over units that follow each other. Pure and linear
 * in the length of the text. What only talks about such texts, or gives orders to people, should pass.
 */
export function flagUnits(chunk: Flaggable, title: string): Flags {
  const { units } = chunk
  const lines = revealAll(units.map((unit) => unit.text))
  const turns = lines.map((line, i) => asTurn(line, units[i]?.place.speaker ?? ''))
  const [found, perhaps, mentioned] = [noForms(units), noForms(units), noForms(units)]
  for (const one of findForms(lines, ofAddress)) note(one.isMentioned ? mentioned : found, one)
  for (const one of findForms(turns, ofDoubt)) note(perhaps, one)
  if (turns.some((turn, i) => turn !== lines[i]))
    for (const one of findForms(turns, ofAddress)) note(one.isMentioned ? mentioned : perhaps, one)

  const speakers = new Map<string, readonly Form[]>()
  for (const [i, unit] of units.entries()) {
    const speaker = speakerLabel(unit.place)
    if (speaker === null) continue
    const forms = speakers.get(speaker) ?? formsOf(speaker)
    speakers.set(speaker, forms)
    for (const form of forms) found[i]?.add(form)
  }
  spread(units, lines, found)

  const titleForms = formsOf(title)
  if (titleForms.length > 0 || found.some((forms) => forms.size > 0))
    for (const [i, forms] of found.entries()) if (forms.size === 0) for (const form of perhaps[i] ?? []) forms.add(form)
  const flagged = units.flatMap((unit, i) =>
    (found[i]?.size ?? 0) > 0 ? [lines[i] ?? '', speakerLabel(unit.place) ?? ''] : [],
  )
  return {
    units: new Map(units.flatMap((unit, i) => (found[i]?.size ? [[unit.s, [...found[i]]] as const] : []))),
    title: titleForms,
    doubtful: new Set([...numbersOf(units, perhaps), ...numbersOf(units, mentioned), ...unitsNear(chunk, mentioned)]),
    near: unitsNear(chunk, found),
    text: [...flagged, titleForms.length > 0 ? reveal(title) : ''].join('\n'),
  }
}

/** The forms in which a title, a name or any text by itself addresses the model; none: it does not. */
export function formsOf(text: string): readonly Form[] {
  const found = findForms([reveal(text)], ofAddress).filter(({ isMentioned }) => !isMentioned)
  return [...new Set(found.map(({ form }) => form))]
}

/** Flags as they are listed on a chunk: `S6 override, order`, `title address`. */
export function listFlags({ units, title }: Flags): string[] {
  const listed = [...units].map(([s, forms]) => `S${s} ${forms.join(', ')}`)
  return title.length > 0 ? [`title ${title.join(', ')}`, ...listed] : listed
}

const known = new WeakMap<Chunk['units'], { readonly title: string; readonly flags: Flags }>()

/** The same, found once for units in memory: it is asked when a chunk comes in, and again when a reply about it does. */
export function flagsOf(chunk: Flaggable, title: string): Flags {
  const before = known.get(chunk.units)
  if (before?.title === title) return before.flags
  const flags = flagUnits(chunk, title)
  known.set(chunk.units, { title, flags })
  return flags
}

/** The chunk with its flags on it, for people who query; whoever decides anything by them finds them anew. */
export function withFlags(chunk: Chunk, title: string): Chunk {
  return { ...chunk, flagged: listFlags(flagsOf(chunk, title)) }
}

/** Names that a transcript gives to whoever says such things as a prompt's turns are made of. */
const ROLE = /^(?:system|assistant|developer|admin(?:istrator)?|instructions?|user|ai|llm)\b/iu

function asTurn(text: string, speaker: string): string {
  return ROLE.test(speaker) ? `${text}\n${speaker.toUpperCase()}: ${text}` : text
}

interface Found {
  readonly form: Form
  /** The first and last text that the words stand in. */
  readonly from: number
  readonly to: number
  /** The words are quoted as an example of such words, and no order follows. */
  readonly isMentioned: boolean
}

const noForms = (units: readonly ChunkUnit[]): Set<Form>[] => units.map(() => new Set())

function note(forms: readonly Set<Form>[], { form, from, to }: Found): void {
  for (let i = from; i <= to; i++) forms[i]?.add(form)
}

function numbersOf(units: readonly ChunkUnit[], forms: readonly Set<Form>[]): number[] {
  return units.flatMap((unit, i) => (forms[i]?.size ? [unit.s] : []))
}

function findForms(texts: readonly string[], sift: Sieve): Found[] {
  const starts: number[] = []
  let length = 0
  for (const text of texts) {
    starts.push(length)
    length += text.length + 1
  }
  const text = texts.join('\n')
  const small = text.toLowerCase()
  return sift(small).flatMap(({ form, pattern, capitals }) =>
    matchesOf(pattern, capitals ? text : small).map((match) => {
      const end = match.index + match[0].length
      const last = match.index + Math.max(0, match[0].trimEnd().length - 1)
      const isMentioned = isOnlyMentioned(text, match.index, end)
      return { form, from: indexAt(starts, match.index), to: indexAt(starts, last), isMentioned }
    }),
  )
}

function indexAt(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return low
}

const OPENS = /["'`“‘(][\p{L} ,]{0,12}$/u
const CLOSES = /^[ .,!…]{0,4}["'`”’)]/u
const ABOUT_SUCH_TEXTS =
  /inject|jailbreak|attack|phrase|prompt|exampl|e\.g\.|such as|pattern|payload|malicious|adversar|hostile|detect|filter|\bsays?\b|\bcalled\b/iu

/** So far on, behind the quotation marks, an order is looked for: in the next unit too. */
const WITHIN_REACH = 200

/** Nothing but the phrase itself in quotation marks, in words about such phrases. With an order behind it, it counts. */
function isOnlyMentioned(text: string, start: number, end: number): boolean {
  return (
    OPENS.test(text.slice(Math.max(0, start - 14), start)) &&
    CLOSES.test(text.slice(end, end + 6)) &&
    ABOUT_SUCH_TEXTS.test(text.slice(Math.max(0, start - 120), start) + text.slice(end, end + 120)) &&
    !ORDER_FOLLOWS.test(text.slice(end, end + WITHIN_REACH))
  )
}

/** What goes on where a flagged unit stopped, or leads up to it, by the same speaker. */
function spread(units: readonly ChunkUnit[], lines: readonly string[], found: readonly Set<Form>[]): void {
  const reach = (from: number, step: 1 | -1): void => {
    for (let i = from + step; found[i]?.size === 0; i += step) {
      if (units[i]?.place.speaker !== units[from]?.place.speaker || !GOES_ON.test(lines[i] ?? '')) return
      found[i]?.add('continues')
    }
  }
  const flagged = units.flatMap((_, i) => (found[i]?.size ? [i] : []))
  for (const i of flagged) {
    reach(i, 1)
    reach(i, -1)
  }
}

/** The rest of a flagged unit's paragraph, or of its speaker's turn. */
function unitsNear(chunk: Flaggable, found: readonly Set<Form>[]): Set<number> {
  const near = new Set<number>()
  for (const [i, unit] of chunk.units.entries()) {
    const before = chunk.units[i - 1]
    if (before === undefined || found[i]?.size || !(found[i - 1]?.size || near.has(before.s))) continue
    if (unit.place.speaker !== before.place.speaker || !['sentence', 'utterance'].includes(unit.kind)) continue
    const between = chunk.text.slice(before.end - chunk.start, unit.start - chunk.start)
    if (!between.includes('\n\n')) near.add(unit.s)
  }
  return near
}
