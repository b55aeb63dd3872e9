import { type Engine, type EngineEvent, type EngineRequest, NO_USAGE } from '../src/engines/engine.ts'
import type { AnswerLink } from '../src/model/answer.ts'
import { entityId } from '../src/model/entity.ts'

export type ScriptedLink = Pick<AnswerLink, 'type'> & {
  readonly subject: string
  readonly object: string
  readonly quote: string
  readonly s?: number
  readonly polarity?: AnswerLink['polarity']
  readonly confidence?: number
}

/** A lone name of a person would mean somebody else in every document. */
const ACTOR = 'Actor'

export function actorId(name: string): string {
  return entityId(ACTOR, name, '')
}

/** An answer in the form of the contract; names become things of a type that is no person's. */
export function answerWith(links: readonly ScriptedLink[]): string {
  const names = [...new Set(links.flatMap((link) => [link.subject, link.object]))]
  const id = (name: string): string => `e${names.indexOf(name) + 1}`
  return JSON.stringify({
    summary: '',
    labels: [],
    entities: names.map((name) => ({ id: id(name), name, type: ACTOR, aliases: [], mentions: [1] })),
    links: links.map(({ subject, type, object, quote, s = 1, polarity = 'asserted', confidence = 0.9 }) => ({
      subject: id(subject),
      type,
      object: id(object),
      evidence: [{ s, quote }],
      support: 'stated',
      polarity,
      when: null,
      why: 'because',
      confidence,
    })),
    rejected: [],
  })
}

/**
 * An engine of a test's own: no stand-in for a model's wire (that is tested over HTTP), but a way to say exactly what
 * is answered about which chunk. `asked` counts.
 */
export function scriptedEngine(
  answer: (request: EngineRequest) => string | Error,
  model = 'scripted',
): Engine & { asked: EngineRequest[] } {
  const asked: EngineRequest[] = []
  return {
    name: 'scripted',
    model,
    parameters: {},
    asked,
    async *reason(request): AsyncGenerator<EngineEvent> {
      asked.push(request)
      const said = answer(request)
      yield { type: 'reasoning-delta', text: 'Let me see.' }
      if (said instanceof Error) throw said
      yield { type: 'answer-delta', text: said }
      yield { type: 'finish', reason: 'stop', usage: NO_USAGE, model, traceKind: 'raw' }
    },
  }
}

/** Reads units of the form “Ana leads Ben.” as links between actors. */
export function readingEngine(model?: string): ReturnType<typeof scriptedEngine> {
  const linkIn = ({ s, text }: EngineRequest['question']['units'][number]): ScriptedLink[] => {
    const [, subject, type, object] = /^(\w+) (\w+) (\w+)\.$/.exec(text) ?? []
    return subject && type && object ? [{ subject, type: type.toUpperCase(), object, quote: text, s }] : []
  }
  return scriptedEngine(({ question }) => answerWith(question.units.flatMap(linkIn)), model)
}
