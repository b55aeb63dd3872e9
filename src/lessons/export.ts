import { splitMark } from '../model/done-mark.ts'
import type { Examples } from '../extract/examples.ts'
import { cutMessage } from '../model/note.ts'
import { PERSON, type Proposal } from '../model/proposal.ts'
import { countingProposals, saidAbout } from '../model/revision.ts'
import { MAPPING_ENGINE, type Reply } from '../model/reply.ts'
import { readProposal } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import { reviewedLinks } from '../review/reviewed-links.ts'
import { caseOf } from './cases.ts'
import { correct, type Corrected } from './correct.ts'
import { SHAPES, type DpoRow, type Format, type SftRow } from './formats.ts'
import type { LeftOut, Lesson } from './left-out.ts'
import { sentPrompt } from './sent-prompt.ts'
import { splitOf, type Split } from './split.ts'
import { readShown } from './shown.ts'
import { standOf, type Stand } from './stand.ts'

export interface ExportOptions {
  readonly format: Format
  /** With the model's own trace, where all its links were accepted. SFT only. */
  readonly traces: boolean
  /** Those that prompts may show by the settings; null: none. */
  readonly examples: Examples | null
}

export interface Exported {
  /** Rows as lines of JSON, by split. */
  readonly lines: Readonly<Record<Split, readonly string[]>>
  /** How many documents each split is made of. */
  readonly documents: Readonly<Record<Split, number>>
  /** Of links (few-shot) or replies, why there is no row of them. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>
  /** Rows that have a trace. */
  readonly traces: number
}

/** A row, and where it is from. */
interface Row {
  readonly row: unknown
  /** What the source says in it. */
  readonly words: string
  readonly document: string
}

/** Makes lessons of what people decided, each checked against its format, all of a document's in one split. */
export async function exportLessons(store: Store, options: ExportOptions): Promise<Exported> {
  const shown = await readShown(store)
  const lessons = options.format === 'few-shot' ? cases(store, shown) : chats(store, options, shown)
  const lines: Record<Split, string[]> = { train: [], valid: [], test: [] }
  const documents: Record<Split, Set<string>> = { train: new Set(), valid: new Set(), test: new Set() }
  const leftOut: Partial<Record<LeftOut, number>> = {}
  const saidIn = new Map<string, string>()
  let traces = 0
  for await (const found of lessons) {
    const each = onceOnly(found, saidIn)
    if ('leftOut' in each) {
      leftOut[each.leftOut] = (leftOut[each.leftOut] ?? 0) + 1
      continue
    }
    const { row, document } = each.lesson
    const split = splitOf(document)
    documents[split].add(document)
    const checked = SHAPES[options.format].row.parse(row) as object
    if ('trace_kind' in checked) traces += 1
    lines[split].push(JSON.stringify(checked))
  }
  const count = (split: Split): number => documents[split].size
  return { lines, documents: { train: count('train'), valid: count('valid'), test: count('test') }, leftOut, traces }
}

/** What two documents say in the same words must not be learnt from the one and asked about in the other. */
function onceOnly(found: Lesson<Row>, saidIn: Map<string, string>): Lesson<Row> {
  if ('leftOut' in found) return found
  const { words, document } = found.lesson
  const before = saidIn.get(words) ?? document
  saidIn.set(words, before)
  return before === document ? found : { leftOut: 'repeated' }
}

async function* cases(store: Store, shown: ReadonlySet<string>): AsyncGenerator<Lesson<Row>> {
  for await (const reviewed of reviewedLinks(store, await store.decisions({ order: 'sequence' }))) {
    const decided = caseOf(reviewed, standOf(reviewed, shown))
    if ('leftOut' in decided) yield decided
    else {
      const { subject, type, object, quotes, document } = decided.lesson
      const words = JSON.stringify([subject, type, object, quotes.map(({ quote }) => quote)])
      yield { lesson: { row: decided.lesson, words, document } }
    }
  }
}

/** One for each reply of which people decided about a link. */
async function* chats(store: Store, options: ExportOptions, shown: ReadonlySet<string>): AsyncGenerator<Lesson<Row>> {
  const stands = new Map<string, Stand>()
  const added = new Map<string, Proposal[]>()
  const replyIds = new Set<string>()
  for await (const reviewed of reviewedLinks(store, await store.decisions({ order: 'sequence' }))) {
    const stand = standOf(reviewed, shown)
    const counting = new Set(countingProposals(saidAbout(reviewed.proposals, reviewed.decisions)))
    for (const { live, proposal } of reviewed.proposals) {
      stands.set(proposal.id, stand)
      if (!live) continue
      if (proposal.replyId !== null && proposal.purpose === undefined) replyIds.add(proposal.replyId)
      // What a person took back, or fixed again since, is no correction.
      if (proposal.engine === PERSON && counting.has(proposal) && 'verdict' in stand && stand.verdict === 'accept')
        added.set(proposal.chunkId, [...(added.get(proposal.chunkId) ?? []), proposal])
    }
  }
  for (const id of [...replyIds].toSorted()) {
    const reply = await store.reply(id)
    if (reply !== null) yield await chatOf(store, reply, { stands, added: added.get(reply.chunkId) ?? [], ...options })
  }
}

interface About extends ExportOptions {
  readonly stands: ReadonlyMap<string, Stand>
  readonly added: readonly Proposal[]
}

async function chatOf(
  store: Store,
  reply: StoredReply,
  { stands, added, format, traces, examples }: About,
): Promise<Lesson<Row>> {
  if (reply.traceKind === 'rule' || reply.engine === MAPPING_ENGINE) return { leftOut: 'no-model' }
  if (reply.finish !== 'stop' || cutMessage(reply.notes) !== null) return { leftOut: 'cut' }
  const chunk = await store.chunk(reply.chunkId)
  const schema = await store.schemaOf(reply.fingerprint)
  if (chunk === null) return { leftOut: 'gone' }
  if ((chunk.flagged ?? []).length > 0) return { leftOut: 'planted' }
  if (schema === null) return { leftOut: 'prompt-unknown' }
  const nodes = await store.database.read((reader) => reader.find('Proposal', 'replyId', [reply.id]))
  const checked = {
    proposals: nodes.map((node) => readProposal(node).proposal),
    standOf: ({ id }: Proposal): Stand => stands.get(id) ?? { leftOut: 'undecided' },
    added,
  }
  // It may be read by another schema than it was asked with.
  const { fingerprint } = splitMark(reply.takenFor ?? reply.fingerprint)
  const answer = correct(reply.content, chunk.units.length, checked, (await store.schemaOf(fingerprint)) ?? schema)
  if ('leftOut' in answer) return answer
  const prompt = await sentPrompt(store, reply, chunk, examples)
  if ('leftOut' in prompt) return prompt
  if (format === 'dpo' && !answer.lesson.changed) return { leftOut: 'nothing-corrected' }
  const row =
    format === 'dpo'
      ? dpoRow(prompt.lesson, answer.lesson)
      : sftRow(prompt.lesson, answer.lesson, traces ? reply : null)
  const words = JSON.stringify(chunk.units.map(({ text }) => text))
  return { lesson: { row, words, document: chunk.documentId } }
}

/**
 * The model's own trace goes along where it led to nothing but what was accepted and is kept whole; never what only tells
 * of one.
 */
function sftRow(prompt: string, { corrected, changed }: Corrected, reply: Reply | null): SftRow {
  const asked = { role: 'user', content: prompt } as const
  const answer = { role: 'assistant', content: corrected } as const
  const isWhole = reply !== null && reply.leftOut === undefined
  if (!isWhole || changed || reply.traceKind !== 'raw' || reply.reasoning.trim() === '')
    return { messages: [asked, answer] }
  return { messages: [asked, { ...answer, reasoning_content: reply.reasoning }], trace_kind: 'raw' }
}

function dpoRow(prompt: string, { given, corrected }: Corrected): DpoRow {
  return {
    prompt: [{ role: 'user', content: prompt }],
    chosen: [{ role: 'assistant', content: corrected }],
    rejected: [{ role: 'assistant', content: given }],
  }
}
