import { z } from 'zod'
import { cutJson, wholeItems } from '../extract/cut-json.ts'
import type { Reply } from '../model/reply.ts'

/** Characters of a reason that are kept with a proposal; the reply has it whole. */
const LONGEST_REASON = 300

/** The key by which a link was shown, with or without the brackets around it. */
export const key = z.string().transform((said) => said.trim().replaceAll(/[[\]]/g, ''))

export const reason = z
  .string()
  .trim()
  .catch('')
  .transform((said) => said.slice(0, LONGEST_REASON))

export interface KeyedItems<T> {
  readonly items: readonly { readonly item: T; readonly index: number }[]
  /** Whether that is all of the list: it did not break off, and every item was understood. */
  readonly isWhole: boolean
}

/**
 * What a reply says of links that it names by their keys, item by item with its place in the list: one that cannot be
 * understood, or at which the reply breaks off (`L1` may have been to be `L12`), costs itself only. Null where there is no list of links to be found.
 */
export function keyedItems<T>(reply: Reply, shape: z.ZodType<T>): KeyedItems<T> | null {
  const found = cutJson(reply.content)
  const list = found?.value['links']
  if (found === null || !Array.isArray(list)) return null
  const items = wholeItems(list, reply.content, found).flatMap((value, index) => {
    const { data } = shape.safeParse(value)
    return data === undefined ? [] : [{ item: data, index }]
  })
  return { items, isWhole: !found.isCut && items.length === list.length }
}
