import { setImmediate as othersFirst } from 'node:timers/promises'
import type { createAskOnce } from './ask-once.ts'
import type { Ask } from './ask-paid.ts'
import type { Engine } from '../engines/engine.ts'
import {
  alignmentParts,
  joinAlignments,
  readAlignment,
  type AlignmentPart,
  type PartAlignment,
} from '../extract/align-by-engine.ts'
import type { AlignInput } from '../extract/align.ts'
import { alignerFingerprint, hasArrived, hashAlignment } from '../extract/ask.ts'
import { alignmentInput, alignOffline, type Alignment } from '../extract/extract.ts'
import type { ChunkRequest } from './get-reply.ts'
import type { Chunk } from '../model/chunk.ts'
import type { EngineError } from '../model/errors.ts'
import type { Note } from '../model/note.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import type { Store } from '../store/store.ts'
import { keptAlignment } from '../traces/kept-alignment.ts'

/** `again`: the engine could not be asked, so the next run tries once more. Null: the run ends here. */
export type Aligned = { readonly alignment: Alignment; readonly again: boolean } | null

type PartReply = { readonly reply: Reply } | { readonly error: EngineError } | null

/**
 * Finds out which steps of a reply's trace belong to which links: offline, or by the engine that the route names for
 * it. What that engine says is stored as a reply of its own before anything is made of it, found again by its request,
 * and not paid twice. Where it fails or says nothing of use, steps are found offline, with a note. Of a trace that is not
 * whole any more nobody is asked: its steps are those that were found before.
 */
export function createAlign(
  store: Store,
  ask: Ask,
  once: ReturnType<typeof createAskOnce>,
  signal: AbortSignal,
): (request: ChunkRequest, reply: Reply) => Promise<Aligned> {
  const refusing = new Map<Engine, EngineError>()

  return async (request, reply) => {
    const kept = keptAlignment(reply)
    if (kept !== null) return { alignment: kept, again: false }
    const { aligner = null } = request.route
    const input = alignmentInput(reply, request.chunk)
    if (aligner === null) return { alignment: alignOffline(input), again: false }
    const replies: Reply[] = []
    const parts = partsOf(reply, input)
    for (const part of parts) {
      const got = await partReply(request, aligner, part)
      if (got === null) return null
      if ('error' in got) {
        const why = `engine ${aligner.model} could not be asked: ${got.error.message}`
        return { alignment: instead(input, why), again: true }
      }
      replies.push(got.reply)
    }
    return { alignment: join(input, parts, replies), again: false }
  }

  function partReply({ chunk, question }: ChunkRequest, engine: Engine, { prompt }: AlignmentPart): Promise<PartReply> {
    const fingerprint = alignerFingerprint(engine)
    const requestHash = hashAlignment(fingerprint, prompt)
    const find = async (): Promise<PartReply> => {
      const reply = await findPart(store, requestHash)
      return reply === null ? null : { reply }
    }
    const make = async (): Promise<PartReply> => {
      const refusal = refusing.get(engine)
      if (refusal !== undefined) return { error: refusal }
      const { id: chunkId, documentId } = chunk
      const order = { engine, chunkId, documentId, requestHash, fingerprint, purpose: 'alignment' as const }
      const asked = await ask(order, async () => ({ question, prompt }))
      if (asked === null) return null
      const { reply, error, entry } = asked
      if (error === null) await othersFirst()
      if (error === null || hasArrived(reply)) await store.saveReply(reply)
      entry.drop()
      if (error === null) return { reply }
      if (error.fatal) refusing.set(engine, error)
      return signal.aborted ? null : { error }
    }
    return once({ hash: requestHash, isFree: engine.offline ?? false, find, make })
  }
}

/** The same out of what is stored, for a reply that an engine has aligned before; nobody is asked. */
export async function alignAgain(store: Store, reply: Reply, chunk: Chunk, aligner: string): Promise<Alignment> {
  const input = alignmentInput(reply, chunk)
  const replies: Reply[] = []
  const parts = partsOf(reply, input)
  for (const { prompt } of parts) {
    const stored = await findPart(store, hashAlignment(aligner, prompt))
    if (stored === null) return instead(input, 'the engine was asked otherwise; ingest asks it again')
    replies.push(stored)
  }
  return join(input, parts, replies)
}

/** What an engine said about a part, where it was asked before. */
export async function findPart(store: Store, requestHash: string): Promise<Reply | null> {
  return (await store.repliesTo(requestHash, 'alignment')).find(({ finish }) => isWhole(finish)) ?? null
}

/** What rules match or nobody thought needs no engine. */
export function partsOf({ traceKind }: Reply, input: AlignInput): AlignmentPart[] {
  return traceKind === 'raw' || traceKind === 'summary' ? alignmentParts(input) : []
}

/** One reply for each part. */
function join(input: AlignInput, parts: readonly AlignmentPart[], replies: readonly Reply[]): Alignment {
  const [first] = replies
  if (first === undefined) return alignOffline(input)
  const found: PartAlignment[] = []
  const notes: Note[] = []
  for (const [position, part] of parts.entries()) {
    const { id, content, finish } = replies[position] as Reply
    const aligned = readAlignment(content, part, input)
    if (aligned === null) return instead(input, `nothing could be made of reply ${id} of ${first.model} (${finish})`)
    found.push(aligned)
    notes.push(...aligned.notes)
    if (finish === 'length') notes.push({ code: 'alignment-cut', message: `reply ${id} was cut; steps may be missing` })
  }
  const links = joinAlignments(input, found)
  if (links.length > 0 && links.every(({ steps }) => steps.length === 0))
    return instead(input, `${first.model} named no step of any link`)
  return { links, by: `engine ${first.model}`, notes }
}

function instead(input: AlignInput, why: string): Alignment {
  return alignOffline(input, [{ code: 'aligned-offline', message: `steps were found offline: ${why}` }])
}
