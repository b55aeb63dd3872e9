import { hashPrompt } from '../extract/prompt-facts.ts'
import { renderPrompt, toQuestion } from '../extract/prompt.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Reply } from '../model/reply.ts'
import type { Store } from '../store/store.ts'
import type { Lesson } from './left-out.ts'

/** The prompt that a reply answers, letter for letter as it was sent. Only its hash was kept: it is written anew and compared. */
export async function sentPrompt(store: Store, reply: Reply, chunk: Chunk): Promise<Lesson<string>> {
  const schema = await store.schemaOf(reply.fingerprint)
  const document = await store.document(chunk.documentId)
  if (schema === null || document === null || reply.promptHash === undefined) return { leftOut: 'prompt-unknown' }
  const prompt = renderPrompt(toQuestion(chunk, document, schema, reply.known ?? []))
  return hashPrompt(prompt) === reply.promptHash ? { lesson: prompt } : { leftOut: 'prompt-changed' }
}
