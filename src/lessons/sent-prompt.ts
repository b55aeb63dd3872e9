import { hashName, hashPrompt } from '../extract/prompt-facts.ts'
import { withExamples, type Examples } from '../extract/examples.ts'
import { nameWords } from '../extract/name-words.ts'
import { renderPrompt, toQuestion } from '../extract/prompt.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Reply } from '../model/reply.ts'
import type { Store } from '../store/store.ts'
import type { Lesson } from './left-out.ts'

/** Among so many names those are looked for that a prompt told. */
const MOST_NAMES = 200

/**
 * The prompt that a reply answers, letter for letter as it was sent. Only hashes of it and of the names in it were kept: it is
 * written anew and compared.
 */
export async function sentPrompt(
  store: Store,
  reply: Reply,
  chunk: Chunk,
  examples: Examples | null,
): Promise<Lesson<string>> {
  const schema = await store.schemaOf(reply.fingerprint)
  const document = await store.document(chunk.documentId)
  if (schema === null || document === null || reply.promptHash === undefined) return { leftOut: 'prompt-unknown' }
  const known = await toldNames(store, reply, chunk)
  if (known === null) return { leftOut: 'prompt-changed' }
  const question = toQuestion(chunk, document, schema, known)
  const asked = [question, withExamples(question, examples, chunk.documentId)].map(renderPrompt)
  const prompt = asked.find((each) => hashPrompt(each) === reply.promptHash)
  return prompt === undefined ? { leftOut: 'prompt-changed' } : { lesson: prompt }
}

/** Null where one of them is not known any more, or under another name. */
async function toldNames(store: Store, { known = [] }: Reply, { text }: Chunk): Promise<string[] | null> {
  if (known.length === 0) return []
  const names = new Map((await store.namesLike(nameWords(text), MOST_NAMES)).map((name) => [hashName(name), name]))
  const told = known.flatMap((hash) => names.get(hash) ?? [])
  return told.length === known.length ? told : null
}
