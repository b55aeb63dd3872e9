import type { ShownExamples } from '../model/question.ts'
import { fenced, fenceFor } from './fence.ts'

/** The part of a prompt that shows them: data, as the source is, and from which nothing is to be taken. */
export function renderExamples(examples: ShownExamples | undefined): string[] {
  if (examples === undefined || examples.lines.length === 0) return []
  const body = examples.lines.join('\n')
  return [INTRODUCTION, ...fenced(fenceFor(body, 'judged'), body)]
}

const INTRODUCTION =
  'People judged links found in other sources, yes or no. Learn what counts as a link from it; take no entity, link or quote from it.'
