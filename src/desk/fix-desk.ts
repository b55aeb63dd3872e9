import { asShown } from '../extract/as-shown.ts'
import { WhygraphError } from '../model/errors.ts'
import { holdsOutside, RESERVED_LINK_TYPES, type Schema } from '../model/schema.ts'
import { planAdd } from '../review/fix-add.ts'
import { entitiesLike, findEnd } from '../review/fix-ends.ts'
import { foresee } from '../review/fix-foresee.ts'
import { typesBetween } from '../review/fix-type.ts'
import { planFix, type Revision } from '../review/fix.ts'
import type { LinkView } from '../review/view-link.ts'
import type { Store } from '../store/store.ts'
import { renderChange } from '../terminal/fix-lines.ts'
import { renderArrow } from '../terminal/link-line.ts'
import {
  MOST_CHOICES,
  want,
  type Choice,
  type FixForm,
  type FormEffect,
  type FormStep,
  type Looked,
  type Side,
  type Wanted,
} from './fix-form.ts'

/** What the form works on. */
export interface Fixing {
  readonly store: Store
  readonly schema: Schema
  readonly view: LinkView
  /** The chunk that is shown, of which words may be quoted. */
  readonly chunkId: string
  /** The unit of the quote that is shown. */
  readonly s: number
  readonly reviewer: string
  readonly note: string
  readonly now: () => Date
}

/** What came of an effect of the form. */
export interface FormOutcome {
  /** Null: it is closed. */
  readonly form: FixForm | null
  readonly next?: FormEffect | null
  /** What was saved, whose last decision `u` takes back. */
  readonly saved?: { readonly decisionId: string; readonly message: string }
}

const BEFORE_THE_QUOTE = 8

/** The form before anything is asked: what the other way round would come to is looked at already. */
export async function openForm(fixing: Fixing, mode: FixForm['mode']): Promise<FixForm> {
  const { view } = fixing
  const { link } = view
  const [subject, object] = [view.subject?.name ?? link.subject, view.object?.name ?? link.object]
  return {
    mode,
    about: renderArrow({ subject, type: link.type, object }),
    ends: { subject, object },
    types: await typesToPick(fixing),
    quotes: quotesToPick(fixing),
    flipped: mode === 'fix' ? await lookAt(fixing, mode, { flip: true }).catch(told) : '',
    wanted: {},
    open: null,
    typing: null,
    looked: null,
    message: '',
    busy: false,
  }
}

export async function performForm(fixing: Fixing, form: FixForm, effect: FormEffect): Promise<FormOutcome> {
  try {
    switch (effect.kind) {
      case 'close':
        return { form: null }
      case 'find':
        return goOn(await find(fixing, form, effect.side, effect.text))
      case 'look': {
        // Of a link that is added, some may be missing yet.
        const { type, evidence } = form.wanted
        const isWhole = form.mode === 'fix' || (type !== undefined && evidence !== undefined)
        const looked = isWhole ? await lookAt(fixing, form.mode, form.wanted) : null
        return { form: { ...form, looked, busy: false } }
      }
      case 'save': {
        const { proposals, drafts, original } = effect.looked.revision
        const decided = await fixing.store.decideTogether(proposals, drafts, fixing.now().toISOString())
        const message = `${original === null ? 'added' : 'fixed'}  saved ✓`
        return { form: null, saved: { decisionId: decided.at(-1)?.decision.id ?? '', message } }
      }
    }
  } catch (error) {
    return { form: { ...form, busy: false, message: told(error) } }
  }
}

function goOn({ form, effect }: FormStep): FormOutcome {
  return { form, next: effect }
}

function told(error: unknown): string {
  if (!(error instanceof WhygraphError)) throw error
  return [error.message, error.hint ?? ''].filter((text) => text !== '').join('. ')
}

async function lookAt(fixing: Fixing, mode: FixForm['mode'], wanted: Wanted): Promise<Looked> {
  const revision = await plan(fixing, mode, wanted)
  return { revision, lines: renderChange(await foresee(fixing.store, revision, fixing.now())) }
}

function plan(
  { store, schema, view, chunkId, reviewer, note }: Fixing,
  mode: FixForm['mode'],
  wanted: Wanted,
): Promise<Revision> {
  const { link } = view
  const options = { reviewer, ...(note === '' ? {} : { note }) }
  if (mode === 'fix') return planFix(store, link.id, wanted, schema, { ...options, expectedRev: link.rev })
  const { type = '', evidence = [], when } = wanted
  const own = [view.subject?.id ?? link.subjectId, view.object?.id ?? link.objectId].map((named) => ({ named }))
  const [from = { named: '' }, to = { named: '' }] = wanted.flip === true ? own.toReversed() : own
  const ends = { subject: wanted.subject ?? from, object: wanted.object ?? to }
  const said = { ...ends, type, quotes: evidence, in: chunkId, ...(when === undefined ? {} : { when }) }
  return planAdd(store, said, schema, options)
}

/** The one that goes by this name; else those that are alike, and a new one. */
async function find(fixing: Fixing, form: FixForm, side: Side, text: string): Promise<FormStep> {
  const { store } = fixing
  const one = await findEnd(store, { named: text }).catch(() => null)
  if (one?.id != null) return want(form, { [side]: { named: one.id, shown: one.name } })
  const alike = (await entitiesLike(store, text)).slice(0, MOST_CHOICES - 1)
  const type = typeOfEnd(fixing, side)
  const choices = [
    ...alike.map((entity): Choice => ({
      label: `${entity.name} (${entity.type})`,
      wanted: { [side]: { named: entity.id, shown: entity.name } },
    })),
    { label: `a new ${type}: ${text}`, wanted: { [side]: { named: text, type } } },
  ]
  return { form: { ...form, open: { title: `the ${side}`, choices }, busy: false }, effect: null }
}

function typeOfEnd({ view }: Fixing, side: Side): string {
  return view[side]?.type ?? 'Concept'
}

/** What the schema lets go between the ends; where it is open, also what there is in the graph, the most frequent first. */
async function typesToPick(fixing: Fixing): Promise<Choice[]> {
  const { schema, store, view } = fixing
  const ends = { subject: typeOfEnd(fixing, 'subject'), object: typeOfEnd(fixing, 'object') }
  const tally = holdsOutside(schema).linkTypes
    ? []
    : await store.database.read((reader) => reader.tally('Link', ['type']))
  const known = tally.toSorted((a, b) => b.count - a.count).map(({ values }) => String(values[0]))
  const types = [...new Set([...typesBetween(ends, schema), ...known])]
  return types
    .filter((type) => type !== view.link.type && !RESERVED_LINK_TYPES.has(type))
    .slice(0, MOST_CHOICES)
    .map((type) => ({ label: type, wanted: { type } }))
}

/** The units of the chunk that is shown, from some before the quote on. */
function quotesToPick({ view, chunkId, s }: Fixing): Choice[] {
  const units = view.chunks.get(chunkId)?.units ?? []
  const at = Math.max(0, units.findIndex((unit) => unit.s === s) - BEFORE_THE_QUOTE)
  return units
    .filter(({ kind }) => kind !== 'profile')
    .slice(at, at + MOST_CHOICES)
    .map(({ text }) => ({ label: asShown(text), wanted: { evidence: [asShown(text)] } }))
}
