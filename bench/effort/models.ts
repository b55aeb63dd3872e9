import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { estimateTokens } from '../../src/model/tokens.ts'
import { startWireServer, type WireReply, type WireServer } from '../../test/engines/wire/server.ts'

export const LARGE = 'reasoner-large'
export const SMALL = 'reasoner-distill-8b'

/** What a model said of a file of the sample, and whether it was recorded or made of what the larger one said. */
interface Said {
  readonly model: string
  readonly units: readonly { readonly text: string }[]
  readonly reasoning: string
  readonly content: string
  readonly isMade: boolean
}

export interface Models {
  readonly url: string
  /** Files for which the small model's reply was made. */
  readonly made: number
  readonly recorded: number
  close(): Promise<void>
}

/**
 * Both models of the sample at a local endpoint, over real HTTP: a request is answered with what the model that it names
 * said of the same units.
 */
export async function startModels(sample: string): Promise<Models> {
  const recorded = readdirSync(join(sample, 'replies'))
    .toSorted()
    .map((file): Said => {
      const said = JSON.parse(readFileSync(join(sample, 'replies', file), 'utf8')) as Omit<Said, 'isMade'>
      return { ...said, isMade: false }
    })
  const hasSmall = new Set(recorded.filter(({ model }) => model === SMALL).map(keyOf))
  const made = recorded.filter((said) => said.model === LARGE && !hasSmall.has(keyOf(said))).map(lessen)
  const all = [...recorded, ...made]

  const server: WireServer = await startWireServer(({ body }) => {
    const { model, messages } = body as { model: string; messages: { content: string }[] }
    const prompt = messages.map(({ content }) => content).join('\n')
    const said = all.find((one) => one.model === model && one.units.every(({ text }) => prompt.includes(shown(text))))
    return said === undefined
      ? { status: 400, body: { error: { message: 'nothing is recorded about these units' } } }
      : answer(said, prompt)
  })
  return { url: server.url, made: made.length, recorded: hasSmall.size, close: () => server.close() }
}

function keyOf({ units }: Said): string {
  return JSON.stringify(units.map(({ text }) => text))
}

/** As the prompt shows it, on one line. */
function shown(text: string): string {
  return text.replaceAll('\n', ' ')
}

function answer({ model, reasoning, content }: Said, prompt: string): WireReply {
  const message = { role: 'assistant', content, reasoning_content: reasoning }
  const thought = estimateTokens(reasoning)
  const [input, output] = [estimateTokens(prompt), thought + estimateTokens(content)]
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    completion_tokens_details: { reasoning_tokens: thought },
  }
  return { body: { object: 'chat.completion', model, choices: [{ index: 0, finish_reason: 'stop', message }], usage } }
}

interface RecordedLink {
  readonly support: string
  readonly confidence: number
  readonly evidence: readonly { readonly s: number; readonly quote: string }[]
}

/**
 * What a small model might have said, made of what the large one did: of its links every third is removed, every fifth
 * has a quote that is not in the source, what is inferred is less sure, and the first is said twice.
 */
function lessen(said: Said): Said {
  const start = said.content.indexOf('{')
  const parsed = JSON.parse(said.content.slice(start, said.content.lastIndexOf('}') + 1)) as { links: RecordedLink[] }
  const kept = parsed.links.filter((_, at) => at % 3 !== 2)
  const links = kept.map((link, at): RecordedLink => {
    const confidence = link.support === 'inferred' ? link.confidence * 0.6 : link.confidence
    const evidence =
      at % 5 === 4 ? link.evidence.map(({ s, quote }) => ({ s, quote: `Surely ${quote}` })) : link.evidence
    return { ...link, confidence, evidence }
  })
  const content = JSON.stringify({ ...parsed, links: [...links, ...links.slice(0, 1)] })
  return { ...said, model: SMALL, content, isMade: true }
}
