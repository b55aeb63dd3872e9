/** The names in their order; one that is already taken gets a number: `notes.txt`, `notes (2).txt`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  // Counted on for each name, so that a thousand of the same take no million of tries.
  const next = new Map<string, number>()
  return names.map((given) => {
    const wanted = given === '' ? 'unnamed' : given
    const [, stem = wanted, extension = ''] = /^(.*[^/])(\.[^./]+)$/s.exec(wanted) ?? []
    let name = wanted
    for (let number = next.get(wanted) ?? 2; taken.has(name); number += 1) {
      name = `${stem} (${number})${extension}`
      next.set(wanted, number + 1)
    }
    taken.add(name)
    return name
  })
}
