import { asRead } from '../../extract/extract.ts'
import { refusedLinks } from '../../extract/left-over.ts'
import { parseAnswer } from '../../extract/parse.ts'
import type { Proposal } from '../../model/proposal.ts'
import { MAPPING_ENGINE } from '../../model/reply.ts'
import type { GraphNode } from '../../store/database.ts'
import { eachPage, type Walk } from '../../store/pages.ts'
import { readChunk, readProposal, type StoredChunk, type StoredLink } from '../../store/records.ts'
import { readReply, type StoredReply } from '../../store/reply-records.ts'
import type { Store } from '../../store/store.ts'
import { cueLanguage, readDoubts } from './cues.ts'
import { TraceTally, type StudiedLink, type TraceStatistics } from './statistics.ts'
import { studyTrace } from './trace-facts.ts'

/** By what replies are told apart. */
export const GROUPINGS = ['engine', 'model', 'prompt', 'kind'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Studies the traces of all replies that links came of, a page at a time. */
export async function readTraceStats(store: Store, by: Grouping, walk: Walk): Promise<TraceStatistics> {
  const tally = new TraceTally()
  await eachPage(store.database, 'Reply', walk, async (nodes) => {
    const replies = nodes.map(readReply).filter(isStudied)
    const beside = await readBeside(store, replies)
    for (const reply of replies) tally.add(study(reply, by, beside))
  })
  return tally.result()
}

/** Those of models, about links, of which something was made. What rules match is no thought. */
function isStudied({ purpose, engine, taken }: StoredReply): boolean {
  return purpose === undefined && taken && engine !== 'rules' && engine !== MAPPING_ENGINE
}

/** What the store has about some replies. */
interface Beside {
  readonly chunks: ReadonlyMap<string, StoredChunk>
  readonly kinds: ReadonlyMap<string, string>
  readonly proposals: ReadonlyMap<string | null, readonly { readonly proposal: Proposal; readonly linkId: string }[]>
  readonly links: ReadonlyMap<string, StoredLink>
}

async function readBeside(store: Store, replies: readonly StoredReply[]): Promise<Beside> {
  const ids = (values: readonly (string | undefined)[]): string[] => [...new Set(values.flatMap((id) => id ?? []))]
  const read = await store.database.read(async (reader) => {
    const chunks = (await reader.get('Chunk', ids(replies.map(({ chunkId }) => chunkId)))).map(readChunk)
    const of = ids([...replies.map(({ documentId }) => documentId), ...chunks.map(({ documentId }) => documentId)])
    const documents: GraphNode[] = await reader.get('Document', of, ['kind'])
    const proposals = (await reader.find('Proposal', 'replyId', ids(replies.map(({ id }) => id)))).map(readProposal)
    return { chunks, documents, proposals }
  })
  const links = byId(await store.linksById(ids(read.proposals.map(({ linkId }) => linkId))))
  const standing = byId(await store.linksById(ids([...links.values()].map(({ into }) => into ?? undefined))))
  return {
    chunks: byId(read.chunks),
    kinds: new Map(read.documents.map(({ id, properties }) => [id, String(properties['kind'])])),
    proposals: Map.groupBy(read.proposals, ({ proposal }) => proposal.replyId),
    links: new Map([...links].map(([id, link]) => [id, standing.get(link.into ?? '') ?? link])),
  }
}

function byId<T extends { readonly id: string }>(some: readonly T[]): Map<string, T> {
  return new Map(some.map((one) => [one.id, one]))
}

function study(reply: StoredReply, by: Grouping, { chunks, kinds, proposals, links }: Beside) {
  const chunk = chunks.get(reply.chunkId)
  const own = proposals.get(reply.id) ?? []
  const isCut = reply.leftOut !== undefined
  const language = cueLanguage(reply.reasoning)
  const doubts = own.map(({ proposal, linkId }): StudiedLink => {
    const said = language === null ? [] : proposal.steps.map(({ text }) => readDoubts(text, language))
    const { status, reviewedAt = null } = links.get(linkId) ?? {}
    const isDecided = reviewedAt !== null && (status === 'accepted' || status === 'rejected')
    return {
      steps: proposal.steps.length,
      hedges: said.some(({ hedges }) => hedges),
      turns: said.some(({ turns }) => turns),
      accepted: isDecided ? status === 'accepted' : null,
    }
  })
  const hasTrace = reply.reasoning.trim() !== '' && !isCut
  const { answer } = parseAnswer(reply.content, chunk?.units.length ?? Infinity)
  const facts = hasTrace
    ? studyTrace({
        reasoning: reply.reasoning,
        names: answer.entities.flatMap(({ name, aliases }) => [name, ...aliases]),
        units: chunk === undefined ? null : chunk.units.map(asRead),
        aligned: own.flatMap(({ proposal }) => proposal.steps.map(({ start, end }) => [start, end] as const)),
      })
    : null
  const refused = refusedLinks(reply.notes).length
  const kind = kinds.get(chunk?.documentId ?? reply.documentId ?? '') ?? 'unknown'
  const group = { engine: reply.engine, model: reply.model, prompt: reply.wording ?? 'unknown', kind }[by]
  return { id: reply.id, group, facts, isCut, refused, links: doubts }
}
