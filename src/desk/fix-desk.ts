import { asShown } from '../extract/as-shown.ts'
import { holdsOutside, RESERVED_LINK_TYPES, type Schema } from '../model/schema.ts'
import { planAdd } from '../review/fix-add.ts'
import { entitiesLike, findEnd } from '../review/fix-ends.ts'
import { asForeseenBy, foresee } from '../review/fix-foresee.ts'
import { typesBetween } from '../review/fix-type.ts'
import { planFix, type Revision } from '../review/fix.ts'
import type { LinkView } from '../review/view-link.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Store } from '../store/store.ts'
import { noteLines, renderChange } from '../terminal/fix-lines.ts'
import { turnInWords } from '../terminal/link-card.ts'
import { renderArrow } from '../terminal/link-line.ts'
import { printable } from '../terminal/printable.ts'
import { renderRule } from '../terminal/rule-line.ts'
import { choicesOf, PAGE, type Choice } from './choices.ts'
import { told } from './told.ts'
import { lookAtEnd, mayBeOneWith, openParts, type EndAt } from './end-desk.ts'
import type { EndWanted, Side } from './end-form.ts'
import { want, type FixForm, type FormEffect, type FormStep, type Looked, type Wanted } from './fix-form.ts'

/** What the form works on. */
export interface Fixing {
  readonly store: Store
  readonly schema: Schema
  /** The link that is fixed, or beside which one is added; or the document to which one is added. */
  readonly about: LinkView | { readonly path: string }
  readonly text: Quotable
  readonly reviewer: string
  readonly note: string
  readonly now: () => Date
}

/** What may be quoted. */
export interface Quotable {
  readonly chunks: readonly Pick<Chunk, 'id' | 'units'>[]
  /** The unit of the quote that is shown, among those of the first chunk; absent: none is. */
  readonly s?: number
}

/** What came of an effect of the form. */
export interface FormOutcome {
  /** Null: it is closed. */
  readonly form: FixForm | null
  readonly next?: FormEffect | null
  /** What was saved, and the decisions that `u` takes back. */
  readonly saved?: { readonly decisionIds: readonly string[]; readonly message: string }
}

const BEFORE_THE_QUOTE = 8

/** The form before anything is asked: what the other way round would come to is looked at already. */
export async function openForm(fixing: Fixing, mode: FixForm['mode']): Promise<FixForm> {
  const { about } = fixing
  return {
    mode,
    ...named(about),
    types: await typesToPick(fixing),
    ...quotesToPick(fixing.text),
    flipped: mode === 'fix' ? await lookAt(fixing, mode, { flip: true }).catch(told) : '',
    wanted: {},
    open: null,
    typing: null,
    looked: null,
    message: '',
    busy: false,
  }
}

function named(about: Fixing['about']): Pick<FixForm, 'about' | 'ends'> {
  if (!('link' in about)) return { about: printable(about.path), ends: {} }
  const { link } = about
  const ends = { subject: about.subject?.name ?? link.subject, object: about.object?.name ?? link.object }
  return { about: renderArrow({ ...ends, type: link.type }), ends }
}

export async function performForm(fixing: Fixing, form: FixForm, effect: FormEffect): Promise<FormOutcome> {
  try {
    switch (effect.kind) {
      case 'close':
        return { form: null }
      case 'find':
        return goOn(await (effect.end === undefined ? find : findOther)(fixing, form, effect))
      case 'parts': {
        const { end } = effect
        const open = await openParts(endAt(fixing, end.side), end)
        return { form: { ...form, open, wanted: { end: { ...end, apart: [] } }, looked: null, busy: false } }
      }
      case 'look': {
        const isWhole = form.mode === 'fix' || isAllSaid(fixing, form.wanted)
        const looked = isWhole ? await lookAt(fixing, form.mode, form.wanted) : null
        return { form: { ...form, looked, busy: false } }
      }
      case 'save': {
        const { done, revision } = effect.looked
        const { proposals, drafts, original } = revision
        const decided = await fixing.store.decideTogether(proposals, drafts, fixing.now().toISOString())
        const last = decided.slice(-1)
        const turn = last.flatMap(({ link }) => turnInWords(link) ?? [])
        // Of a fix, the last takes the other with it.
        const decisionIds = (original === null ? decided : last).map(({ decision }) => decision.id)
        return { form: null, saved: { decisionIds, message: [done, 'saved ✓', ...turn].join('  ') } }
      }
    }
  } catch (error) {
    return { form: { ...form, busy: false, message: told(error) } }
  }
}

function goOn({ form, effect }: FormStep): FormOutcome {
  return { form, next: effect }
}

async function lookAt(fixing: Fixing, mode: FixForm['mode'], wanted: Wanted): Promise<Looked> {
  const { end } = wanted
  if (end !== undefined) return lookAtEnd(endAt(fixing, end.side), end, optionsOf(fixing), fixing.now())
  const revision = await plan(fixing, mode, wanted)
  const rules = (revision.rules ?? []).map((rule) => `  rule for replies that come: ${renderRule(rule)}`)
  const foreseen = await foresee(fixing.store, revision, fixing.now())
  const links = await asForeseenBy(fixing.store, fixing.reviewer, foreseen.links)
  const change = renderChange({ ...foreseen, links })
  return { revision, lines: [...noteLines(revision), ...rules, ...change], done: mode === 'fix' ? 'fixed' : 'added' }
}

function optionsOf({ reviewer, note }: Fixing) {
  return { reviewer, ...(note === '' ? {} : { note }) }
}

/** The end of the link that is fixed. */
function endAt({ store, about }: Fixing, side: Side): EndAt {
  const id = 'link' in about ? (about[side]?.id ?? about.link[side === 'subject' ? 'subjectId' : 'objectId']) : ''
  return { store, id }
}

/** Of a link that is added, some may be missing yet. */
function isAllSaid({ about }: Fixing, { type, evidence, subject, object }: Wanted): boolean {
  const hasEnds = 'link' in about || (subject !== undefined && object !== undefined)
  return hasEnds && type !== undefined && evidence !== undefined
}

function plan(fixing: Fixing, mode: FixForm['mode'], wanted: Wanted): Promise<Revision> {
  const { store, schema, about, text } = fixing
  const options = optionsOf(fixing)
  if (mode === 'fix' && 'link' in about) {
    const { in: _, end: __, ...asked } = wanted
    return planFix(store, about.link.id, asked, schema, { ...options, expectedRev: about.link.rev })
  }
  const { type = '', evidence = [], when, in: where = text.chunks[0]?.id ?? '' } = wanted
  const own =
    'link' in about
      ? (['subject', 'object'] as const).map((side) => ({ named: endAt(fixing, side).id }))
      : [wanted.subject ?? NOBODY, wanted.object ?? NOBODY]
  const [from = NOBODY, to = NOBODY] = wanted.flip === true ? own.toReversed() : own
  const ends =
    'link' in about ? { subject: wanted.subject ?? from, object: wanted.object ?? to } : { subject: from, object: to }
  const said = { ...ends, type, quotes: evidence, in: where, ...(when === undefined ? {} : { when }) }
  return planAdd(store, said, schema, options)
}

const NOBODY = { named: '' }

interface Finding {
  readonly side: Side
  readonly text: string
  readonly end?: EndWanted
}

/** The things of an end's type that the name may mean. */
async function findOther(fixing: Fixing, form: FixForm, { side, text, end }: Finding): Promise<FormStep> {
  const others = (await mayBeOneWith(endAt(fixing, side), text)).slice(0, PAGE)
  const all = others.map(({ id, name, aliases }): Choice<Wanted> => {
    const label = [`${name} (${id.slice(0, 8)})`, ...(aliases.length > 0 ? [`also: ${aliases.join(', ')}`] : [])]
    return { label: label.join('  '), wanted: { end: { what: 'merge', side, ...end, named: id, shown: name } } }
  })
  return { form: { ...form, open: choicesOf(`one with ${form.ends[side]}`, all), busy: false }, effect: null }
}

/** The one that goes by this name; else those that are alike, and a new one. */
async function find(fixing: Fixing, form: FixForm, { side, text }: Finding): Promise<FormStep> {
  const { store } = fixing
  const one = await findEnd(store, { named: text }).catch(() => null)
  if (one?.id != null) return want(form, { [side]: { named: one.id, shown: one.name } })
  const news = typesOfEnd(fixing, side).map((type): Choice<Wanted> => ({
    label: `a new ${type}: ${text}`,
    wanted: { [side]: { named: text, type } },
  }))
  const alike = (await entitiesLike(store, text)).slice(0, Math.max(0, PAGE - news.length))
  const known = alike.map((entity): Choice<Wanted> => ({
    label: `${entity.name} (${entity.type})`,
    wanted: { [side]: { named: entity.id, shown: entity.name } },
  }))
  return { form: { ...form, open: choicesOf(`the ${side}`, [...known, ...news]), busy: false }, effect: null }
}

/** Of which type a new end may be: of that of the one in whose place it comes, else any of the schema. */
function typesOfEnd({ about, schema }: Fixing, side: Side): string[] {
  const own = 'link' in about ? about[side]?.type : undefined
  if (own !== undefined) return [own]
  const types = schema.entityTypes.map(({ name }) => name)
  return types.length === 0 ? ['Concept'] : types
}

/** What the schema lets go between the ends; where it is open, also what there is in the graph, the most frequent first. */
async function typesToPick(fixing: Fixing): Promise<Choice<Wanted>[]> {
  const { schema, store, about } = fixing
  const [[subject = ''], [object = '']] = [typesOfEnd(fixing, 'subject'), typesOfEnd(fixing, 'object')]
  const fitting = 'link' in about ? typesBetween({ subject, object }, schema) : schema.linkTypes.map(({ name }) => name)
  const tally = holdsOutside(schema).linkTypes
    ? []
    : await store.database.read((reader) => reader.tally('Link', ['type']))
  const known = tally.toSorted((a, b) => b.count - a.count).map(({ values }) => String(values[0]))
  const own = 'link' in about ? about.link.type : null
  return [...new Set([...fitting, ...known])]
    .filter((type) => type !== own && !RESERVED_LINK_TYPES.has(type))
    .map((type) => ({ label: type, wanted: { type } }))
}

/** The units that may be quoted, from some before the one that is shown on. */
function quotesToPick({ chunks, s }: Quotable): Pick<FixForm, 'quotes' | 'firstQuote'> {
  const units = chunks.flatMap(({ id, units }) =>
    units.filter(({ kind }) => kind !== 'profile').map((unit) => ({ ...unit, in: id })),
  )
  const at = units.findIndex((unit) => unit.s === s)
  const quotes = units.map(({ text, in: where }) => ({
    label: asShown(text),
    wanted: { evidence: [asShown(text)], in: where },
  }))
  return { quotes, firstQuote: Math.max(0, at - BEFORE_THE_QUOTE) }
}
