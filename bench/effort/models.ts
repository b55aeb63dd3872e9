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
  /** Of one that is made: all that it was made of. */
  readonly madeOf?: Answer
}

interface Answer {
  readonly entities: readonly { readonly id: string; readonly name: string }[]
  readonly links: readonly RecordedLink[]
}

interface RecordedLink {
  readonly subject: string
  readonly object: string
  readonly support: string
  readonly confidence: number
  readonly evidence: readonly { readonly s: number; readonly quote: string }[]
}

export interface Models {
  readonly url: string
  /** Files for which the small model's reply was recorded, and such for which it was made. */
  readonly recorded: number
  readonly made: number
  /** As if nothing had been asked yet. */
  forget(): void
  close(): Promise<void>
}

/**
 * Both models of the sample at a local endpoint, over real HTTP: a request is answered with what the model that it names
 * said of the same units. `judge` says of a link, as the prompts of checks word it, whether it is supported.
 */
export async function startModels(sample: string, judge: (link: string) => string): Promise<Models> {
  const recorded = readdirSync(join(sample, 'replies'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(sample, 'replies', file), 'utf8')) as Said)
  const hasSmall = new Set(recorded.filter(({ model }) => model === SMALL).map(keyOf))
  const made = recorded.filter((said) => said.model === LARGE && !hasSmall.has(keyOf(said))).map(toMade)
  const all = [...recorded, ...made]
  /** How often the same was asked. */
  const times = new Map<string, number>()

  const server: WireServer = await startWireServer(({ body }) => {
    const { model, messages } = body as { model: string; messages: { content: string }[] }
    const prompt = messages.map(({ content }) => content).join('\n')
    const checked = answerCheck(prompt, judge)
    if (checked !== null) return reply(model, prompt, '', checked)
    const said = all.find((one) => one.model === model && one.units.every(({ text }) => prompt.includes(shown(text))))
    if (said === undefined)
      return { status: 400, body: { error: { message: 'nothing is recorded about these units' } } }
    const key = `${model}\n${prompt}`
    const time = times.get(key) ?? 0
    times.set(key, time + 1)
    return reply(model, prompt, said.reasoning, contentFor(said, prompt, time))
  })
  return {
    url: server.url,
    made: made.length,
    recorded: hasSmall.size,
    forget: () => times.clear(),
    close: () => server.close(),
  }
}

function keyOf({ units }: Said): string {
  return JSON.stringify(units.map(({ text }) => text))
}

/** As the prompt shows it, on one line. */
function shown(text: string): string {
  return text.replaceAll('\n', ' ')
}

function reply(model: string, prompt: string, reasoning: string, content: string): WireReply {
  const message = { role: 'assistant', content, ...(reasoning === '' ? {} : { reasoning_content: reasoning }) }
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

function answerOf({ content }: Said): Answer {
  const parsed: unknown = JSON.parse(content.slice(content.indexOf('{'), content.lastIndexOf('}') + 1))
  return parsed as Answer
}

function toMade(said: Said): Said {
  return { ...said, model: SMALL, madeOf: answerOf(said) }
}

/** By what whygraph's prompts ask of a chunk that was asked about before. */
const GLEANING = 'no link of the answer has them:'
const RE_ASK = 'could not be used as it was.'

function contentFor(said: Said, prompt: string, time: number): string {
  const { madeOf } = said
  if (madeOf === undefined) return prompt.includes(GLEANING) ? withLinks(answerOf(said), []) : said.content
  // Another reading leaves out others.
  const isKept = (_: unknown, at: number): boolean => at % 3 !== (2 + time) % 3
  if (prompt.includes(GLEANING)) {
    const names = prompt.slice(prompt.indexOf(GLEANING))
    const asked = new Set(madeOf.entities.filter(({ name }) => names.includes(`- ${name}`)).map(({ id }) => id))
    const missed = madeOf.links.filter((_, at) => at % 3 === 2)
    return withLinks(
      madeOf,
      missed.filter(({ subject, object }) => asked.has(subject) || asked.has(object)),
    )
  }
  const kept = madeOf.links.filter(isKept)
  return withLinks(madeOf, prompt.includes(RE_ASK) ? kept : lessen(kept))
}

function withLinks(answer: Answer, links: readonly RecordedLink[]): string {
  return JSON.stringify({ ...answer, links })
}

/** Every fifth link has a quote that is not in the source, what is inferred is less sure, and the first is said twice. */
function lessen(kept: readonly RecordedLink[]): RecordedLink[] {
  const links = kept.map((link, at): RecordedLink => {
    const confidence = link.support === 'inferred' ? link.confidence * 0.6 : link.confidence
    const isAltered = at % 5 === 4
    const evidence = isAltered ? link.evidence.map(({ s, quote }) => ({ s, quote: `Surely ${quote}` })) : link.evidence
    return { ...link, confidence, evidence }
  })
  return [...links, ...links.slice(0, 1)]
}

/** Of a prompt that asks about links by their keys: verdicts by `judge`, and nothing is said without its quotes. */
function answerCheck(prompt: string, judge: (link: string) => string): string | null {
  if (!prompt.includes('{"links": [{"link": "key"')) return null
  const asked = [...prompt.matchAll(/^\[([^\]S][^\]]*)\] (.*)$/gm)]
  const links = asked.map(([, link, text = '']) => ({ link, verdict: judge(text), said: false, reason: 'by the gold' }))
  return JSON.stringify({ links })
}
