import type { Command } from 'commander'
import { splitMark } from '../model/done-mark.ts'
import { flagUnits } from '../extract/injection/flag-units.ts'
import { describeWho, verdictInForce } from '../model/decision.ts'
import { UsageError } from '../model/errors.ts'
import type { Reply } from '../model/reply.ts'
import { holdsAsOf, SAME_AS } from '../model/link.ts'
import { findDocumentAt, findRecord } from '../review/find-record.ts'
import { seenDecisions } from '../review/seen-decisions.ts'
import { viewAsOf } from '../review/view-as-of.ts'
import { viewLink } from '../review/view-link.ts'
import type { NodeKey } from '../store/database.ts'
import { isInGraph, type StoredChunk, type StoredDocument, type StoredLink } from '../store/records.ts'
import { unpackNode, type StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import type { ChunkSummary } from '../store/summaries.ts'
import { renderLinkCard } from '../terminal/link-card.ts'
import { renderArrow, renderLinkLine } from '../terminal/link-line.ts'
import { describeRoute } from '../terminal/route-lines.ts'
import { printable, printableJson, printableLines } from '../terminal/printable.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'
import { day } from './day.ts'
import { viewerOf } from './review/reviewer.ts'
import { storedPaths } from './stored-path.ts'
import { isRowPlace, showRow } from './show-row.ts'

interface ShowFlags extends CommonFlags {
  readonly asOf?: string
}

export function addShow(program: Command, context: Context): void {
  program
    .command('show')
    .summary('a link, entity, label, document, table, chunk, reply or decision: why it is there')
    .description(
      'Example: whygraph show k3vq7x\n\nShows what is known of anything by its id, or by the first characters of it, and of a document by its path. A place in a table, as a link gives it, opens the row: whygraph show "data/owners.csv row 12"',
    )
    .argument('<id>', 'an id, its first characters, the path of a document, or a place in a table')
    .option(
      '--as-of <date>',
      'of an entity: only links that hold on that day; of a link: whether it does, and what had been said by then (by documents without a date, too; decisions are all shown)',
      day,
    )
    .action(async (id: string, _: unknown, command: Command) => {
      const flags: ShowFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      await withStore(context, settings, async (store) => {
        if (isRowPlace(id)) return showRow(store, id, settings, context, flags.json ?? false)
        const found = (await findDocumentAt(store, storedPaths(id, settings, context))) ?? (await findRecord(store, id))
        const key = await followRedirect(store, found, context)
        const viewer = viewerOf(settings.values.reviewer, context)
        if (key.kind === 'Link') return showLink(store, key.id, context, flags, viewer)
        if (flags.asOf !== undefined && key.kind !== 'Entity')
          throw new UsageError('as-of', `a ${key.kind.toLowerCase()} is the same on every day`, {
            hint: '--as-of is for entities and links.',
          })
        if (flags.json) return context.print(printableJson(await asJson(store, key, flags.asOf, viewer), 2))
        context.print(await describe(store, key, flags.asOf, viewer))
      })
    })
}

/** The entity that stands for an id that was one. */
async function followRedirect(store: Store, key: NodeKey, context: Context): Promise<NodeKey> {
  const redirect = key.kind === 'Redirect' ? await store.redirect(key.id) : null
  if (redirect === null) return key
  context.say(`${printable(redirect.name)} (${redirect.id}) was taken for one thing with ${redirect.to}`)
  for (const line of await whoJoined(store, redirect.id)) context.say(line)
  return { kind: 'Entity', id: redirect.to }
}

/** The links that join an id with others, and by whose word. */
async function whoJoined(store: Store, id: string): Promise<string[]> {
  const joining = (await store.linksOf(id)).filter(
    ({ type, status, into, bond }) =>
      type === SAME_AS && status === 'merged' && into === null && bond !== null && bond.kind !== 'rejected',
  )
  return Promise.all(
    joining.map(async (link) => {
      const decision = link.bond?.kind === 'accepted' ? verdictInForce(await store.decisionsAbout(link.id)) : null
      const who = decision === null ? 'joined by sure rules' : `accepted by ${describeWho(decision)}`
      return `  by link ${link.id.slice(0, 8)}  ${renderArrow(link)}: ${printable(who)}`
    }),
  )
}

/** A link in full, or the one that stands for it, as this person may see it; also `review show`. */
export async function showLink(
  store: Store,
  found: string,
  context: Context,
  flags: ShowFlags,
  viewer: string | null,
): Promise<void> {
  const id = (await store.standingLink(found))?.id ?? found
  if (id !== found) context.say(`link ${found} has fallen into one with ${id}`)
  const whole = await viewLink(store, id, viewer)
  const { view, asOf } =
    flags.asOf === undefined ? { view: whole, asOf: null } : await viewAsOf(store, whole, flags.asOf)
  if (flags.json) {
    const { link, subject, object, proposals, waiting, otherHalf, decisions, conflicts } = view
    const stepNumbers = Object.fromEntries([...view.traces].map(([proposal, { numbers }]) => [proposal, numbers()]))
    const asked = asOf === null ? {} : { asOf }
    const shown = { link, subject, object, proposals, stepNumbers, waiting, otherHalf, decisions, conflicts }
    context.print(printableJson({ version: 1, kind: 'Link', ...shown, ...asked }, 2))
  } else context.print(renderLinkCard(view, context.width, asOf))
}

async function asJson(store: Store, key: NodeKey, asOf: string | undefined, viewer: string | null): Promise<unknown> {
  const properties = await propertiesOf(store, key, viewer)
  const hasLinks = key.kind === 'Entity' || key.kind === 'Label' || key.kind === 'Document'
  const links = hasLinks ? { links: await linksOf(store, key.id, asOf) } : {}
  return { version: 1, kind: key.kind, ...properties, ...links }
}

async function propertiesOf(store: Store, key: NodeKey, viewer: string | null): Promise<object> {
  const decision = key.kind === 'Decision' ? await store.decision(key.id) : null
  if (decision !== null) return (await seenDecisions(store, viewer, [decision]))[0] ?? {}
  const [node] = await store.database.read((reader) => reader.get(key.kind, [key.id]))
  return node === undefined ? {} : unpackNode(key.kind, node.properties)
}

/** All links of an entity (a document's and a label's are what documents are about), or those that hold on a day. */
async function linksOf(store: Store, id: string, asOf: string | undefined): Promise<StoredLink[]> {
  const links = await store.linksOf(id)
  return asOf === undefined ? links : links.filter((link) => holdsAsOf(link, asOf))
}

async function describe(store: Store, key: NodeKey, asOf: string | undefined, viewer: string | null): Promise<string> {
  if (key.kind === 'Entity') return describeEntity(store, key.id, asOf)
  if (key.kind === 'Label') return describeLabel(store, key.id)
  if (key.kind === 'Document') return describeDocument(store, key.id)
  if (key.kind === 'Chunk') return describeChunk(store, key.id)
  const told = Object.entries(await propertiesOf(store, key, viewer)).filter(([, value]) => value !== null)
  const lines = told.map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text.includes('\n')
      ? `${name}:\n  ${printableLines(text).replaceAll('\n', '\n  ')}`
      : `${name}: ${printable(text)}`
  })
  return `${key.kind} ${key.id}\n${lines.join('\n')}`
}

async function describeEntity(store: Store, id: string, asOf: string | undefined): Promise<string> {
  const [entity] = await store.entities([id])
  const links = await linksOf(store, id, asOf)
  const redirects = entity?.joined == null ? [] : await store.redirectsTo(id)
  const [inGraph, others] = [links.filter(isInGraph), links.filter((link) => !isInGraph(link))]
  return [
    `${printable(entity?.name ?? '')} (${entity?.type ?? ''})  id ${id}`,
    (entity?.aliases.length ?? 0) > 0 ? ` also: ${entity?.aliases.map(printable).join(', ')}` : '',
    ...redirects.map((one) => ` one with: ${printable(one.name)}  id ${one.id}`),
    inGraph.length > 0
      ? `LINKS${asOf === undefined ? '' : ` as of ${asOf}`}\n${inGraph.map(lineOf).join('\n')}`
      : `no links in the graph${asOf === undefined ? '' : ` as of ${asOf}`}`,
    others.length > 0 ? `NOT IN THE GRAPH\n${others.map(lineOf).join('\n')}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n')
}

async function describeLabel(store: Store, id: string): Promise<string> {
  const [node] = await store.database.read((reader) => reader.get('Label', [id]))
  const links = await store.linksOf(id)
  return [`${printable(String(node?.properties['name'] ?? ''))} (label)  id ${id}`, ...links.map(lineOf)].join('\n')
}

function lineOf(link: StoredLink): string {
  return ` ${renderLinkLine(link)}`
}

async function describeDocument(store: Store, id: string): Promise<string> {
  const document = await store.document(id)
  const [chunks, labels] = [await store.chunks(id), (await store.linksOf(id)).toSorted(bestFirst)]
  const reply = document?.summaryReply === undefined ? null : await store.reply(document.summaryReply)
  const isOfAll = ({ object }: StoredLink): boolean => reply?.labels?.includes(object) ?? false
  const [ofAll, ofParts] = [labels.filter(isOfAll), labels.filter((link) => !isOfAll(link))]
  return [
    `${printable(document?.title ?? '')}  id ${id}`,
    ` ${printable(document?.path ?? '')} · ${document?.kind} · ${document?.mediaType}${document?.date ? ` · ${document.date}` : ''}${document?.gone ? ` · gone from its source, seen ${document.gone}` : ''}`,
    ...(document?.summary ? [summaryLine(document, chunks)] : []),
    ...chunks.map(
      (chunk) =>
        ` chunk ${chunk.id.slice(0, 8)}  ${chunk.state}  ${chunk.units.length} units${chunk.failure ? `  ${printable(chunk.failure)}` : ''}`,
    ),
    ...(ofAll.length > 0 ? [`LABELS of the whole, by ${printable(reply?.model ?? '')}`, ...ofAll.map(lineOf)] : []),
    ...(ofParts.length > 0 ? [ofAll.length > 0 ? 'LABELS of its parts' : 'LABELS', ...ofParts.map(lineOf)] : []),
  ].join('\n')
}

/** What a reply was asked for, where it is not the first about the links. */
function askedFor({ purpose, step }: Pick<Reply, 'purpose' | 'step'>): string {
  if (step !== undefined) return `  ${step.name}: ${printable(step.because)}`
  return purpose === undefined ? '' : `  ${purpose}`
}

/** A reply about a chunk; who chose its engine, and what became of that. */
function replyLines(reply: StoredReply, chunk: StoredChunk | null): string[] {
  const { id, model, finish, at, route, replacedBy } = reply
  const mark = chunk?.fingerprints[chunk.replies.indexOf(id)]
  const { judged } = splitMark(mark ?? '')
  return [
    ` reply ${id.slice(0, 8)}  ${printable(model)}  ${finish}  ${at}${askedFor(reply)}`,
    ...(route === undefined ? [] : [`   read by ${describeRoute(route)}`]),
    ...(replacedBy === undefined ? [] : [`   reply ${replacedBy.slice(0, 8)} took its place`]),
    ...(judged?.keptFrom === undefined
      ? []
      : [`   rules over it name ${printable(judged.keptFrom)}, whose maxShare was used up`]),
  ]
}

function bestFirst(a: StoredLink, b: StoredLink): number {
  return b.supports - a.supports || b.confidence - a.confidence || (a.id < b.id ? -1 : 1)
}

async function describeChunk(store: Store, id: string): Promise<string> {
  const chunk = await store.chunk(id)
  const purposes = ['links', 'step', 'contradiction', 'alignment'] as const
  const replies = (await Promise.all(purposes.map((purpose) => store.repliesAbout(id, purpose)))).flat()
  const document = chunk === null ? null : await store.document(chunk.documentId)
  const flags = chunk === null ? null : flagUnits(chunk, document?.title ?? '')
  return [
    `Chunk ${id}  ${chunk?.state}${chunk?.failure ? `: ${printable(chunk.failure)}` : ''}`,
    ...(chunk?.about === undefined ? [] : aboutLines(chunk.about)),
    ...replies.flatMap((reply) => replyLines(reply, chunk)),
    ...(flags === null || flags.title.length === 0
      ? []
      : [` FLAGGED: its document's title speaks to the model (${flags.title.join(', ')})`]),
    ...(chunk?.units ?? []).map((unit) => {
      const who = [unit.place.speaker, unit.place.time].filter((part) => part !== undefined).join(' ')
      const forms = flags?.units.get(unit.s)
      const flag = forms === undefined ? '' : `  FLAGGED: it speaks to the model (${forms.join(', ')})`
      return `[S${unit.s}] ${who === '' ? '' : `${printable(who)}: `}${printable(unit.text)}${flag}`
    }),
  ].join('\n')
}

/** What a document says, of what and by whom that was made, and where its trace is. */
function summaryLine({ summary = '', summaryBy = '', summaryReply }: StoredDocument, chunks: readonly StoredChunk[]) {
  const parts = chunks.filter(({ about }) => about !== undefined && about.summary !== '').length
  const by = summaryBy === 'rule' ? 'by rule' : `by ${printable(summaryBy)}`
  const trace = summaryReply === undefined ? '' : `; trace: whygraph show ${summaryReply.slice(0, 8)}`
  const of = parts === 1 ? 'that of its chunk' : `those of ${parts} chunks`
  return ` SUMMARY (${by}, of ${of}; no evidence${trace})  ${printable(summary)}`
}

/** What a model makes of a chunk. It is no evidence: that has the source's own words. */
function aboutLines({ summary, labels, by }: ChunkSummary): string[] {
  return [
    ...(summary === '' ? [] : [` SUMMARY (by ${printable(by)}; no evidence)  ${printable(summary)}`]),
    ...(labels.length === 0 ? [] : [` LABELS (by ${printable(by)})  ${labels.map(printable).join(', ')}`]),
  ]
}
