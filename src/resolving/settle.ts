import { isLoneName } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import { BOTH, OBJECT, SUBJECT, type IdentityProposal } from '../resolve/identity/propose.ts'
import type { GraphReader, GraphWriter } from '../store/database.ts'
import type { Derivation } from '../store/derivation.ts'
import { replaceJudged, type NameChanges } from '../store/judged.ts'
import { addMarks, MARK, NO_MARK, readMark, restProperties } from '../store/marks.ts'
import { readProposal } from '../store/records.ts'
import { CHUNK_STATE, readState, type Scene } from '../store/scene.ts'
import { holdResolution } from './hold.ts'

/**
 * Stores what was judged within a document, and has its mark name the entities whose names are to be looked up across all
 * documents; those of its chunks are taken off. Null where the document is not what it was when it was read, so that all
 * of this may be wrong by now.
 */
export async function settleScene(
  writer: GraphWriter,
  derivation: Derivation,
  scene: Scene,
  said: readonly IdentityProposal[],
): Promise<NameChanges | null> {
  const { document, chunks, mentions } = scene
  await holdResolution(writer)
  await writer.lock('Document', [document.id], [])
  // Held too, so that no reply marks a chunk between the look at it and taking its mark off.
  const held = await writer.lock(
    'Chunk',
    chunks.map(({ id }) => id),
    CHUNK_STATE,
  )
  if ((await readState(writer, document.id, held)) !== scene.state) return null
  const before = (await writer.find('Proposal', 'judgedFor', [document.id])).map((node) => readProposal(node).proposal)
  const changes = await replaceJudged(writer, derivation, [document.id], said)

  const marked = chunks.filter(({ mark }) => mark !== undefined)
  const [were, are] = [joinedIn(before), joinedIn(said)]
  const lone = [...mentions.values()].flatMap((forms) =>
    [...forms]
      .filter(([id, { type, ownName }]) => were.has(id) !== are.has(id) && isLoneName(type, ownName))
      .map(([id]) => id),
  )
  const stale = await judgedByOtherQuotes(
    writer,
    new Map(marked.map(({ id }) => [id, mentions.get(id) ?? new Map<string, never>()])),
  )
  // As it is by now: what went with proposals may have left names of this document to be judged.
  const [now] = await writer.get('Document', [document.id], MARK)
  const mark = addMarks(readMark(now?.properties ?? {}), ...marked.map((chunk) => chunk.mark), {
    gained: [...lone, ...stale],
    lost: [],
  })
  await writer.patchNodes('Document', [{ id: document.id, properties: restProperties(mark) }])
  await writer.patchNodes(
    'Chunk',
    marked.map(({ id }) => ({ id, properties: NO_MARK })),
  )
  return changes
}

/** Ids of the entities that are joined with another one. */
function joinedIn(proposals: readonly IdentityProposal[]): Set<string> {
  const joining = proposals.filter(({ joins }) => joins)
  return new Set(joining.map(endsOf).flatMap(({ subjectId, objectId }) => [subjectId, objectId]))
}

/**
 * For whom pairs were judged across documents that some chunks give another quote for: the one with the least id counts, so
 * that it does not matter which was read first. And those of which something counts no more, which these chunks may bring
 * back: their document was away.
 */
async function judgedByOtherQuotes(reader: GraphReader, mentions: Scene['mentions']): Promise<string[]> {
  const ids = [...new Set([...mentions.values()].flatMap((forms) => [...forms.keys()]))]
  const nodes = [
    ...(await reader.find('Proposal', 'judgedFor', ids)),
    ...(await reader.find('Proposal', 'judgedWith', ids)),
  ]
  return nodes.flatMap((node) => {
    const { proposal, live } = readProposal(node)
    const { subjectId, objectId } = endsOf(proposal)
    const { index, compared = ['', ''], judgedFor = '' } = proposal
    const isIncomplete = proposal.evidence.some(({ grounding }) => grounding === 'missing')
    const sides = [
      { id: subjectId, form: compared[0], isQuoted: index === BOTH || index === SUBJECT },
      { id: objectId, form: compared[1], isQuoted: index === BOTH || index === OBJECT },
    ]
    const isOther = [...mentions].some(([chunkId, forms]) =>
      sides.some(({ id, form, isQuoted }) => {
        if (forms.get(id)?.forms.includes(form) !== true) return false
        return isQuoted ? chunkId < proposal.chunkId : isIncomplete
      }),
    )
    return isOther || !live ? [judgedFor] : []
  })
}
