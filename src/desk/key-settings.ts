import { z } from 'zod'
import { clashes, commandNames, type Remapped } from './keys.ts'

/** `space` stands for the key that would not be seen. */
const key = z.string().transform((name) => (name === 'space' ? ' ' : name))

/** `review:` of `whygraph.yaml`: other keys for commands of the desk. No two commands have one key. */
export const reviewSettings = {
  review: z
    .strictObject({
      keys: z
        .strictObject(Object.fromEntries(commandNames().map((command) => [command, key.optional()])))
        .transform((keys) => keys as Remapped)
        .superRefine((keys, context) => {
          for (const { command, problem } of clashes(keys))
            context.addIssue({ code: 'custom', path: [command], message: problem })
        })
        .optional(),
    })
    .optional(),
}
