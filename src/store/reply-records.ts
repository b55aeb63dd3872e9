import { hashKept, type Gap, type KeptSteps, type KeptTrace } from '../model/kept-trace.ts'
import type { Note } from '../model/note.ts'
import { pack, unpack } from '../model/packed-text.ts'
import { estimateReasoning, traceOf, type Cost, type Reply, type RouteTaken, type StepName } from '../model/reply.ts'
import type { GraphNode, Properties } from './database.ts'
import type { EntityForms } from './records.ts'
import type { TakenSummary } from './summaries.ts'

/** Which property of a reply's node holds what; the rest of `records.ts`. */

type Row = Readonly<Record<string, unknown>>

export interface StoredReply extends Reply, TakenSummary {
  readonly taken: boolean
  /** The fingerprint that it was last taken for; that of another schema, perhaps, than it was asked with. */
  readonly takenFor: string | null
  /** Ids of the replies of further steps that made one reading with it when it was last taken. */
  readonly further: readonly string[]
  /** Id of the reply of another engine that took its place, where rules sent the chunk on or came to name another one. */
  readonly replacedBy?: string
  readonly mentions: readonly EntityForms[]
  readonly notes: readonly Note[]
}

/** `compress`: whether its trace and answer are packed where they are long. */
export function replyNode(reply: StoredReply, compress = true): GraphNode {
  const { usage, cost, notes, mentions, step, further, route, replacedBy, ...told } = reply
  const { leftOut: _, aligned: __, content, ...flat } = told
  return {
    kind: 'Reply',
    id: reply.id,
    properties: {
      ...flat,
      ...traceProperties(reply, compress),
      content: pack(content, compress),
      step: step?.name ?? null,
      because: step?.because ?? null,
      further: further.length > 0 ? further : null,
      ...routeProperties(route),
      replacedBy: replacedBy ?? null,
      inputTokens: usage.input,
      cachedInputTokens: usage.cachedInput,
      outputTokens: usage.output,
      reasoningTokens: usage.reasoning,
      reasoningTokensEstimate: estimateReasoning(reply),
      cost: cost?.amount ?? null,
      currency: cost?.currency ?? null,
      costBasis: cost?.basis ?? null,
      mentions: JSON.stringify(mentions),
      notes: JSON.stringify(notes),
    },
  }
}

/** What is kept of a reply's trace: of one that is whole, only its words. */
export function traceProperties(reply: Pick<Reply, 'id' | 'reasoning' | 'leftOut' | 'aligned'>, compress: boolean) {
  const { id, reasoning, leftOut, aligned } = reply
  const words = { reasoning: pack(reasoning, compress) }
  if (leftOut === undefined) return words
  return {
    ...words,
    leftOut: leftOut.map(({ start, end, hash }) => `${start}-${end} ${hash}`),
    keptHash: hashKept(id, traceOf(reply)),
    aligned: pack(JSON.stringify(aligned), compress),
  }
}

/** The properties that {@link readTrace} reads. */
export const TRACE = ['reasoning', 'leftOut'] as const

export function readTrace({ properties }: GraphNode): KeptTrace {
  const gaps = (properties['leftOut'] ?? []) as string[]
  return { text: unpack(String(properties['reasoning'])), gaps: gaps.map(readGap) }
}

/** A node's properties as people read them: texts that are packed are not. */
export function unpackNode(kind: string, properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { reasoning, content } = properties
  if (kind !== 'Reply' || typeof reasoning !== 'string' || typeof content !== 'string') return { ...properties }
  return { ...properties, reasoning: unpack(reasoning), content: unpack(content) }
}

function readGap(line: string): Gap {
  const [, start, end, hash = ''] = /^(\d+)-(\d+) (.*)$/.exec(line) ?? []
  return { start: Number(start), end: Number(end), hash }
}

/** What stands otherwise in a node. */
type Made = 'usage' | 'cost' | 'notes' | 'mentions' | 'takenFor' | 'further' | 'reasoning' | 'content'

export function readReply(node: GraphNode): StoredReply {
  const {
    inputTokens,
    cachedInputTokens,
    outputTokens,
    reasoningTokens,
    reasoningTokensEstimate: _,
    ...rest
  } = node.properties as Row
  const { cost: amount, currency, costBasis, notes, mentions, step, because, further, ...others } = rest
  const { route, routeRule, routeBecause, routeAfter, routeKeptFrom, reasoning, content, ...own } = others
  const { leftOut, aligned, keptHash: __, ...flat } = own
  const chosen = readRoute({ route, routeRule, routeBecause, routeAfter, routeKeptFrom })
  return {
    takenFor: null,
    ...(flat as unknown as Omit<StoredReply, Made>),
    reasoning: unpack(reasoning as string),
    content: unpack(content as string),
    ...(leftOut === undefined
      ? {}
      : { leftOut: readTrace(node).gaps, aligned: JSON.parse(unpack(aligned as string)) as KeptSteps }),
    ...(step === undefined ? {} : { step: { name: step as StepName, because: because as string } }),
    ...(chosen === null ? {} : { route: chosen }),
    further: (further as string[] | undefined) ?? [],
    usage: {
      input: (inputTokens as number | undefined) ?? null,
      cachedInput: (cachedInputTokens as number | undefined) ?? null,
      output: (outputTokens as number | undefined) ?? null,
      reasoning: (reasoningTokens as number | undefined) ?? null,
    },
    cost:
      amount === undefined
        ? null
        : {
            amount: amount as number,
            currency: (currency as string | undefined) ?? null,
            basis: costBasis as Cost['basis'],
          },
    mentions: JSON.parse(mentions as string) as EntityForms[],
    notes: JSON.parse(notes as string) as Note[],
  }
}

export function routeProperties(route: RouteTaken | undefined): Properties {
  if (route === undefined) return {}
  const { engine, rule, because, after = null, keptFrom = null } = route
  const measured = because.length > 0 ? because : null
  return { route: engine, routeRule: rule, routeBecause: measured, routeAfter: after, routeKeptFrom: keptFrom }
}

function readRoute({ route, routeRule, routeBecause, routeAfter, routeKeptFrom }: Row): RouteTaken | null {
  if (route === undefined) return null
  return {
    engine: route as string,
    rule: routeRule as string,
    because: (routeBecause as string[] | undefined) ?? [],
    ...(routeAfter === undefined ? {} : { after: routeAfter as string[] }),
    ...(routeKeptFrom === undefined ? {} : { keptFrom: routeKeptFrom as string }),
  }
}
