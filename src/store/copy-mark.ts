import { ulid } from 'ulid'
import { ConflictError, RefusedError } from '../model/errors.ts'
import { NODE_KINDS, type Database, type GraphNode, type GraphReader, type GraphWriter } from './database.ts'
import type { Position } from './side-by-side.ts'

/** The run that stands in a target for as long as it is an unfinished copy. No other run has this id. */
export const COPY_RUN = 'copy'

/** How far a copy is, kept in the target and moved on in the transactions that bring what it speaks of. */
export interface CopyMark {
  /** Which store it is a copy of; see {@link birthOf}. */
  readonly source: string
  /** Which process writes it. */
  readonly by: string
  /** How many times that process has moved it. */
  readonly step: number
  readonly startedAt: string
  /** Index of the part that is under way, and the place in it; null: its beginning. */
  readonly part: number
  readonly after: Position | null
}

/** Looks at what the target holds, and marks it as a copy of this source that this process makes. */
export async function beginCopy(
  source: Database,
  target: Database,
  now: Date,
): Promise<{ mark: CopyMark; resumed: boolean }> {
  if (await isUnfinishedCopy(source))
    throw new RefusedError('unfinished-source', 'The source is itself a copy that was not finished.', {
      hint: 'Finish it first, with the command that began it.',
    })
  const birth = await birthOf(source)
  const by = ulid(now.getTime())
  return target.write(async (writer) => {
    const [node] = await writer.lock('Run', [COPY_RUN])
    const before = readMark(node)
    if (before === null) await assertEmpty(writer, target)
    else if (before.source !== birth) throw otherCopy(await target.info())
    const fresh: CopyMark = { source: birth, by, step: 0, startedAt: now.toISOString(), part: 0, after: null }
    const mark = before === null ? fresh : { ...before, by }
    await putMark(writer, mark)
    return { mark, resumed: before !== null }
  })
}

/**
 * To be called before anything but the copy itself is written to a store.
 * @throws RefusedError where it is a copy that was not finished: not all is there, and the copy would stop
 */
export async function assertNoCopy(database: Database): Promise<void> {
  if (!(await isUnfinishedCopy(database))) return
  const { location } = await database.info()
  throw new RefusedError(
    'unfinished-copy',
    `${location} is a copy that was not finished: not all of its source is there yet.`,
    {
      hint: "Finish it first, with the same 'whygraph copy'; or name another store.",
    },
  )
}

export async function isUnfinishedCopy(database: Database): Promise<boolean> {
  return (await database.read((reader) => reader.get('Run', [COPY_RUN]))).length > 0
}

/** The first run of a store stays in it for good, whatever its place is called; without any, its place has to do. */
export async function birthOf(database: Database): Promise<string> {
  const [first] = await database.read((reader) => reader.listAfter('Run', '', 1))
  return first?.id ?? (await database.info()).location
}

export async function isEmpty(database: Database): Promise<boolean> {
  return (await database.read(firstNode)) === null
}

async function firstNode(reader: GraphReader): Promise<GraphNode | null> {
  for (const kind of NODE_KINDS) {
    const [node] = await reader.listAfter(kind, '', 1)
    if (node !== undefined && node.id !== COPY_RUN) return node
  }
  return null
}

async function assertEmpty(writer: GraphWriter, target: Database): Promise<void> {
  const node = await firstNode(writer)
  if (node === null) return
  const { location } = await target.info()
  throw new RefusedError(
    'not-empty',
    `${location} is not empty (${node.kind} ${node.id}): nothing is copied into it.`,
    {
      hint: `Name an empty store. 'whygraph doctor --compare' tells whether two are equal.`,
    },
  )
}

function otherCopy({ location }: { location: string }): RefusedError {
  return new RefusedError('other-copy', `${location} is an unfinished copy of another store.`, {
    hint: 'Finish that one, or name an empty store.',
  })
}

function readMark(node: GraphNode | undefined): CopyMark | null {
  return node === undefined ? null : (JSON.parse(String(node.properties['summary'])) as CopyMark)
}

export async function putMark(writer: GraphWriter, mark: CopyMark): Promise<void> {
  const { startedAt } = mark
  const properties = { id: COPY_RUN, command: 'copy', startedAt, summary: JSON.stringify(mark) }
  await writer.putNodes([{ kind: 'Run', id: COPY_RUN, properties }])
}

/**
 * Holds the mark, so that of two processes that copy into one target only the later goes on. Returns false where
 * this very step has been taken: the server had done it when the connection broke, and the transaction is run again.
 * @throws ConflictError where another process has taken over
 */
export async function holdMark(writer: GraphWriter, mark: CopyMark): Promise<boolean> {
  const [node] = await writer.lock('Run', [COPY_RUN])
  const now = readMark(node)
  if (now !== null && now.by === mark.by) return now.step === mark.step
  throw new ConflictError('copied-by-another', 'Another process is copying into the same store.', {
    hint: 'That one goes on; let it finish.',
  })
}
