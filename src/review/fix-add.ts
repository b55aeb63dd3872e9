import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { RefusedError } from '../model/errors.ts'
import { endsOf } from '../model/link.ts'
import type { Schema } from '../model/schema.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { findEnd, proposedEnd, type EndAsked } from './fix-ends.ts'
import { undatedNotes, withProperties, type PropertiesSet } from './fix-properties.ts'
import { findQuotes, type Text } from './fix-quote.ts'
import { newTypeNotes } from './fix-type.ts'
import { asSeen, personsWord, typed, type Revision } from './fix.ts'
import { findRecord } from './find-record.ts'

/** A link that the model missed, as a person says it. */
export interface Missed extends PropertiesSet {
  readonly subject: EndAsked
  readonly type: string
  readonly object: EndAsked
  readonly quotes: readonly string[]
  /** Path or id of the document in which they stand, or id of the chunk. */
  readonly in: string
}

/**
 * What adding a link comes to: a person's proposal with quotes of the source, and the decision that accepts it. Reads and
 * writes nothing.
 * @throws RefusedError where a quote does not stand there, or the schema has no such link
 */
export async function planAdd(
  store: Store,
  missed: Missed,
  schema: Schema,
  { reviewer, reason, note, requestId = randomUUID(), expectedRev }: DecideOptions,
): Promise<Revision> {
  const texts = await textsIn(store, missed.in)
  const quoted = findQuotes(missed.quotes, texts)
  const ends = { subject: await findEnd(store, missed.subject), object: await findEnd(store, missed.object) }
  const { subject, type, object } = typed(ends, missed.type, schema)
  const proposals = quoted.map(({ chunk, document, evidence }) =>
    personsWord(
      withProperties(
        {
          chunkId: chunk.id,
          documentId: chunk.documentId,
          subject: proposedEnd(subject, chunk.documentId),
          type,
          object: proposedEnd(object, chunk.documentId),
          support: 'stated',
          when: null,
          valid: null,
          saidOn: document.date,
          why: note ?? '',
          evidence,
          traceKind: 'none',
          steps: [],
          revises: [],
        },
        missed,
      ),
      reviewer,
    ),
  )
  const [first] = proposals
  if (first === undefined)
    throw new RefusedError('no-quote', 'nothing is quoted', { hint: 'Give the words that say so with --quote.' })
  const { id, subjectId, objectId } = endsOf(first)
  if (subjectId === objectId) throw new RefusedError('self-link', `${subject.name} would be both ends of the link`)
  const standing = await store.standingLink(id)
  const linkId = standing?.id ?? id
  const draft = {
    requestId,
    linkId,
    verdict: 'accept',
    reviewer,
    batch: ulid(),
    says: proposals.map((proposal) => proposal.id),
    reason: reason ?? 'added',
    ...(note === undefined ? {} : { note }),
    ...(await asSeen(store, linkId, standing, expectedRev)),
  } as const
  const notes = [...(await newTypeNotes(store, type, schema)), ...undatedNotes(missed, proposals)]
  return { original: null, linkId: draft.linkId, proposals, drafts: [draft], notes }
}

/** The chunks of a document, by its path or id, or one chunk. */
async function textsIn(store: Store, where: string): Promise<Text[]> {
  const [document] = await store.documentsAt(where)
  const key = document === undefined ? await findRecord(store, where, ['Document', 'Chunk']) : null
  const one = key?.kind === 'Chunk' ? await store.chunk(key.id) : null
  const of = document ?? (await store.document(one?.documentId ?? key?.id ?? ''))
  if (of === null) return []
  const chunks = one === null ? await store.chunks(of.id) : [one]
  return chunks.map((chunk) => ({ chunk, document: of }))
}
