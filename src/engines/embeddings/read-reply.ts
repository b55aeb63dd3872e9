import { z } from 'zod'
import type { Usage } from '../../model/reply.ts'
import { NO_USAGE } from '../engine.ts'
import { countOf, fieldsOf, readWireError, textOf } from '../request/fields.ts'
import { Trouble } from '../request/trouble.ts'
import type { ReplyReader } from '../request/wire.ts'

const embeddings = z.array(z.object({ index: z.number().int().optional(), embedding: z.array(z.number()).min(1) }))

/** Makes the answer of the one chunk that comes: the vectors in the order of what was asked. */
export function createEmbeddingReader(askedModel: string): ReplyReader {
  let model = askedModel
  let usage: Usage = NO_USAGE
  let isOver = false

  function take(value: unknown): ReturnType<ReplyReader['take']> {
    const chunk = fieldsOf(value)
    const error = fieldsOf(chunk?.['error'])
    if (error !== null) {
      const { message, code, type } = readWireError(error)
      throw new Trouble('refused', message, { reason: `${code ?? ''} ${type ?? ''}`.trim() })
    }
    const data = embeddings.safeParse(chunk?.['data'])
    if (!data.success) throw new Trouble('unreadable', 'the response holds no embeddings')
    model = textOf(chunk?.['model']) || askedModel
    const counted = fieldsOf(chunk?.['usage'])
    const input = countOf(counted?.['prompt_tokens']) ?? countOf(counted?.['total_tokens'])
    usage = { input, cachedInput: 0, output: 0, reasoning: 0 }
    isOver = true
    const inOrder = data.data.map((item, at) => ({ ...item, at: item.index ?? at })).toSorted((a, b) => a.at - b.at)
    return [{ type: 'answer-delta', text: JSON.stringify(inOrder.map(({ embedding }) => embedding)) }]
  }

  const soFar = () => ({ usage, model, traceKind: 'none' as const })
  return {
    take,
    rest: () => [],
    hasBegun: () => isOver,
    isFinished: () => isOver,
    soFar,
    finish() {
      if (!isOver) throw new Trouble('cut', 'the response ended before it began')
      return { type: 'finish', reason: 'stop', ...soFar() }
    },
  }
}
