import type { EngineRequest } from '../engines/engine.ts'
import { contentId } from '../model/ids.ts'
import type { Question } from '../model/question.ts'
import type { Reply } from '../model/reply.ts'
import { renderPrompt } from './prompt.ts'

/** What a reply keeps of the prompt that it answers. */
export type PromptFacts = Pick<Reply, 'promptHash' | 'wording' | 'known' | 'examples'>

export function promptFacts({ question, prompt }: EngineRequest): PromptFacts {
  const { known, examples: { ids: examples } = { ids: [] } } = question
  return {
    promptHash: hashPrompt(prompt),
    wording: wordingOf(question),
    ...(known.length === 0 ? {} : { known: known.map(hashName) }),
    ...(examples.length === 0 ? {} : { examples }),
  }
}

export function hashPrompt(prompt: string): string {
  return contentId('prompt', prompt)
}

/** By which a name that a prompt told is known again. */
export function hashName(name: string): string {
  return contentId('told', name)
}

const wordings = new Map<Question['asksFor'], string>()

/** The same for all prompts of a kind, until whygraph's own words in them change: that of a prompt which asks about nothing. */
function wordingOf({ asksFor }: Question): string {
  const before = wordings.get(asksFor)
  if (before !== undefined) return before
  const nothing: Question = {
    ...(asksFor === undefined ? {} : { asksFor }),
    source: { title: '', kind: 'document', date: null },
    units: [],
    schema: { open: false, entityTypes: [], linkTypes: [] },
    known: [],
  }
  const wording = contentId('wording', renderPrompt(nothing))
  wordings.set(asksFor, wording)
  return wording
}
