/** What a reasoning model might answer to whygraph's prompt: drawn from the words of the source by rule, like the replies that the peers are given. */

/** As `extract` of the peers' model server gives it. */
export interface Drawn {
  readonly ents: readonly { readonly name: string; readonly type: string }[]
  readonly rels: readonly { readonly s: string; readonly t: string; readonly type: string; readonly why: string }[]
}

interface Unit {
  readonly s: string
  readonly words: string
}

/** The types that the peers' replies use, as whygraph's own schema names them. */
const TYPES: Readonly<Record<string, string>> = { Topic: 'Concept', Decision: 'Resolution', Artifact: 'System' }
const QUOTED_CHARACTERS = 120

/** The units that a prompt of whygraph's shows; null where it is somebody else's prompt. */
export function unitsOf(prompt: string): readonly Unit[] | null {
  if (!prompt.includes('"evidence":[{"s":1')) return null
  return [...prompt.matchAll(/^\[S(\d+)\] (.*)$/gm)].map(([, s = '', line = '']) => ({ s, words: line }))
}

/** Reasoning and answer by the contract: every link with a quote copied from a unit, and weighed in the reasoning. */
export function answer(units: readonly Unit[], { ents, rels }: Drawn): { reasoning: string; content: string } {
  const ids = new Map(ents.map(({ name }, index) => [name, `e${index + 1}`]))
  const unitOf = (name: string): Unit | undefined => units.find(({ words }) => words.includes(name))
  const entities = ents.map(({ name, type }) => {
    const mentions = units.filter(({ words }) => words.includes(name)).map(({ s }) => Number(s))
    return { id: ids.get(name), name, type: TYPES[type] ?? type, aliases: [], mentions: mentions.slice(0, 5) }
  })
  const thoughts: string[] = []
  const links = rels.flatMap(({ s, t, type, why }) => {
    const unit = unitOf(s)
    if (unit === undefined) return []
    const quote = quoteFrom(unit.words, s)
    thoughts.push(
      `In S${unit.s} the words "${quote.slice(0, 80)}" speak of ${s}. Does that tie ${s} to ${t}? ` +
        `It reads as ${type.toLowerCase().replaceAll('_', ' ')}, so ${s} ${type} ${t} is stated well enough there; I keep it.`,
    )
    const evidence = [{ s: Number(unit.s), quote }]
    const rest = { support: 'stated', polarity: 'asserted', when: null, why, confidence: 0.8 }
    return [{ subject: ids.get(s), type, object: ids.get(t), evidence, ...rest }]
  })
  const [first, second] = ents
  const rejected = [{ subject: first?.name, type: 'KNOWS', object: second?.name, reason: 'only named near each other' }]
  const reasoning = [
    `The source has ${units.length} units. I go through them and look for who does what.`,
    ...thoughts,
    `${first?.name} and ${second?.name} merely stand near each other; knowing one another is not said, so I leave it out.`,
  ].join('\n')
  const labels = [{ label: 'meeting', s: [Number(units[0]?.s ?? 1)] }]
  const summary = `A part of a meeting about ${first?.name} and ${second?.name}.`
  return { reasoning, content: JSON.stringify({ summary, labels, entities, links, rejected }) }
}

/** From the name on, behind the speaker's label, which is no part of the unit's words. */
function quoteFrom(line: string, name: string): string {
  const label = /^[^:]{1,60}: /.exec(line)?.[0].length ?? 0
  const at = line.indexOf(name, label)
  const rest = line.slice(at < 0 ? label : at)
  return rest.slice(0, QUOTED_CHARACTERS).trim() || line.trim()
}
