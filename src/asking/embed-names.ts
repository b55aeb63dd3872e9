import { z } from 'zod'
import type { Ask } from './ask-paid.ts'
import type { Engine } from '../engines/engine.ts'
import { embeddingFingerprint } from '../extract/ask.ts'
import { contentId } from '../model/ids.ts'
import { DEFAULT_SCHEMA } from '../model/schema.ts'
import { signatureOf } from '../resolve/identity/identity.ts'

/** What is known of names already, and is kept of what comes. */
export interface KeptSignatures {
  of(name: string): Uint8Array | null
  /** Durable when it returns. */
  put(signatures: ReadonlyMap<string, Uint8Array>): void
}

/** An embedding model, and where what it makes of names is kept. */
export interface Embedding {
  readonly engine: Engine
  readonly signatures: KeptSignatures
}

/** What came of asking about names. */
export interface Embedded {
  readonly known: number
  readonly asked: number
  /** Not asked about, because the run or its budget ends here. */
  readonly left: number
  /** The model could not be asked; it is to be asked again. */
  readonly failed: readonly Unembedded[]
  /** The model makes nothing of them, and will not. */
  readonly refused: readonly Unembedded[]
}

export interface Unembedded {
  readonly name: string
  readonly message: string
}

const NAMES_A_REQUEST = 64
const REQUESTS_AT_ONCE = 8
/** Refusals that are about what was sent: somewhere in it is a text that the server does not take. */
const ABOUT_THE_TEXTS: ReadonlySet<number | undefined> = new Set([400, 413, 422])

const vectorsShape = z.array(z.array(z.number()).min(1))

/**
 * Asks an embedding model about names that it was not asked about before, many in a request, and keeps what it says as
 * signatures. `ask` keeps the budget of the run; a journal it need not have, as no words come. A request that is refused for what is in it is made again in halves, so that a bad name costs itself only.
 */
export function createEmbedNames(
  { engine, signatures }: Embedding,
  ask: Ask,
): (names: Iterable<string>) => Promise<Embedded> {
  return async (names: Iterable<string>): Promise<Embedded> => {
    const wanted = new Set<string>()
    let known = 0
    for (const name of new Set(names))
      if (name.trim() === '' || signatures.of(name) !== null) known += 1
      else wanted.add(name)
    const outcomes: Batch[] = []
    const batches = inBatches([...wanted])
    const work = async (): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) outcomes.push(await embed(batch))
    }
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work))
    return {
      known,
      asked: sum(outcomes, ({ asked }) => asked),
      left: sum(outcomes, ({ left }) => left),
      failed: outcomes.flatMap(({ failed }) => failed),
      refused: outcomes.flatMap(({ refused }) => refused),
    }
  }

  async function embed(names: readonly string[]): Promise<Batch> {
    const prompt = JSON.stringify(names)
    const fingerprint = embeddingFingerprint(engine)
    const requestHash = contentId('request', fingerprint, prompt)
    const asked = await ask({ engine, chunkId: '', fingerprint, requestHash }, async () => ({ ...NO_QUESTION, prompt }))
    if (asked === null) return { ...NONE, left: names.length }
    const { reply, error } = asked
    if (error === null) return keep(names, reply.content)
    if (ABOUT_THE_TEXTS.has(error.status)) {
      if (names.length === 1) return { ...NONE, refused: withMessage(names, error.message) }
      const half = names.length >> 1
      const [one, other] = [await embed(names.slice(0, half)), await embed(names.slice(half))]
      return {
        asked: one.asked + other.asked,
        left: one.left + other.left,
        failed: [...one.failed, ...other.failed],
        refused: [...one.refused, ...other.refused],
      }
    }
    return { ...NONE, failed: withMessage(names, error.message) }
  }

  function keep(names: readonly string[], content: string): Batch {
    const vectors = readVectors(content, names.length)
    if (typeof vectors === 'string') return { ...NONE, failed: withMessage(names, `${engine.model}: ${vectors}`) }
    const fresh = new Map<string, Uint8Array>()
    const refused: Unembedded[] = []
    for (const [at, name] of names.entries()) {
      const signature = signatureOf(vectors[at] ?? [])
      if (signature === null) refused.push({ name, message: `${engine.model}: its vector points nowhere` })
      else fresh.set(name, signature)
    }
    signatures.put(fresh)
    return { ...NONE, asked: fresh.size, refused }
  }
}

type Batch = Omit<Embedded, 'known'>

/** It is asked about no chunk. */
const NO_QUESTION = {
  question: { source: { title: '', kind: 'document', date: null }, units: [], schema: DEFAULT_SCHEMA, known: [] },
} as const

const NONE: Batch = { asked: 0, left: 0, failed: [], refused: [] }

function withMessage(names: readonly string[], message: string): Unembedded[] {
  return names.map((name) => ({ name, message }))
}

/** The vectors, or why they are of no use. */
function readVectors(content: string, count: number): number[][] | string {
  const vectors = vectorsShape.safeParse(JSON.parse(content)).data ?? []
  if (vectors.length !== count) return `${vectors.length} vectors came for ${count} names`
  const lengths = new Set(vectors.map(({ length }) => length))
  return lengths.size > 1 ? `its vectors have ${[...lengths].join(' and ')} dimensions` : vectors
}

function inBatches(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / NAMES_A_REQUEST)
  return Array.from({ length: count }, (_, at) => names.slice(at * NAMES_A_REQUEST, (at + 1) * NAMES_A_REQUEST))
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
