/** How a name came to be taken for another. */
export interface Joined<Why> {
  readonly name: string
  readonly why: Why
}

/** Names that are taken for one: the first, and the others with the reason. */
export interface Group<Why> {
  readonly name: string
  readonly others: readonly Joined<Why>[]
}

/**
 * Takes names for one another, the most frequent first, so that each joins the first group whose own name it may stand
 * for. It is never by way of a third that two names come together. Names must come in the order in which they count.
 */
export function joinNames<Why>(
  names: readonly string[],
  why: (group: string, name: string) => Why | null,
): Group<Why>[] {
  const groups: { name: string; others: Joined<Why>[] }[] = []
  for (const name of names) {
    let isJoined = false
    for (const group of groups) {
      const reason = why(group.name, name)
      if (reason === null) continue
      group.others.push({ name, why: reason })
      isJoined = true
      break
    }
    if (!isJoined) groups.push({ name, others: [] })
  }
  return groups
}
