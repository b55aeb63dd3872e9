import { normaliseName } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import type { Mention, Proposal } from '../model/proposal.ts'

/** What is said of which link, whatever is quoted for it. */
export function claimOf(proposal: Proposal): string {
  return `${endsOf(proposal).id} ${proposal.polarity}`
}

/** Each name of each type once, with all that is said of it. */
export function uniteMentions(mentions: readonly Mention[]): Mention[] {
  const united = new Map<string, Mention>()
  for (const mention of mentions) {
    const key = JSON.stringify([mention.type, normaliseName(mention.name)])
    const known = united.get(key)
    if (known === undefined) {
      united.set(key, mention)
      continue
    }
    const names = [...known.aliases, mention.name, ...mention.aliases].filter((name) => name !== known.name)
    const units = [...new Set([...known.units, ...mention.units])].toSorted((a, b) => a - b)
    united.set(key, { ...known, aliases: [...new Set(names)], units })
  }
  return [...united.values()]
}
