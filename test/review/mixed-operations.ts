import { ConflictError, NotFoundError, RefusedError, UsageError, WhygraphError } from '../../src/model/errors.ts'
import { planBulk } from '../../src/review/bulk-plan.ts'
import { carryOut } from '../../src/review/carry-out.ts'
import { decideLink } from '../../src/review/decide.ts'
import { planAdd } from '../../src/review/fix-add.ts'
import { planRename } from '../../src/review/fix-rename.ts'
import { planFix, type FixAsked, type Revision } from '../../src/review/fix.ts'
import { remarkOn } from '../../src/review/remark.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import { redo, undo, type Turned } from '../../src/review/undo-redo.ts'
import type { Schema } from '../../src/model/schema.ts'
import type { Store } from '../../src/store/store.ts'
import { actorId } from '../scripted-engine.ts'

/** What a reviewer did: its kind, and the decision or the batch by which it is taken back. */
export interface Done {
  readonly kind: string
  readonly id: string
}

const now = (): Date => new Date()
const STEPS = { now, signal: new AbortController().signal }
const REVIEWER = { reviewer: 'rita' }
const REVIEWERS = [REVIEWER, REVIEWER, { reviewer: 'sam' }]
const TYPES = ['LEADS', 'KNOWS', 'OWNS', 'MEETS']
const CONDITIONS = ['type=LEADS', 'type=KNOWS', 'type=OWNS', 'confidence>=0', 'status=accepted', 'status=rejected']

/** What there is to do something with. */
export interface Scene {
  readonly names: readonly string[]
  readonly texts: Readonly<Record<string, string>>
  readonly schema: Schema
}

const KINDS = ['one', 'bulk', 'same', 'undo', 'redo', 'remark', 'fix', 'add', 'rename'] as const

/** What is refused, with nothing done. */
const NOTHING_DONE = [NotFoundError, RefusedError, UsageError, ConflictError]

/** Does something at random; null where that could not be done, and nothing was. */
export async function doSomething(
  store: Store,
  { names, texts, schema }: Scene,
  next: (below: number) => number,
): Promise<Done | null> {
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T
  const kind = pick<(typeof KINDS)[number]>([...KINDS, 'one', 'one', 'same'])
  const who = pick(REVIEWERS)
  const verdict = pick(['accept', 'reject'] as const)
  const anyLink = async (): Promise<string> => {
    const links = await store.links(['proposed', 'held', 'accepted', 'rejected', 'merged'])
    return pick(links).id
  }
  const operations: Record<(typeof KINDS)[number], () => Promise<Done | null>> = {
    one: async () => {
      const { decision } = await decideLink(store, await anyLink(), verdict, who, now())
      return decision === null ? null : { kind: verdict, id: decision.id }
    },
    bulk: async () => {
      const { plan } = await planBulk(store, verdict, pick(CONDITIONS))
      const { batch, decided } = await carryOut(store, plan, who, STEPS)
      return decided.length === 0 ? null : { kind: `bulk ${verdict}`, id: batch }
    },
    same: async () => {
      const one = pick(names)
      const pair = await findPair(store, actorId(one), actorId(pick(names.filter((name) => name !== one))))
      const { decision } = await decideSame(store, pair, verdict, who, now())
      return decision === null ? null : { kind: verdict === 'accept' ? 'merge' : 'split', id: decision.id }
    },
    undo: async () => doneBy('undo', await undo(store, next(2) === 0 ? undefined : await anyLink(), who, STEPS)),
    redo: async () => doneBy('redo', await redo(store, next(2) === 0 ? undefined : await anyLink(), who, STEPS)),
    remark: async () => {
      const remark = pick(['skip', 'flag'] as const)
      const { decision } = await remarkOn(store, await anyLink(), remark, who, now())
      return decision === null ? null : { kind: remark, id: decision.id }
    },
    fix: async () => {
      const id = await anyLink()
      const asked: FixAsked = pick([
        { type: pick(TYPES) },
        { flip: true },
        { subject: { named: actorId(pick(names)) } },
        { object: { named: actorId(pick(names)) }, type: pick(TYPES) },
        { when: pick(['2025-01', '2024', '']) },
      ])
      return carriedOut('fix', await planFix(store, id, asked, schema, who))
    },
    add: async () => {
      const path = pick(Object.keys(texts))
      const quote = pick((texts[path] ?? '').trim().split('\n\n'))
      const [subject, object] = [{ named: actorId(pick(names)) }, { named: actorId(pick(names)) }]
      return carriedOut(
        'add',
        await planAdd(store, { subject, type: pick(TYPES), object, quotes: [quote], in: path }, schema, who),
      )
    },
    rename: async () =>
      carriedOut('rename', await planRename(store, actorId(pick(names)), `${pick(names)} ${next(3)}`, who)),
  }
  /** What was made together is taken back by its batch, or by one of its decisions. */
  const carriedOut = async (what: string, { proposals, drafts }: Revision): Promise<Done> => {
    const decided = await store.decideTogether(proposals, drafts, now().toISOString())
    const { id, batch = id } = pick(decided).decision
    return { kind: what, id: next(2) === 0 ? batch : id }
  }
  try {
    return (await operations[kind]()) ?? null
  } catch (error) {
    if (NOTHING_DONE.some((kind) => error instanceof kind)) return null
    throw error
  }
}

/** Takes back what was done, be it a decision, a batch, or an undo of either. */
export async function takeBack(store: Store, { kind, id }: Done): Promise<void> {
  const turned = await undo(store, id, REVIEWER, STEPS)
  if ('one' in turned) return
  const [first] = turned.all.refused
  if (first !== undefined) throw new WhygraphError('not-taken-back', `${kind} ${id}: ${first.error.message}`)
}

function doneBy(kind: string, turned: Turned): Done | null {
  if ('all' in turned) return turned.all.decided.length === 0 ? null : { kind, id: turned.all.batch }
  return turned.one.decision === null ? null : { kind, id: turned.one.decision.id }
}
