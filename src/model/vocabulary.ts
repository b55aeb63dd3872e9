import { z } from 'zod'
import { LONGEST_LABEL, normaliseLabel } from './label.ts'

const label = z.strictObject({
  name: z.string(),
  hint: z.string().default(''),
  aliases: z.array(z.string()).default([]),
})

/** The labels that documents may have. `fixed: false` lets models name others too. */
export const labelVocabulary = z
  .strictObject({ fixed: z.boolean().default(true), names: z.array(label).default([]) })
  .superRefine(({ names }, context) => {
    const known = new Map<string, string>()
    for (const [index, { name, aliases }] of names.entries())
      for (const [position, form] of [name, ...aliases].entries()) {
        const path = ['names', index, ...(position === 0 ? ['name'] : ['aliases', position - 1])]
        const folded = normaliseLabel(form)
        const wrong = (message: string): void => context.addIssue({ code: 'custom', path, message })
        const before = known.get(folded)
        if (!isLabel(folded)) wrong(`must have a letter or a digit, and at most ${LONGEST_LABEL} characters`)
        else if (before !== undefined && before !== name) wrong(`is a label already, or one of “${before}”`)
        known.set(folded, before ?? name)
      }
  })

export type LabelVocabulary = z.infer<typeof labelVocabulary>

/** Whether a normalised label is one. */
export function isLabel(normalised: string): boolean {
  return normalised.length <= LONGEST_LABEL && /[\p{L}\p{N}]/u.test(normalised)
}

/** Under which name a label goes by a vocabulary, and whether it is in it. A name is not an alias of its own. */
export function findLabel(
  vocabulary: LabelVocabulary | undefined,
  normalised: string,
): { readonly name: string; readonly how: 'name' | 'alias' | 'outside' } {
  for (const { name, aliases } of vocabulary?.names ?? []) {
    const own = normaliseLabel(name)
    if (own === normalised) return { name: own, how: 'name' }
    if (aliases.some((alias) => normaliseLabel(alias) === normalised)) return { name: own, how: 'alias' }
  }
  return { name: normalised, how: 'outside' }
}
