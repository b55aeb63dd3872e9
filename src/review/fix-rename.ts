import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { INVISIBLE } from '../model/entity.ts'
import { RefusedError, UsageError } from '../model/errors.ts'
import { DISPLAYED_AS } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { ownNameLinkId } from '../store/called.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { proposedEnd } from './fix-ends.ts'
import { asSeen, personsWord, type Revision } from './fix.ts'
import { textsNaming, type Named } from './naming-texts.ts'
import { findThing } from './same-entities.ts'
import { quoteAny } from './same-proposals.ts'

/** A name that is longer than this is a sentence. */
const MOST_CHARACTERS = 200
/** Documents that are quoted for it: as long as one of them is there, the name stays. */
const MOST_DOCUMENTS = 20

/**
 * What renaming an entity comes to: a decision about the link from the entity to itself that says what it is called, with
 * the places at which texts name it. Its id and the names that texts have for it stay. Reads and writes nothing.
 */
export async function planRename(
  store: Store,
  id: string,
  newName: string,
  { reviewer, reason, note, requestId = randomUUID(), expectedRev }: DecideOptions,
  isRetried = false,
): Promise<Revision & { readonly thing: Named; readonly called: string }> {
  const thing = await findThing(store, id)
  const called = checkedName(newName)
  if (called === thing.standing.name && !isRetried)
    throw new RefusedError('nothing-to-fix', `that is what ${thing.id} is called already`)
  const proposals = await namings(store, thing, reviewer)
  if (proposals.length === 0)
    throw new RefusedError('no-quote', `no text that is there names “${thing.name}”`, {
      hint: 'What no text names any more cannot be renamed.',
    })
  const linkId = ownNameLinkId(thing.id)
  const standing = await store.link(linkId)
  const draft = {
    requestId,
    linkId,
    verdict: 'accept',
    reviewer,
    batch: ulid(),
    says: proposals.map((proposal) => proposal.id),
    called,
    reason: reason ?? 'renamed',
    ...(note === undefined ? {} : { note }),
    ...(await asSeen(store, linkId, standing, expectedRev)),
  } as const
  return { original: null, linkId, proposals, drafts: [draft], thing, called }
}

function checkedName(text: string): string {
  const name = text.replace(INVISIBLE, '').trim().replaceAll(/\s+/gu, ' ')
  if (name !== '' && name.length <= MOST_CHARACTERS && !/\p{Cc}/u.test(name)) return name
  throw new UsageError('bad-name', `a name has 1 to ${MOST_CHARACTERS} characters, and no control characters`)
}

/** Where texts name it: one place in each document. */
async function namings(store: Store, thing: Named, reviewer: string): Promise<Proposal[]> {
  const texts = await textsNaming(store, thing, 0)
  const byDocument = Map.groupBy(texts, ({ chunk }) => chunk.documentId)
  return [...byDocument.values()].slice(0, MOST_DOCUMENTS).flatMap(([text]) => {
    if (text === undefined) return []
    const { chunk, document, names } = text
    const end = proposedEnd(thing, chunk.documentId)
    const quote = quoteAny(text, names[0])
    return personsWord(
      {
        chunkId: chunk.id,
        documentId: chunk.documentId,
        subject: end,
        type: DISPLAYED_AS,
        object: end,
        support: 'inferred',
        when: null,
        valid: null,
        saidOn: document.date,
        why: '',
        statedConfidence: 1,
        evidence: quote === null ? [] : [quote],
        traceKind: 'none',
        steps: [],
        revises: [],
      },
      reviewer,
    )
  })
}
