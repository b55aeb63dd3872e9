import type { TraceKind } from '../../model/reply.ts'
import type { Words } from '../engine.ts'
import { createThinkSplitter } from '../think-tags.ts'
import type { ThinkPiece } from '../think-tags.ts'

/**
 * Thinking and answer of one reply, told apart: what comes through a channel for thinking, and what comes as content,
 * in which a model may think inline all the same.
 */
export interface Speech {
  /** Words from a channel for thinking. */
  think(text: string): readonly Words[]
  /** Words of the content. */
  say(text: string): readonly Words[]
  /** What was held back until its kind is known. */
  rest(): readonly Words[]
  hasBegun(): boolean
  /** `kind` where there was any thinking. @param kind what the channel carries; inline thinking is always raw */
  traceKind(kind: TraceKind): TraceKind
}

export function createSpeech(): Speech {
  const splitter = createThinkSplitter()
  let hasBegun = false
  /** All that came through the channel, and what was inside the content beside it. */
  let channelled = ''
  let inline = ''
  let hasInline = false

  function emit(pieces: readonly ThinkPiece[]): Words[] {
    const events: Words[] = []
    for (const { kind, text } of pieces) {
      if (kind === 'answer') events.push(...missingInline(), { type: 'answer-delta', text })
      else if (channelled === '') {
        if (text.trim() !== '') hasInline = true
        events.push({ type: 'reasoning-delta', text })
      } else inline += text
    }
    return events
  }

  /** llama.cpp's `deepseek-legacy` sends the thinking twice, in its own field and inside the content. */
  function missingInline(): Words[] {
    const text = inline
    inline = ''
    if (text.trim() === '' || channelled.includes(text.trim())) return []
    hasInline = true
    return [{ type: 'reasoning-delta', text }]
  }

  function think(text: string): readonly Words[] {
    if (text === '') return []
    hasBegun = true
    channelled += text
    splitter.thoughtElsewhere()
    return [{ type: 'reasoning-delta', text }]
  }

  function say(text: string): readonly Words[] {
    if (text === '') return []
    hasBegun = true
    return emit(splitter.push(text))
  }

  return {
    think,
    say,
    rest: () => [...emit(splitter.end()), ...missingInline()],
    hasBegun: () => hasBegun,
    traceKind: (kind) => (channelled.trim() !== '' ? kind : hasInline ? 'raw' : 'none'),
  }
}
