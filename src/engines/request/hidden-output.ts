import type { Usage } from '../../model/reply.ts'

/**
 * Output and reasoning with what a server left out of its output: Gemini its thoughts, xAI the reasoning. The total gives
 * it away; where the reasoning was counted, only a total that is the exact sum does, for some hold other things too.
 */
export function withHiddenOutput(usage: Usage, total: number | null): Usage {
  const { input, output, reasoning } = usage
  if (input === null || output === null || total === null) return usage
  const hidden = Math.max(0, total - input - output)
  if (hidden === 0 || (reasoning !== null && reasoning !== hidden)) return usage
  return { ...usage, output: output + hidden, reasoning: hidden }
}
