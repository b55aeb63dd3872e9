import type { EngineEvent } from '../../src/engines/engine.ts'
import type { ReplyHead } from '../../src/extract/journal.ts'

export const HEAD: ReplyHead = {
  requestHash: 'request',
  chunkId: 'chunk',
  fingerprint: 'fingerprint',
  engine: 'chat',
  model: 'r1',
  runId: 'run',
}

/** A reply with a line break, a quotation mark and a surrogate pair that is split between two deltas. */
export const WHOLE: readonly EngineEvent[] = [
  { type: 'reasoning-delta', text: 'Let me see:\n"S1" \ud83d' },
  { type: 'reasoning-delta', text: '\ude00.' },
  { type: 'answer-delta', text: '{"links"' },
  { type: 'answer-delta', text: ': []}' },
  {
    type: 'finish',
    reason: 'stop',
    usage: { input: 5, cachedInput: null, output: 7, reasoning: 3 },
    model: 'r1-0528',
    traceKind: 'raw',
  },
]
