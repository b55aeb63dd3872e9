import { ConflictError } from '../model/errors.ts'
import { forgetSearched, noteSearched } from '../review/searched.ts'
import { counted } from '../model/counted.ts'
import type { Deciding } from './decide-card.ts'
import type { Event } from './state.ts'

/** A person says of the document that is asked about that nothing is missing: it is not asked again until its content changes. */
export async function noteWhole({ store, reviewer, cards, now }: Deciding): Promise<Event> {
  const { asked } = cards
  if (asked === null) return { kind: 'gone', message: '' }
  try {
    await noteSearched(store, asked.document, reviewer, now())
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return cards.lookAgain(`not saved: ${error.message}`)
  }
  const told = `${asked.document.path}: nothing is missing beside ${counted(asked.links.length, 'link')}  saved ✓`
  return { kind: 'searched', documentId: asked.document.id, message: told }
}

/** Takes that back, and asks about the document again. */
export async function askAgain(
  { store, reviewer, cards }: Deciding,
  documentId: string,
  isCardOpen: boolean,
): Promise<Event> {
  const document = await forgetSearched(store, documentId, reviewer)
  const asked = await cards.askAgain(documentId, isCardOpen, `${document?.path}: taken back  saved ✓`)
  return asked ?? { kind: 'gone', message: 'nothing is to be asked about that document any more' }
}
