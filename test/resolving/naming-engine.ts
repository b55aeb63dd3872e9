import type { Engine } from '../../src/engines/engine.ts'
import { scriptedEngine } from '../scripted-engine.ts'

/**
 * An engine that knows some names and their types, and takes each form that it meets for an entity of its own: what is one
 * thing it leaves to others. Of two names in one unit it says that the first knows the second, or leads it.
 */
export function namingEngine(types: Readonly<Record<string, readonly string[]>>): Engine & { asked: unknown[] } {
  const typeOf = new Map(Object.entries(types).flatMap(([type, names]) => names.map((name) => [name, type] as const)))
  const longest = [...typeOf.keys()].toSorted((a, b) => b.length - a.length).map(literal)
  const pattern = new RegExp(`(?<!\\p{L})(?:${longest.join('|')})(?!\\p{L})`, 'gu')
  return scriptedEngine(({ question }) => {
    const found = question.units.map(({ s, text, speaker }) => {
      const names = [...text.matchAll(pattern)].map(([name]) => name)
      return { s, text, names: speaker !== null && typeOf.has(speaker) ? [speaker, ...names] : names }
    })
    const all = [...new Set(found.flatMap(({ names }) => names))]
    const idOf = (name: string): string => `e${all.indexOf(name) + 1}`
    return JSON.stringify({
      summary: '',
      labels: [],
      entities: all.map((name) => ({
        id: idOf(name),
        name,
        type: typeOf.get(name),
        aliases: [],
        mentions: found.filter(({ names }) => names.includes(name)).map(({ s }) => s),
      })),
      links: found.flatMap(({ s, text, names: [one, other] }) =>
        one === undefined || other === undefined || one === other
          ? []
          : [
              {
                subject: idOf(one),
                type: text.includes(' leads ') ? 'LEADS' : 'KNOWS',
                object: idOf(other),
                evidence: [{ s, quote: text }],
                support: 'stated',
                polarity: 'asserted',
                when: null,
                why: '',
                confidence: 0.9,
              },
            ],
      ),
      rejected: [],
    })
  })
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
