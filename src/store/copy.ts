import { ConflictError, RefusedError, StoreError } from '../model/errors.ts'
import { relationshipType } from '../model/link.ts'
import { isCopiedBefore } from './copied-before.ts'
import { beginCopy, COPY_RUN, holdMark, putMark, type CopyMark } from './copy-mark.ts'
import type { Database, GraphNode, GraphRelationship, GraphWriter, NodeKind } from './database.ts'
import { isRelationship, PARTS, sideBySide, type Item, type Part, type Stretch } from './side-by-side.ts'

export interface CopyOptions {
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Called after each stretch: what is copied or, in a later pass, looked at again, and how many of them so far. */
  readonly progress: (pass: number, part: Part, done: number) => void
  /** Called when all is there, before the copy counts as finished. */
  readonly finish: () => Promise<void>
}

export interface CopySummary {
  /** An earlier run had brought all of it, and both are the same still: nothing was done. */
  readonly copiedBefore: boolean
  /** Whether an earlier run had brought a part of it. */
  readonly resumed: boolean
  /** Nodes and relationships that were brought, put right and removed. */
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** Times that the whole graph was gone through; the last one found nothing to do. */
  readonly passes: number
  /** The signal came first. The next run goes on from there. */
  readonly interrupted: boolean
}

/** Each pass brings what was written to the source during the one before. */
const MOST_PASSES = 12

/**
 * Makes the target the same as the source: goes through both at once, page by page, brings what is missing, puts right
 * what is different and removes what the source no longer has, again and again until a whole pass finds nothing to do.
 * So the target has all that was in the source when the last pass began, and what is written meanwhile may be missing.
 * A mark in the target says how far it is; it goes with the end.
 * @throws RefusedError where the target holds something else than a copy of this source, finished or not, or where somebody
 * writes to it meanwhile; ConflictError where the source does not come to rest
 */
export async function copyDatabase(source: Database, target: Database, options: CopyOptions): Promise<CopySummary> {
  const { signal, progress } = options
  const look = { signal, progress: (part: Part, done: number) => progress(1, part, done) }
  const copiedBefore = await isCopiedBefore(source, target, look)
  if (copiedBefore !== false) {
    const nothing = { resumed: false, added: 0, changed: 0, removed: 0, passes: 1 }
    return { copiedBefore: copiedBefore === true, ...nothing, interrupted: copiedBefore === null }
  }
  const { mark, resumed } = await beginCopy(source, target, options.now())
  const sum = { added: 0, changed: 0, removed: 0 }
  const summary = (passes: number, interrupted: boolean): CopySummary => {
    return { copiedBefore, resumed, ...sum, passes, interrupted }
  }
  let now = mark
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    await prepareTypes(source, target)
    let atRest = now.part === 0 && now.after === null
    for (const [index, part] of PARTS.entries()) {
      if (index < now.part) continue
      let done = 0
      for await (const stretch of sideBySide(source, target, part, index === now.part ? now.after : null)) {
        const wanted = withoutMark(stretch)
        if (countOf(wanted) > 0) {
          if (wanted.extra.length + wanted.different.length > 0) await assertNobodyElse(source, target)
          const next = nextMark(now, index, stretch)
          const isWritten = await bring(target, wanted, now, next)
          if (isWritten) {
            sum.added += wanted.missing.length
            sum.changed += wanted.different.length
            sum.removed += wanted.extra.length
          }
          now = isWritten ? next : now
          atRest = false
        }
        done += stretch.one.length
        options.progress(pass, part, done)
        if (options.signal.aborted) return summary(pass, true)
      }
    }
    if (atRest) {
      await options.finish()
      if (options.signal.aborted) return summary(pass, true)
      await target.write(async (writer) => {
        if (await holdMark(writer, now)) await writer.removeNodes('Run', [COPY_RUN])
      })
      return summary(pass, false)
    }
    const first = { ...now, step: now.step + 1, part: 0, after: null }
    await moveMark(target, now, first)
    now = first
  }
  throw new ConflictError('source-changes', 'The source keeps changing: the copy does not catch up with it.', {
    hint: 'Stop what writes to it, and run the same command again: it goes on from here.',
  })
}

/** Indexes of all types of links at once: each change of the schema costs. */
async function prepareTypes(source: Database, target: Database): Promise<void> {
  const types = await source.read((reader) => reader.tally('Link', ['type', 'mapsFrom']))
  const drawn = types.map(({ values: [type, mapsFrom] }) => {
    return relationshipType({ type: String(type), mapsFrom: mapsFrom === null ? null : String(mapsFrom) })
  })
  await target.prepare([...new Set(drawn)])
}

function withoutMark(stretch: Stretch): Stretch {
  if (stretch.part.what !== 'node' || stretch.part.kind !== 'Run') return stretch
  return { ...stretch, extra: stretch.extra.filter(({ id }) => id !== COPY_RUN) }
}

function countOf({ missing, extra, different }: Stretch): number {
  return missing.length + extra.length + different.length
}

function nextMark(mark: CopyMark, index: number, { end }: Stretch): CopyMark {
  const place = end === null ? { part: index + 1, after: null } : { part: index, after: end }
  return { ...mark, step: mark.step + 1, ...place }
}

async function moveMark(target: Database, from: CopyMark, to: CopyMark): Promise<void> {
  await target.write(async (writer) => {
    if (await holdMark(writer, from)) await putMark(writer, to)
  })
}

/** Whether it could be written: where the source has changed meanwhile, the next pass does it. */
async function bring(target: Database, stretch: Stretch, from: CopyMark, to: CopyMark): Promise<boolean> {
  const { extra, missing, different } = stretch
  const links = [...missing, ...different.map(([one]) => one)].filter(isRelationship) as GraphRelationship[]
  await target.prepare([...new Set(links.filter(({ id }) => id !== null).map(({ type }) => type))])
  try {
    await target.write(async (writer) => {
      if (!(await holdMark(writer, from))) return
      await removeItems(writer, stretch.part.kind, extra)
      await writer.createNodes(nodesOf(missing))
      await writer.putNodes(nodesOf(different.map(([one]) => one)))
      await writer.createRelationships(relationshipsOf(missing))
      await writer.putRelationships(relationshipsOf(different.map(([one]) => one)))
      await putMark(writer, to)
    })
    return true
  } catch (error) {
    // An end that came, or a link that moved, behind what this pass had read.
    if (error instanceof StoreError && ['missing-end', 'moved-link'].includes(error.code)) return false
    throw error
  }
}

/**
 * Runs and decisions stay in a store for good: those that only the target has are somebody's work there. Looked for
 * whenever something would be removed or replaced.
 */
async function assertNobodyElse(source: Database, target: Database): Promise<void> {
  for (const part of PARTS.filter(({ what, kind }) => what === 'node' && (kind === 'Run' || kind === 'Decision')))
    for await (const stretch of sideBySide(source, target, part)) {
      const [first] = withoutMark(stretch).extra
      if (first === undefined) continue
      const { location } = await target.info()
      throw new RefusedError(
        'target-written',
        `Somebody else has written to ${location}: it has the ${part.kind.toLowerCase()} ${first.id}.`,
        { hint: 'Nothing of theirs was removed. Copy into an empty store.' },
      )
    }
}

async function removeItems(writer: GraphWriter, kind: NodeKind, items: readonly Item[]): Promise<void> {
  await writer.removeRelationships(relationshipsOf(items))
  await writer.removeNodes(
    kind,
    nodesOf(items).map(({ id }) => id),
  )
}

function nodesOf(items: readonly Item[]): GraphNode[] {
  return items.filter((item) => !isRelationship(item)) as GraphNode[]
}

function relationshipsOf(items: readonly Item[]): GraphRelationship[] {
  return items.filter(isRelationship) as GraphRelationship[]
}
