import { unscopedEntityId as entityId } from '../../../src/model/entity.ts'
import { type Judgement, resolveWithin, type Thing } from '../../../src/resolve/identity/identity.ts'

export function thing(name: string, type: string, more: Partial<Thing> = {}): Thing {
  return { id: entityId(type, name), type, names: [name], ...more }
}

/** What is judged of two names of one document, other names of it being there too. */
export function judgedWithin(
  pair: readonly [string, string],
  type: string,
  { text = '', others = [] }: { text?: string; others?: readonly string[] } = {},
): Judgement | undefined {
  const things = [...pair, ...others].map((name) => thing(name, type))
  const ids = pair.map((name) => entityId(type, name)).toSorted()
  const { judgements } = resolveWithin({ things, texts: [text] })
  return judgements.find(({ a, b }) => a === ids[0] && b === ids[1])
}
