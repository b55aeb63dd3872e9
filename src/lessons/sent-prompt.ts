import { hashPrompt } from '../extract/prompt-facts.ts'
import { withExamples, type Examples } from '../extract/examples.ts'
import { renderPrompt, toQuestion } from '../extract/prompt.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Reply } from '../model/reply.ts'
import type { Store } from '../store/store.ts'
import type { Lesson } from './left-out.ts'

/** The prompt that a reply answers, letter for letter as it was sent. Only its hash was kept: it is written anew and compared. */
export async function sentPrompt(
  store: Store,
  reply: Reply,
  chunk: Chunk,
  examples: Examples | null,
): Promise<Lesson<string>> {
  const schema = await store.schemaOf(reply.fingerprint)
  const document = await store.document(chunk.documentId)
  if (schema === null || document === null || reply.promptHash === undefined) return { leftOut: 'prompt-unknown' }
  const question = toQuestion(chunk, document, schema, reply.known ?? [])
  const asked = [question, withExamples(question, examples, chunk.documentId)].map(renderPrompt)
  const prompt = asked.find((each) => hashPrompt(each) === reply.promptHash)
  return prompt === undefined ? { leftOut: 'prompt-changed' } : { lesson: prompt }
}
