import { type Engine, type EngineEvent, NO_USAGE } from '../../src/engines/engine.ts'
import { answerWith, type ScriptedLink } from '../scripted-engine.ts'

/** Fills a trace with sentences that are about nothing. */
function musing(sentences: number, about = 'the weather'): string {
  return Array.from({ length: sentences }, (_, i) => `Now a thought, number ${i}, about ${about} of that day.`).join(
    ' ',
  )
}

/** What an engine of a test's own thinks about a text like “Ana leads Ben.”: long before and after, and of each link once. */
export function traceOfThoughts(links: readonly ScriptedLink[]): string {
  const thoughts = links.map(({ subject, type, object, quote, s }) => {
    return `S${s} says “${quote}”, so ${subject} ${type} ${object}, asserted and stated.`
  })
  return [musing(40), ...thoughts.flatMap((thought) => [thought, musing(20, 'the tide')]), musing(20, 'the end')].join(
    '\n\n',
  )
}

/** Reads units of the form “Ana leads Ben.”, and thinks at length. `asked` counts. */
export function thinkingEngine(): Engine & { asked: number } {
  return {
    name: 'thinking',
    model: 'thinker',
    parameters: {},
    asked: 0,
    async *reason({ question }): AsyncGenerator<EngineEvent> {
      this.asked += 1
      const links = linksIn(question.units)
      yield { type: 'reasoning-delta', text: traceOfThoughts(links) }
      // Nothing can be made of it.
      const isBroken = question.units.some(({ text }) => text.includes('gibberish'))
      yield { type: 'answer-delta', text: isBroken ? 'no object' : answerWith(links) }
      yield { type: 'finish', reason: 'stop', usage: NO_USAGE, model: 'thinker', traceKind: 'raw' }
    },
  }
}

export function linksIn(
  units: readonly { readonly s: number; readonly text: string }[],
): (ScriptedLink & { s: number })[] {
  return units.flatMap(({ s, text }) => {
    const [, subject, type, object] = /^(\w+) (\w+) (\w+)\.$/.exec(text) ?? []
    return subject && type && object ? [{ subject, type: type.toUpperCase(), object, quote: text, s }] : []
  })
}
