import { z } from 'zod'
import { explain, type Asked } from './failure.ts'
import type { OpenAiClient } from './openai-client.ts'
import { Trouble } from './trouble.ts'
import { createWatch } from './watch.ts'

/** How long a server may take to list its models. */
const CHECK_MILLISECONDS = 15_000

const models = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Asks for the list of models: the cheapest question that shows whether address and key are right. */
export async function checkModels(client: OpenAiClient, asked: Asked, signal: AbortSignal): Promise<string> {
  const where = `${asked.model} at ${asked.endpoint.host}`
  const connection = new AbortController()
  const watch = createWatch(signal)
  try {
    const listed = models.safeParse(await watch.over(client.listModels(connection.signal), CHECK_MILLISECONDS))
    if (!listed.success) return `${where}: it answers, but does not list its models`
    const known = listed.data.data
    if (known.some(({ id }) => id === asked.model)) return `${where}: it answers and knows the model`
    return `${where}: it answers, but the model is not among the ${known.length} that it lists`
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    // Not every server has such a list.
    if (error.status === 404 || error.status === 405) return `${where}: it answers, but does not list its models`
    throw explain(error, asked)
  } finally {
    watch.end()
    connection.abort()
  }
}
