import type { Chunk } from '../model/chunk.ts'
import { CONTRADICTS } from '../model/conflict.ts'
import { CHAIN_START, type Decision } from '../model/decision.ts'
import type { Dataset } from '../model/dataset.ts'
import { hashDate } from '../model/document.ts'
import { LABELLED } from '../model/label.ts'
import { endsOf, relationshipType, SAME_AS, type LinkStatus } from '../model/link.ts'
import type { NameSignatures } from '../model/name-index.ts'
import type { DatedRule } from '../model/reading-rule.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ReplyGroup } from '../model/reply-group.ts'
import { besideChunk, type Reply, type ReplyPlace } from '../model/reply.ts'
import { rulesOf } from '../model/link-rules.ts'
import type { RuleChange } from '../model/rule-change.ts'
import type { Schema } from '../model/schema.ts'
import { checkStore } from './check/check.ts'
import type { CheckResult } from './check/checks.ts'
import { isDateAltered, saysOtherDay } from './check/dates.ts'
import { assertNoCopy } from './copy-mark.ts'
import { compareMarked, compareThese, type CompareOptions, type RuledDerivation } from './compare-marked.ts'
import { findConflictLinks } from './conflict-effects.ts'
import type { Database, GraphWriter, Page, WordSearch } from './database.ts'
import { noSuchLink, type Decided, type DecisionDraft, type Refused } from './decision-draft.ts'
import { recordDecisions } from './decisions.ts'
import { decideTogether } from './decide-together.ts'
import { KEEP_TRACES, type Derivation, type LinkChanges } from './derivation.ts'
import { readHistories, readHistory, type History } from './history.ts'
import { readLinksAround, readSomeProposals } from './links-around.ts'
import { derivedLinks, findLinksAt, readLinkById, readLinks } from './links.ts'
import { forgetDocument, measureForgetting, removeLeftovers, type Forgotten } from './forget.ts'
import { inGroups } from './group.ts'
import { putSummaries, type MakeSummary, type PutSummary } from './put-summaries.ts'
import { acceptedMappings, readDatasets } from './datasets.ts'
import { replaceDocument, type Belongings, type Placed, type PutDocument } from './documents.ts'
import {
  readChunk,
  readDecision,
  readDocument,
  readEntity,
  readLink,
  readRedirect,
  readSchema,
  runNode,
  schemaNode,
  type Redirect,
  type Run,
  type StoredChunk,
  type StoredDataset,
  type StoredDocument,
  type StoredEntity,
  type StoredLink,
  type StoredProposal,
} from './records.ts'
import { readReply, type StoredReply } from './reply-records.ts'
import { advanceMark, type Since } from './advance-mark.ts'
import { findLeftovers, missingDocuments, type Leftovers } from './leftovers.ts'
import { formsIn, type NamedForm } from './mention-line.ts'
import { findNames } from './mentions.ts'
import { namesOf, type StoredNames } from './names.ts'
import { takePairIn, type PairTaken } from './pair-replies.ts'
import { proposeIn } from './propose.ts'
import {
  keepingTraces,
  putReplies,
  readReplies,
  takeRepliesIn,
  typesIn,
  type ReplySearch,
  type Taken,
  type Taking,
} from './replies.ts'
import { deriveAnew, type DerivedAnew, type RebuildOptions } from './rebuild.ts'
import type { Walk } from './pages.ts'
import { readReplyGroups } from './reply-groups.ts'
import { mayTurnRules, readConfirmed, rulesToReadBy, type ConfirmedRules } from './reading-rules.ts'
import { settleRulings } from './settle-rulings.ts'
import { changesForLinks, readRules, useSchemas } from './rules-in-use.ts'
import { endRun, forgetInRuns } from './run-notes.ts'
import { passedOver, trimReplies, trimTraces, type Trimmed, type TrimOptions } from './trim-traces.ts'
import { comesToOther, takeSummaryIn, type MakeOfReply } from './take-summary.ts'
import { inside, tryOut } from './try-out.ts'
import { findUnresolved } from './waiting.ts'
import { retakePair, retakeReply, type RetakeOptions, type Retaken } from './retake.ts'

/** Reads that come at the same time share a journey to the server. */
const READS_AT_ONCE = 64
const DOCUMENTS_AT_ONCE = 5000
const FAILED_AT_ONCE = 200
const LINKS_AT_ONCE = 500

type ReplyPurpose = 'links' | NonNullable<Reply['purpose']>

/** Replies are saved in a small part of the time that taking as many takes. */
const SAVES_TO_TAKES = 4

/**
 * What whygraph knows, above any database: documents, chunks, replies, proposals and decisions are written, entities
 * and links derived from them in the same transaction. Every write is durable when it returns.
 */
export class Store {
  readonly database: Database
  /** Finds entities by their names; kept by whoever resolves them. */
  readonly names: StoredNames
  readonly #derivation: RuledDerivation
  /** Rules are read once; others may be brought meanwhile, which whoever compares links sees. */
  #rulesRead: Promise<void> | null = null
  readonly #saveReplies: (replies: readonly Reply[]) => Promise<boolean>
  readonly #putSummary: (putting: PutSummary) => Promise<boolean>
  readonly #takeReply: (taking: Taking) => Promise<LinkChanges>
  readonly #replies: (search: ReplySearch) => Promise<StoredReply[]>
  readonly #namesLike: (search: WordSearch) => Promise<string[]>
  readonly #confirmedRules: (ask: null) => Promise<ConfirmedRules[]>

  constructor(database: Database, derivation: Derivation) {
    this.database = database
    const ruled: RuledDerivation = { ...derivation, rules: {} }
    const traces = derivation.traces ?? KEEP_TRACES
    this.#derivation = ruled
    this.names = namesOf(database, derivation)
    this.#saveReplies = inGroups(SAVES_TO_TAKES * database.groupSize, (groups) =>
      database.write((writer) => putReplies(writer, groups, traces.compress)),
    )
    this.#putSummary = inGroups(database.groupSize, (puttings) =>
      database.write((writer) => putSummaries(writer, ruled, puttings)),
    )
    this.#takeReply = inGroups(database.groupSize, async (takings) => {
      await database.prepare([...new Set(takings.flatMap(({ taken }) => typesIn(taken)))])
      await this.#readRules()
      const keeping = takings.map((taking) => keepingTraces(taking, traces))
      return database.write(async (writer) => {
        const changes = await takeRepliesIn(writer, ruled, keeping)
        const replies = takings.map(({ reply }) => reply)
        if (!traces.keepsUntaken) await trimReplies(writer, ruled, await passedOver(writer, replies))
        return changes
      })
    })
    this.#replies = inGroups(READS_AT_ONCE, (searches) => database.read((reader) => readReplies(reader, searches)))
    this.#confirmedRules = inGroups(READS_AT_ONCE, async (asks) => {
      const rules = await database.read(readConfirmed)
      return asks.map(() => rules)
    })
    this.#namesLike = inGroups(READS_AT_ONCE, (searches) => database.read((reader) => findNames(reader, searches)))
  }

  close(): Promise<void> {
    return this.database.close()
  }

  // What is written

  /** To be called before a command writes. @throws RefusedError where the store is a copy that was not finished */
  assertWhole(): Promise<void> {
    return assertNoCopy(this.database)
  }

  async putRun(run: Run): Promise<void> {
    await this.database.write((writer) => writer.putNodes([runNode(run)]))
  }

  /** Puts one that is over; see {@link endRun}. */
  endRun(run: Run, paths: ReadonlyMap<string, string>): Promise<void> {
    return endRun(this.database, run, paths)
  }

  async putDocument(
    document: PutDocument,
    chunks: readonly Chunk[],
    now: string,
    belongings: Belongings = {},
  ): Promise<Placed> {
    await this.#readRules()
    return this.database.write((writer) => replaceDocument(writer, this.#derivation, document, chunks, now, belongings))
  }

  /**
   * Says of a document what it says, unless it went: what is made of it and its chunks, in order, as they are while it is
   * written (null: nothing). Whether it was put.
   */
  putSummary(documentId: string, make: MakeSummary): Promise<boolean> {
    return this.#putSummary({ documentId, make })
  }

  /** The same of what a saved reply says of it; see {@link takeSummaryIn}. */
  async takeSummary(documentId: string, reply: Reply, make: MakeOfReply): Promise<boolean> {
    await this.database.prepare([LABELLED])
    return this.database.write((writer) => takeSummaryIn(writer, this.#derivation, documentId, reply, make))
  }

  /** Takes it again, as it is read now. Whether something else came of it, or would come in a dry run. */
  async retakeSummary(
    documentId: string,
    reply: Reply,
    make: MakeOfReply,
    { dryRun, begin }: Pick<RetakeOptions, 'dryRun' | 'begin'>,
  ): Promise<boolean> {
    const isOther = await comesToOther(this.database, this.#derivation, documentId, reply, make)
    if (!isOther || dryRun) return isOther
    await begin()
    return this.takeSummary(documentId, reply, make)
  }

  /** All that is inside a document has been stored. */
  async settleDocument(id: string, contentHash: string): Promise<void> {
    await this.database.write((writer) => writer.patchNodes('Document', [{ id, properties: { contentHash } }]))
  }

  /** Whether a document's date was altered, or may have been where an older whygraph put it. */
  async isRedated(document: StoredDocument): Promise<boolean> {
    if (document.dateHash !== undefined) return isDateAltered(document)
    return this.database.read((reader) => saysOtherDay(reader, document))
  }

  /** Keeps the date of a document as the one that it was read with, unless another one is kept meanwhile. */
  async keepDate({ id, date }: Pick<StoredDocument, 'id' | 'date'>): Promise<void> {
    await this.database.write(async (writer) => {
      const [node] = await writer.lock('Document', [id], ['dateHash'])
      if (node === undefined || node.properties['dateHash'] != null) return
      await writer.patchNodes('Document', [{ id, properties: { dateHash: hashDate({ id, date }) } }])
    })
  }

  /** Notes by which mappings the rows of a table were read. */
  async markMapped(datasetId: string, mappedBy: string): Promise<void> {
    await this.database.write((writer) => writer.patchNodes('Dataset', [{ id: datasetId, properties: { mappedBy } }]))
  }

  /** A chunk that could not be reasoned about stays, with the reason, and is tried again by the next run. */
  async failChunk(chunkId: string, reason: string): Promise<void> {
    await this.database.write(async (writer) => {
      const [node] = await writer.lock('Chunk', [chunkId])
      // What another model made of it stands.
      if (node === undefined || readChunk(node).replies.length > 0) return
      await writer.patchNodes('Chunk', [{ id: chunkId, properties: { state: 'failed', failure: reason } }])
    })
  }

  /**
   * Never changes one that is there: a reply's id is made from all that it says. False: its document was forgotten
   * meanwhile, and nothing of it is kept. One about two chunks is kept `beside` the other too, or nowhere.
   */
  saveReply(reply: Reply, beside?: ReplyPlace): Promise<boolean> {
    return this.#saveReplies(beside === undefined ? [reply] : [reply, besideChunk(reply, beside)])
  }

  /**
   * Takes a saved reply into the graph, for this engine, model and schema, as one reading with `further` ones and in the place
   * of readings with certain fingerprints. Again with the same result changes nothing.
   */
  takeReply(
    reply: Reply,
    taken: Taken,
    fingerprint: string,
    further: readonly Reply[] = [],
    replaces: readonly string[] = [],
  ): Promise<LinkChanges> {
    return this.#takeReply({ reply, further, taken, fingerprint, replaces })
  }

  /** Of a reading that was taken and stands: what was done since. Of the replies `over`, no more is to be made. */
  advanceMark(reply: Reply, further: readonly Reply[], since: Since, over: readonly Reply[]): Promise<void> {
    return this.database.write(async (writer) => {
      await advanceMark(writer, [reply, ...further], since)
      const ids = over.map(({ id }) => id)
      await trimReplies(writer, this.#derivation, await writer.get('Reply', ids))
    })
  }

  /** Puts proposals that come of no reply; see {@link proposeIn}. */
  async propose(proposals: readonly Proposal[]): Promise<LinkChanges> {
    await this.database.prepare([...new Set(proposals.map((proposal) => relationshipType(endsOf(proposal))))])
    await this.#readRules()
    return this.database.write((writer) => proposeIn(writer, this.#derivation, proposals))
  }

  /** Takes what an engine said of two names; see {@link takePairIn}. */
  async takePair(pair: PairTaken): Promise<LinkChanges> {
    await this.database.prepare([SAME_AS])
    return this.database.write((writer) => takePairIn(writer, this.#derivation, pair))
  }

  /** The same of two links that cannot both hold. */
  async takeBetween(pair: PairTaken): Promise<LinkChanges> {
    await this.database.prepare([CONTRADICTS])
    await this.#readRules()
    return this.database.write((writer) => takePairIn(writer, this.#derivation, pair))
  }

  /** Takes it again, as it is read now; see {@link retakePair}. */
  retakePair(pair: PairTaken, options: Pick<RetakeOptions, 'dryRun' | 'begin'>): Promise<Retaken> {
    return retakePair(this.database, this.#derivation, pair, options)
  }

  /** All links that say that two names are one thing, whatever their status, a page at a time. */
  async *identityLinks(): AsyncGenerator<StoredLink> {
    for (let skip = 0; ; skip += LINKS_AT_ONCE) {
      const page = { limit: LINKS_AT_ONCE, skip }
      const nodes = await this.database.read((reader) => reader.find('Link', 'type', [SAME_AS], page))
      yield* derivedLinks(nodes)
      if (nodes.length < LINKS_AT_ONCE) return
    }
  }

  /** Keeps the schema that replies are taken under, by the fingerprint that names it; once is enough. */
  async keepSchema(fingerprint: string, schema: Schema): Promise<void> {
    if ((await this.schemaOf(fingerprint)) !== null) return
    await this.database.write((writer) => writer.putNodes([schemaNode(fingerprint, schema)]))
  }

  /** Takes a stored reply again, as it is read now; see {@link retakeReply}. */
  async retakeReply(reply: Reply, taken: Taken, seen: StoredChunk, options: RetakeOptions): Promise<Retaken | null> {
    await this.#readRules()
    return retakeReply(this.database, this.#derivation, reply, taken, seen, options)
  }

  /** What goes with documents when they are forgotten; see {@link forgetDocument}. */
  measureForgetting(documentIds: readonly string[]): Promise<Forgotten> {
    return this.database.read((reader) => measureForgetting(reader, documentIds))
  }

  /**
   * Removes a document and all that was made of it; see {@link forgetDocument}. What was inside it is not touched. `settle` is
   * called when only its mark is left, which says whose names have to be resolved anew.
   */
  async forget(document: StoredDocument, now: string, settle: () => Promise<void> = async () => {}): Promise<void> {
    await this.#readRules()
    await forgetDocument(this.database, this.#derivation, document, now, settle)
  }

  /** What speaks of documents that are not there. */
  leftovers(): Promise<Leftovers> {
    return this.database.read(findLeftovers)
  }

  async removeLeftovers(leftovers: Leftovers): Promise<void> {
    await this.#readRules()
    await removeLeftovers(this.database, this.#derivation, leftovers)
  }

  /** What an embedding model makes of names, where this store derives by one. */
  get signatures(): NameSignatures | undefined {
    return this.#derivation.signatures
  }

  /** Changes the record and what is derived from it, by the rules that this store derives by: all of it or nothing. */
  async change<T>(work: (writer: GraphWriter, derivation: Derivation) => Promise<T>): Promise<T> {
    await this.#readRules()
    return this.database.write((writer) => work(writer, this.#derivation))
  }

  /** Does the same and gives it all back: the store is what it was. Returns what `work` did. */
  async tryOut<T>(work: (writer: GraphWriter, derivation: Derivation) => Promise<T>): Promise<T> {
    await this.#readRules()
    return tryOut(this.database, (writer) => work(writer, this.#derivation))
  }

  /** Does with a store like this one whatever `work` does, in one transaction that is given back at the end. */
  trial<T>(work: (store: Store) => Promise<T>): Promise<T> {
    return this.tryOut((writer, derivation) => work(new Store(inside(this.database, writer), derivation)))
  }

  /** Which ids some bonds make one; see {@link Derivation.unite}. */
  get unite(): Derivation['unite'] {
    return this.#derivation.unite
  }

  /** Ids of some documents whose names are to be resolved, or those of their chunks, sorted. */
  async unresolved(limit: number): Promise<string[]> {
    return this.database.read((reader) => findUnresolved(reader, limit))
  }

  /** Runs of a command that were begun and not ended: they go on, or were broken off. */
  async unfinishedRuns(command: string): Promise<Run[]> {
    const nodes = await this.database.read((reader) => reader.list('Run'))
    return nodes
      .filter(({ properties }) => properties['command'] === command && properties['finishedAt'] == null)
      .map(({ properties }) => properties as unknown as Run)
  }

  /** Takes what earlier runs said of documents out of their summaries. */
  forgetInRuns(paths: readonly string[]): Promise<void> {
    return forgetInRuns(this.database, paths)
  }

  /** Keeps no more of stored traces than of those that come; see {@link trimTraces}. */
  async trimTraces(options: TrimOptions): Promise<Trimmed> {
    await this.#readRules()
    return trimTraces(this.database, this.#derivation, options)
  }

  /** Derives the whole graph anew from the record; see {@link deriveAnew}. */
  async deriveAnew(options: RebuildOptions): Promise<DerivedAnew> {
    await this.#readRules()
    return deriveAnew(this.database, this.#derivation, options)
  }

  /** Checks the whole store and writes nothing; see {@link checkStore}. */
  async check(options: Walk): Promise<CheckResult[]> {
    await this.#readRules()
    return checkStore(this.database, this.#derivation, () => this.chainHead(), options)
  }

  /**
   * Records what a person decided, at the end of the hash chain, and derives the link anew.
   * @throws NotFoundError, or ConflictError when the link is not at `expectedRev` any more
   */
  async decide(draft: DecisionDraft, now: string): Promise<Decided> {
    const [settled] = await this.decideAll([draft], now)
    if (settled === undefined) throw noSuchLink(draft.linkId)
    if ('refused' in settled) throw settled.refused
    return settled
  }

  /**
   * The same of several, in their order and in one transaction; says what became of each. What is refused of one leaves
   * the others as they are.
   */
  decideAll(drafts: readonly DecisionDraft[], now: string): Promise<(Decided | Refused)[]> {
    return this.#settle([], drafts, (writer, derivation) => recordDecisions(writer, derivation, drafts, now))
  }

  /**
   * Puts what a person says and records what they decide by it, in this order: all of it or nothing.
   * @throws NotFoundError, or ConflictError where a link or a text is not any more what was looked at
   */
  decideTogether(proposals: readonly Proposal[], drafts: readonly DecisionDraft[], now: string): Promise<Decided[]> {
    return this.#settle(proposals, drafts, (writer, derivation) =>
      decideTogether(writer, derivation, proposals, drafts, now),
    )
  }

  /** Decides in one transaction, compares what that changed, and returns the links as they are after both. */
  async #settle<T extends Decided | Refused>(
    proposals: readonly Proposal[],
    drafts: readonly DecisionDraft[],
    decide: (writer: GraphWriter, derivation: Derivation) => Promise<T[]>,
  ): Promise<T[]> {
    const ids = [...new Set(drafts.map(({ linkId }) => linkId))]
    const look = this.database.read((reader) => readLinks(reader, ids))
    const [before] = await Promise.all([look, this.#readRules()])
    await this.database.prepare([...new Set([...before, ...proposals.map(endsOf)].map(relationshipType))])
    const marked = new Set<string>()
    const noting = { ...this.#derivation, marked: (some: readonly string[]) => some.forEach((id) => marked.add(id)) }
    const settled = await this.database.write((writer) => decide(writer, noting))
    // So many links are left to the next comparison: nobody waits here for all of them.
    if (settled.some((one) => !('refused' in one) && mayTurnRules(one.decision)))
      await settleRulings(this.database, this.#derivation)
    if (marked.size > 0) await compareThese(this.database, this.#derivation, [...marked])
    // By itself, one that changed nothing else is as it was when it was decided.
    else if (drafts.length < 2) return settled
    const after = new Map((await this.linksById(ids)).map((link) => [link.id, link]))
    return settled.map((one) => ('refused' in one ? one : { ...one, link: after.get(one.link.id) ?? one.link }))
  }

  /**
   * From now on links are compared by what these schemas say of the types that they name; see {@link useSchemas}. In a
   * dry run that is forgotten with this object. Returns what that changes for links that are there.
   */
  async useSchemas(schemas: readonly Schema[], { dryRun = false } = {}): Promise<RuleChange[]> {
    await this.#readRules()
    const { rules: before } = await this.database.read(readRules)
    const { rules } = dryRun ? { rules: rulesOf(schemas, before) } : await useSchemas(this.database, schemas)
    this.#derivation.rules = rules
    return changesForLinks(this.database, before, rules)
  }

  /** Finds what links that changed contradict by now, and what not any more; see {@link compareMarked}. */
  async compareLinks(options: CompareOptions): Promise<void> {
    await this.#readRules()
    await compareMarked(this.database, this.#derivation, options)
  }

  async #readRules(): Promise<void> {
    this.#rulesRead ??= this.database.read(readRules).then(({ rules }) => {
      this.#derivation.rules = rules
    })
    await this.#rulesRead.catch((error: unknown) => {
      this.#rulesRead = null
      throw error
    })
  }

  // What is read

  async document(id: string): Promise<StoredDocument | null> {
    const [node] = await this.database.read((reader) => reader.get('Document', [id]))
    return node === undefined ? null : readDocument(node)
  }

  /** Those of the ids that no document has. */
  async missingDocuments(ids: readonly string[]): Promise<string[]> {
    return this.database.read((reader) => missingDocuments(reader, ids))
  }

  /** Ids of the documents that were found inside this one. */
  async attachmentsOf(documentId: string): Promise<string[]> {
    const attached = await this.database.read((reader) =>
      reader.relationships('ATTACHED_TO', 'to', 'Document', 'Document', [documentId]),
    )
    return attached.map(({ from }) => from.id).toSorted()
  }

  /** All documents of a source that were not found inside another, gone ones too, a page at a time. */
  async *documentsOf(source: string): AsyncGenerator<StoredDocument> {
    for (let skip = 0; ; skip += DOCUMENTS_AT_ONCE) {
      const page = await this.database.read(async (reader) => {
        const nodes = await reader.find('Document', 'source', [source], { limit: DOCUMENTS_AT_ONCE, skip })
        const ids = nodes.map((node) => node.id)
        const inside = await reader.relationships('ATTACHED_TO', 'from', 'Document', 'Document', ids)
        return {
          count: nodes.length,
          documents: nodes.map(readDocument),
          inner: new Set(inside.map(({ from }) => from.id)),
        }
      })
      yield* page.documents.filter(({ id }) => !page.inner.has(id))
      if (page.count < DOCUMENTS_AT_ONCE) return
    }
  }

  /** Notes for documents below which folder they were found. */
  async setRoots(ids: readonly string[], root: string): Promise<void> {
    await this.database.write((writer) =>
      writer.patchNodes(
        'Document',
        ids.map((id) => ({ id, properties: { root } })),
      ),
    )
  }

  /** All documents of all sources, gone ones too. */
  async *allDocuments(): AsyncGenerator<StoredDocument> {
    for (let after = ''; ;) {
      const from = after
      const nodes = await this.database.read((reader) => reader.listAfter('Document', from, DOCUMENTS_AT_ONCE))
      yield* nodes.map(readDocument)
      const last = nodes.at(-1)
      if (last === undefined) return
      after = last.id
    }
  }

  /** Documents of any source that stand at this path. */
  async documentsAt(path: string): Promise<StoredDocument[]> {
    return (await this.database.read((reader) => reader.find('Document', 'path', [path]))).map(readDocument)
  }

  async documentOfColumn(columnId: string): Promise<StoredDocument | null> {
    return this.database.read(async (reader) => {
      const [column] = await reader.get('Column', [columnId])
      const [dataset] =
        column === undefined ? [] : await reader.get('Dataset', [String(column.properties['datasetId'])])
      const [node] =
        dataset === undefined ? [] : await reader.get('Document', [String(dataset.properties['documentId'])])
      return node === undefined ? null : readDocument(node)
    })
  }

  async datasetsOf(documentId: string): Promise<StoredDataset[]> {
    return this.database.read((reader) => readDatasets(reader, documentId))
  }

  /** Mappings of a table's columns that a person accepted. */
  async acceptedMappings(dataset: Dataset): Promise<StoredLink[]> {
    return this.database.read((reader) => acceptedMappings(reader, dataset))
  }

  async chunk(id: string): Promise<StoredChunk | null> {
    const [node] = await this.database.read((reader) => reader.get('Chunk', [id]))
    return node === undefined ? null : readChunk(node)
  }

  /** Ids of the chunks that could not be reasoned about, in order. */
  async failedChunks(): Promise<string[]> {
    const ids: string[] = []
    for (;;) {
      const page = { limit: FAILED_AT_ONCE, skip: ids.length }
      const nodes = await this.database.read((reader) => reader.find('Chunk', 'state', ['failed'], page))
      ids.push(...nodes.map((node) => node.id))
      if (nodes.length < FAILED_AT_ONCE) return [...new Set(ids)]
    }
  }

  /** A document's chunks in order. */
  async chunks(documentId: string): Promise<StoredChunk[]> {
    const nodes = await this.database.read((reader) => reader.find('Chunk', 'documentId', [documentId]))
    return nodes.map(readChunk).toSorted((a, b) => a.index - b.index)
  }

  /** Those of some replies that are there, in this order. */
  async repliesById(ids: readonly string[]): Promise<StoredReply[]> {
    if (ids.length === 0) return []
    const nodes = await this.database.read((reader) => reader.get('Reply', ids))
    const byId = new Map(nodes.map((node) => [node.id, readReply(node)]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }

  async reply(id: string): Promise<StoredReply | null> {
    const [node] = await this.database.read((reader) => reader.get('Reply', [id]))
    return node === undefined ? null : readReply(node)
  }

  /** All replies about a chunk that were asked for this, oldest first. */
  async repliesAbout(chunkId: string, purpose: ReplyPurpose = 'links'): Promise<StoredReply[]> {
    return (await this.#replies({ chunkId })).filter((reply) => (reply.purpose ?? 'links') === purpose)
  }

  /** Some replies to exactly this request, about whatever chunk. */
  async repliesTo(requestHash: string, purpose: ReplyPurpose = 'links'): Promise<StoredReply[]> {
    return (await this.#replies({ requestHash })).filter((reply) => (reply.purpose ?? 'links') === purpose)
  }

  /** By which rules that people confirmed replies are read that come now. */
  async readingRules(): Promise<DatedRule[]> {
    return rulesToReadBy(await this.confirmedRules())
  }

  /** All rules that people ever confirmed, in the order of their decisions. */
  confirmedRules(): Promise<ConfirmedRules[]> {
    return this.#confirmedRules(null)
  }

  /** What all replies took and cost. */
  async replyGroups(): Promise<ReplyGroup[]> {
    return this.database.read(readReplyGroups)
  }

  /** The schema that a fingerprint stands for; null where nobody kept it. */
  async schemaOf(fingerprint: string): Promise<Schema | null> {
    const [node] = await this.database.read((reader) => reader.get('Schema', [fingerprint]))
    return node === undefined ? null : readSchema(node)
  }

  async link(id: string): Promise<StoredLink | null> {
    return this.database.read((reader) => readLinkById(reader, id))
  }

  /** Those of the ids that are links. */
  linksById(ids: readonly string[]): Promise<StoredLink[]> {
    return this.database.read((reader) => readLinks(reader, ids))
  }

  /** The link that stands for another, where one does; else itself. */
  async standingLink(id: string): Promise<StoredLink | null> {
    const link = await this.link(id)
    return link?.into == null ? link : this.link(link.into)
  }

  async links(statuses: readonly LinkStatus[], page: Omit<Page, 'skip'> = {}): Promise<StoredLink[]> {
    // One status at a time: so the index gives each in order, and no more than the page holds.
    const found = await this.database.read((reader) =>
      Promise.all(statuses.map((status) => reader.find('Link', 'status', [status], page))),
    )
    const { order = 'id', descending = false, limit } = page
    const sign = descending ? -1 : 1
    const merged = found.flat().toSorted((a, b) => {
      const [one, other] = [a.properties[order] ?? '', b.properties[order] ?? '']
      return one === other ? (a.id < b.id ? -1 : 1) : one < other ? -sign : sign
    })
    return merged.slice(0, limit).map(readLink)
  }

  /** Pairs of names that are one thing because a person said so: in the record only, with what fell together. */
  async acceptedPairs(): Promise<StoredLink[]> {
    const joining = derivedLinks(await this.database.read((reader) => reader.find('Link', 'bond', ['accepted'])))
    return joining.filter(({ status, into }) => status === 'merged' && into === null)
  }

  /** An id for which an entity of another stands; null where none does. */
  async redirect(id: string): Promise<Redirect | null> {
    const [node] = await this.database.read((reader) => reader.get('Redirect', [id]))
    return node === undefined ? null : readRedirect(node)
  }

  /** The ids that an entity stands for beside its own, with their names, in order. */
  async redirectsTo(entityId: string): Promise<Redirect[]> {
    const nodes = await this.database.read((reader) => reader.find('Redirect', 'to', [entityId]))
    return nodes.map(readRedirect).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Where an entity is mentioned, by which forms, and whose each is: its own, or that of an id that it stands for. */
  async mentionsOf(entityId: string): Promise<{ chunkId: string; forms: NamedForm[] }[]> {
    const lines = await this.database.read((reader) =>
      reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', [entityId]),
    )
    return lines.map((line) => ({ chunkId: line.to.id, forms: formsIn(line) }))
  }

  /** Links that start from or end at an entity, whatever their status; also those of ids that it stands for. */
  async linksOf(entityId: string): Promise<StoredLink[]> {
    return this.database.read(async (reader) => {
      const ids = [entityId, ...(await reader.find('Redirect', 'to', [entityId])).map(({ id }) => id)]
      return [...new Map((await findLinksAt(reader, ids)).map((node) => [node.id, readLink(node)])).values()]
    })
  }

  /** Some links of entities, in the work of one look however much is known of them; see {@link readLinksAround}. */
  linksAround(entityIds: readonly string[], most: number): Promise<StoredLink[]> {
    return this.database.read((reader) => readLinksAround(reader, entityIds, most))
  }

  /** By link some of what counts for it; see {@link readSomeProposals}. */
  someProposals(linkIds: readonly string[], most: number): Promise<ReadonlyMap<string, readonly Proposal[]>> {
    return this.database.read((reader) => readSomeProposals(reader, linkIds, most))
  }

  /** The links between a link and others that it contradicts, supersedes or is superseded by, whatever their status. */
  async conflictsOf(linkId: string): Promise<StoredLink[]> {
    return this.database.read((reader) => findConflictLinks(reader, [linkId]))
  }

  /** All about a link and those that it stands for. */
  async proposalsFor(linkId: string): Promise<readonly StoredProposal[]> {
    return (await this.history(linkId)).proposals
  }

  /** All that was said and decided about a link and those that it stands for, or that stand for it. */
  history(linkId: string): Promise<History> {
    return this.database.read((reader) => readHistory(reader, linkId))
  }

  /** The same of several, by their ids. */
  histories(linkIds: readonly string[]): Promise<ReadonlyMap<string, History>> {
    return this.database.read((reader) => readHistories(reader, linkIds))
  }

  /** Decisions that were made together, in their order. */
  async decisionsOfBatch(batch: string): Promise<Decision[]> {
    const nodes = await this.database.read((reader) => reader.find('Decision', 'batch', [batch]))
    return nodes.map(readDecision).toSorted((a, b) => a.sequence - b.sequence)
  }

  async entities(ids: readonly string[]): Promise<StoredEntity[]> {
    return (await this.database.read((reader) => reader.get('Entity', ids))).map(readEntity)
  }

  async decisions(page: Page = {}): Promise<Decision[]> {
    return (await this.database.read((reader) => reader.list('Decision', page))).map(readDecision)
  }

  /** The next decisions by id, from the first one behind `after` on. */
  async decisionsAfter(after: string, limit: number): Promise<Decision[]> {
    return (await this.database.read((reader) => reader.listAfter('Decision', after, limit))).map(readDecision)
  }

  async decision(id: string): Promise<Decision | null> {
    const [node] = await this.database.read((reader) => reader.get('Decision', [id]))
    return node === undefined ? null : readDecision(node)
  }

  async decisionByRequest(requestId: string): Promise<Decision | null> {
    return (await this.decisionsByRequests([requestId]))[0] ?? null
  }

  async decisionsByRequests(requestIds: readonly string[]): Promise<Decision[]> {
    return (await this.database.read((reader) => reader.find('Decision', 'requestId', requestIds))).map(readDecision)
  }

  /** The end of the chain of decisions. */
  async chainHead(): Promise<{ sequence: number; hash: string }> {
    const [node] = await this.database.read((reader) => reader.list('Chain'))
    const { sequence = 0, hash = CHAIN_START } = node?.properties ?? {}
    return { sequence: Number(sequence), hash: String(hash) }
  }

  /** Decisions about a link and about those that it stands for, or that stand for it; oldest first. */
  async decisionsAbout(linkId: string): Promise<readonly Decision[]> {
    return (await this.history(linkId)).decisions
  }

  /** Names of known entities that share a word with the given ones: what a text may be about. */
  async namesLike(words: readonly string[], limit: number): Promise<string[]> {
    return words.length === 0 ? [] : this.#namesLike({ words, limit })
  }
}
