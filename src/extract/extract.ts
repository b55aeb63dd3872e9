import { counted } from '../model/counted.ts'
import type { AnswerEntity, AnswerLink } from '../model/answer.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { entityId } from '../model/entity.ts'
import { columnId, datasetId } from '../model/dataset.ts'
import { contentId } from '../model/ids.ts'
import { noteCut, type Note } from '../model/note.ts'
import { formatPlace } from '../model/place.ts'
import { capConfidence, type Mention, type Proposal, type ProposedEntity } from '../model/proposal.ts'
import { rulesFor, type DatedRule } from '../model/reading-rule.ts'
import type { Reply } from '../model/reply.ts'
import type { Schema } from '../model/schema.ts'
import { alignTrace, type AlignedLink, type AlignInput } from './align.ts'
import { asShown } from './as-shown.ts'
import { conformEntity, conformLink } from './conform.ts'
import { flagged, locate, missingNotes } from './evidence.ts'
import { type Flags, flagsOf, listFlags } from './injection/flag-units.ts'
import { judgeOwnSupport, supportNotes } from './injection/own-support.ts'
import { proposeLabels } from './labels.ts'
import { nameSpeakers } from './name-speakers.ts'
import { outsideSchema, type OutsideType } from './outside.ts'
import { parseAnswer, type ParsedAnswer } from './parse.ts'
import { underRules } from './under-rules.ts'
import { readWhen } from '../model/read-when.ts'

/** All that a reply says about a chunk, checked, located and aligned. */
export interface Extraction {
  readonly summary: string
  /** That the document is about something, each a proposal. */
  readonly labels: readonly Proposal[]
  readonly mentions: readonly Mention[]
  readonly proposals: readonly Proposal[]
  /** What it said in types that the schema does not name. */
  readonly outside: readonly OutsideType[]
  readonly notes: readonly Note[]
}

/** Why nothing can be made of a reply; null where something can, if not of that of a further step. */
export function unreadableNote({ notes }: Pick<Extraction, 'notes'>): string | null {
  return notes.find(({ code, where }) => code === 'answer-unreadable' && where === undefined)?.message ?? null
}

/** Which steps of the trace belong to which links, and who says so. */
export interface Alignment {
  readonly links: readonly AlignedLink[]
  /** As `Proposal.alignedBy`. */
  readonly by: string
  readonly notes: readonly Note[]
}

/** What an alignment is made from. */
export function alignmentInput(reply: Reply, chunk: Chunk): AlignInput {
  const { answer } = readAnswer(reply, chunk)
  return { reasoning: reply.reasoning, answer, units: chunk.units.map(asRead) }
}

/** Aligning and extracting both begin with it. */
const answers = new WeakMap<Reply, { readonly unitCount: number; readonly parsed: ParsedAnswer }>()

function readAnswer(reply: Reply, { units: { length: unitCount } }: Chunk): ParsedAnswer {
  const known = answers.get(reply)
  if (known?.unitCount === unitCount) return known.parsed
  const parsed = parseAnswer(reply.content, unitCount)
  answers.set(reply, { unitCount, parsed })
  return parsed
}

export function alignOffline(input: AlignInput, notes: readonly Note[] = []): Alignment {
  return { links: alignTrace(input), by: 'offline', notes }
}

/** The model saw units on one line each; lengths are the same. */
export function asRead(unit: ChunkUnit): AlignInput['units'][number] {
  return { s: unit.s, speaker: unit.place.speaker ?? null, text: asShown(unit.text) }
}

/**
 * Parse, ground, align: pure, so that better versions can be run again over old replies for nothing. Without an
 * `alignment`, steps are found offline. Of rules that people `confirmed`, those count that were there when the reply came.
 */
export function extract(
  reply: Reply,
  chunk: Chunk,
  { path, title, date }: Pick<Document, 'path' | 'title' | 'date'>,
  schema: Schema,
  alignment: Alignment = alignOffline(alignmentInput(reply, chunk)),
  confirmed: readonly DatedRule[] = [],
): Extraction {
  const { answer, isCut, notes: parseNotes } = readAnswer(reply, chunk)
  const flags = flagsOf(chunk, title)
  const notes: Note[] = [...parseNotes, ...alignment.notes, ...flagNotes(chunk, flags)]
  const rules = rulesFor({ at: reply.at, documentId: chunk.documentId }, confirmed)
  const entities = new Map<string, AnswerEntity>()
  for (const entity of answer.entities) {
    const conformed = conformEntity(entity, schema)
    if (conformed === null)
      notes.push({ code: 'unknown-type', message: `“${entity.type}” cannot be an entity type`, where: entity.name })
    else entities.set(entity.id, renamed(conformed, rules.nameFor(conformed)))
  }
  // The model saw units on one line each, so that is where its quotes are looked for; lengths are the same.
  // A profile is whygraph's own words, not the source's.
  const shown = chunk.units.flatMap((unit) => (unit.kind === 'profile' ? [] : { ...unit, text: asShown(unit.text) }))
  const steps = new Map(alignment.links.map((aligned) => [aligned.index, aligned.steps]))

  const columns = chunk.holds === 'profile' ? columnsOf(chunk) : null
  const ownSupport = judgeOwnSupport(chunk, flags, [...entities.values()], schema)
  const proposals: Proposal[] = []
  const seen = new Set<string>()
  for (const link of answer.links) {
    const conformed = conformByRule(link, entities, schema, rules.typeFor)
    if ('refused' in conformed) {
      notes.push(conformed.refused)
      continue
    }
    const evidence = link.evidence.map((quote) => flagged(locate(quote, shown, chunk, path), flags))
    const ends = [endOf(conformed.subject, columns), endOf(conformed.object, columns)] as const
    const [subject, object] = ends
    if (subject === null || object === null) {
      const name = subject === null ? conformed.subject.name : conformed.object.name
      notes.push({
        code: 'unknown-column',
        message: `the table has no column “${name}”`,
        where: `links[${link.index}]`,
      })
      continue
    }
    if (
      subject.column === undefined
        ? isSameEntity(conformed.subject, conformed.object, chunk.documentId)
        : subject.column === object.column
    ) {
      const message = `${conformed.subject.name} and ${conformed.object.name} are the same entity`
      notes.push({ code: 'self-link', message, where: `links[${link.index}]` })
      continue
    }
    const said = JSON.stringify([
      conformed.subject.id,
      conformed.type,
      conformed.object.id,
      link.polarity,
      link.evidence,
    ])
    if (seen.has(said)) {
      notes.push({ code: 'repeated-link', message: 'says the same as a link before it', where: `links[${link.index}]` })
      continue
    }
    seen.add(said)
    const { subject: from, type, object: to } = conformed
    const own = ownSupport({ subject: from, type, object: to, evidence, isMapping: columns !== null })
    const missing = missingNotes(evidence, link)
    const ownNotes: Note[] = [...conformed.notes, ...missing, ...supportNotes(own, `links[${link.index}]`)]
    notes.push(...ownNotes)
    const proposal: Proposal = {
      id: contentId('proposal', reply.id, String(link.index)),
      replyId: reply.id,
      index: link.index,
      chunkId: chunk.id,
      documentId: chunk.documentId,
      subject,
      type: conformed.type,
      object,
      polarity: link.polarity,
      support: link.support,
      when: link.when,
      valid: link.when === null ? null : readWhen(link.when, date),
      saidOn: date,
      why: link.why,
      confidence: capConfidence(link.confidence, missing.length === 0),
      statedConfidence: link.confidence,
      evidence,
      traceKind: reply.traceKind,
      steps: steps.get(link.index) ?? [],
      alignedBy: alignment.by,
      engine: reply.engine,
      model: reply.model,
      held: conformed.held || own.held,
      doubts: own.doubts,
      notes: ownNotes,
    }
    const ruled = underRules(proposal, { chunk, path, where: `links[${link.index}]` }, rules.rejectionsOf)
    notes.push(...ruled.notes)
    proposals.push(ruled.proposal)
  }
  if (isCut) {
    const came = `${counted(proposals.length, 'link')} came before that`
    const isSpent = reply.finish === 'length'
    notes.push(
      noteCut(
        isSpent
          ? `the token budget ran out before the answer was complete (${came}): raise maxOutputTokens`
          : `the answer breaks off before its end (${came})`,
      ),
    )
  }
  // The columns of a table are no entities.
  const named = columns === null ? [...entities.values()] : []
  const mentions = nameSpeakers(
    named.map((entity) => ({ ...proposedEntity(entity), units: entity.mentions })),
    chunk,
  )
  if (proposals.length === 0 && columns !== null)
    notes.push({ code: 'no-mapping', message: `no meaning was found for the ${columns.size} columns of the table` })
  else if (proposals.length === 0)
    notes.push({
      code: 'no-links',
      message: `no link came of ${counted(chunk.units.length, 'unit')}; ${counted(entities.size, 'entity', 'entities')}`,
    })
  const outside = outsideSchema(proposals, schema)
  const about = { path, title, date }
  const labelled = proposeLabels({
    reply,
    chunk,
    document: about,
    labels: answer.labels,
    vocabulary: schema.labels,
    flags,
    kept: reply.leftOut === undefined ? null : steps,
  })
  notes.push(...labelled.notes)
  return { summary: cutSummary(answer.summary), labels: labelled.proposals, mentions, proposals, outside, notes }
}

/** A model that repeats itself writes without end. */
const LONGEST_SUMMARY = 1_000

function cutSummary(summary: string): string {
  const text = summary.trim()
  return text.length <= LONGEST_SUMMARY ? text : `${text.slice(0, LONGEST_SUMMARY)}…`
}

/** What a reply calls by a name of which a person said what is meant; its own name is an alias. */
function renamed(entity: AnswerEntity, { name, type }: Pick<AnswerEntity, 'name' | 'type'>): AnswerEntity {
  if (name === entity.name && type === entity.type) return entity
  return { ...entity, name, type, aliases: [...new Set([...entity.aliases, entity.name])] }
}

/** A link by the schema, and by what people said of its type: of that, the schema says what ends it may have. */
function conformByRule(
  link: AnswerLink,
  entities: ReadonlyMap<string, AnswerEntity>,
  schema: Schema,
  typeFor: (type: string) => string,
): ReturnType<typeof conformLink> {
  const conformed = conformLink(link, entities, schema)
  if ('refused' in conformed || typeFor(conformed.type) === conformed.type) return conformed
  const { type, turned } = conformed
  const ends = turned ? { subject: link.object, object: link.subject } : {}
  const again = conformLink({ ...link, ...ends, type: typeFor(type) }, entities, schema)
  if ('refused' in again) return again
  const note = {
    code: 'by-rule',
    message: `a person said that ${type} is ${again.type}`,
    where: `links[${link.index}]`,
  }
  return { ...again, notes: [...again.notes, note] }
}

/** One for each unit, with its place, so that people see what somebody planted. */
function flagNotes(chunk: Chunk, flags: Flags): Note[] {
  const places = new Map(chunk.units.map(({ s, place }) => [`S${s}`, formatPlace(`S${s}`, place)]))
  return listFlags(flags).map((flag) => {
    const [where = '', ...forms] = flag.split(' ')
    const message = `speaks to the model (${forms.join(' ')}); what only it says makes no link`
    return { code: 'addresses-model', message, where: places.get(where) ?? where }
  })
}

function isSameEntity(one: AnswerEntity, other: AnswerEntity, documentId: string): boolean {
  return entityId(one.type, one.name, documentId) === entityId(other.type, other.name, documentId)
}

/** The columns that a profile describes, by name. */
function columnsOf(chunk: Chunk): ReadonlyMap<string, { readonly id: string; readonly name: string }> {
  const profiled = chunk.units.filter((unit) => unit.kind === 'profile').map((unit) => unit.place)
  return new Map(
    profiled.map(({ sheet = null, column = '' }) => {
      const id = columnId(datasetId(chunk.documentId, sheet), column)
      return [column, { id, name: column }]
    }),
  )
}

/** One end of a proposed link; null where it should be a column and is none. */
function endOf(entity: AnswerEntity, columns: ReturnType<typeof columnsOf> | null): ProposedEntity | null {
  if (columns === null) return proposedEntity(entity)
  const wanted = entity.name.trim().toLowerCase()
  const alike = [...columns.values()].filter(({ name }) => name.trim().toLowerCase() === wanted)
  const column = columns.get(entity.name) ?? (alike.length === 1 ? alike[0] : undefined)
  return column === undefined ? null : { name: column.name, type: entity.type, aliases: [], column: column.id }
}

function proposedEntity(entity: AnswerEntity): ProposedEntity {
  return { name: entity.name, type: entity.type, aliases: entity.aliases }
}
