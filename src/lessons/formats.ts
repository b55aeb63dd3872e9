import { z } from 'zod'
import { decidedCase } from '../model/example.ts'
import { LINK_TYPE } from '../model/schema.ts'

/** What `review export` writes, by name. */
export const FORMATS = ['few-shot', 'sft', 'dpo'] as const
export type Format = (typeof FORMATS)[number]

const words = z.string().min(1)
const units = z.array(z.number().int().min(1))
const id = z.string().regex(/^e\d+$/)

/** The answer that a prompt asks for, to the letter; see CONTRIBUTING.md. */
export const contractAnswer = z.strictObject({
  summary: z.string(),
  labels: z.array(z.strictObject({ label: words, s: units })).max(5),
  entities: z.array(z.strictObject({ id, name: words, type: words, aliases: z.array(words), mentions: units })),
  links: z.array(
    z.strictObject({
      subject: id,
      type: z.string().regex(LINK_TYPE),
      object: id,
      evidence: z.array(z.strictObject({ s: z.number().int().min(1), quote: words })).min(1),
      support: z.enum(['stated', 'inferred']),
      polarity: z.enum(['asserted', 'negated', 'hedged']),
      when: z.string().nullable(),
      why: z.string(),
      confidence: z.number().min(0).max(1),
    }),
  ),
  rejected: z
    .array(z.strictObject({ subject: z.string(), type: z.string(), object: z.string(), reason: z.string() }))
    .max(5),
})

export type ContractAnswer = z.infer<typeof contractAnswer>

const user = z.strictObject({ role: z.literal('user'), content: words })
const assistant = z.strictObject({ role: z.literal('assistant'), content: words })

/** OpenAI's format of chats to train on: https://platform.openai.com/docs/guides/supervised-fine-tuning. */
const sftRow = z.strictObject({ messages: z.tuple([user, assistant]) })

/**
 * The same with the trace that led to the answer, in the key that chat templates of reasoning models read. `trace_kind` says
 * what it is: the model's own, `raw`. A provider's summary of one never gets in.
 */
const sftRowWithTrace = z.strictObject({
  messages: z.tuple([user, assistant.extend({ reasoning_content: words })]),
  trace_kind: z.literal('raw'),
})

/** TRL's preference format with an explicit prompt, conversational: https://huggingface.co/docs/trl/dataset_formats. */
const dpoRow = z.strictObject({ prompt: z.tuple([user]), chosen: z.tuple([assistant]), rejected: z.tuple([assistant]) })

export type SftRow = z.infer<typeof sftRow> | z.infer<typeof sftRowWithTrace>
export type DpoRow = z.infer<typeof dpoRow>

/** A format's name for people and in the manifest, and what each of its rows must be like. */
export const SHAPES: Readonly<Record<Format, { readonly name: string; readonly row: z.ZodType }>> = {
  'few-shot': { name: 'whygraph-case-1', row: decidedCase },
  sft: { name: 'OpenAI chat fine-tuning (messages)', row: z.union([sftRow, sftRowWithTrace]) },
  dpo: { name: 'TRL preference, conversational, explicit prompt (prompt, chosen, rejected)', row: dpoRow },
}
