import { answerWith, scriptedEngine, type ScriptedLink } from '../scripted-engine.ts'

export const LEADS: ScriptedLink = {
  subject: 'Ana Ruiz',
  type: 'LEADS',
  object: 'Kestrel',
  quote: 'Ana Ruiz leads Kestrel.',
}
export const OWNS: ScriptedLink = {
  subject: 'Bo Lind',
  type: 'OWNS',
  object: 'Osprey',
  quote: 'Bo Lind owns Osprey.',
  s: 2,
}
export const TEXT = 'Ana Ruiz leads Kestrel. Bo Lind owns Osprey.'

/** An answer that also lists entities by name, each with the unit that mentions it. */
function withNames(answer: string, names: Readonly<Record<string, number>>): string {
  const { entities, ...rest } = JSON.parse(answer) as { entities: object[] }
  const more = Object.entries(names).map(([name, s], at) => {
    return { id: `x${at}`, name, type: 'Actor', aliases: [], mentions: [s] }
  })
  return JSON.stringify({ ...rest, entities: [...entities, ...more] })
}

/** Names both ends of the second sentence, and links the first only. */
export const FIRST = withNames(answerWith([LEADS]), { 'Bo Lind': 2, Osprey: 2 })

type Said = string | Error

/** What is answered to each step; a list one after the other, of which the last repeats. */
export interface Script {
  first: Said | readonly Said[]
  gleaning: Said
  again: Said
  /** By link as it is shown: `Ana Ruiz (Actor) LEADS Kestrel (Actor)`. */
  verification: (link: string) => object
  counterfactual: (link: string) => object
  /** By the keys of the first new and the first known link. */
  contradiction: (own: string, known: string) => object[]
}

/** Tells the steps apart by the words of their prompts, as a person would. */
export function reader(script: Partial<Script>, model?: string) {
  const said: Script = {
    first: FIRST,
    gleaning: answerWith([OWNS]),
    again: FIRST,
    verification: () => ({ verdict: 'supported', reason: 'the quote says so' }),
    counterfactual: () => ({ said: false, reason: 'nothing is left that says so' }),
    contradiction: () => [],
    ...script,
  }
  let firsts = 0
  const answer = (prompt: string): Said => {
    const step = stepOf(prompt)
    if (step === 'verification' || step === 'counterfactual') return judge(prompt, said[step])
    if (step === 'contradiction') return contradict(prompt, said[step])
    if (step !== 'first') return said[step]
    const list = [said.first].flat() as Said[]
    return list[Math.min(firsts++, list.length - 1)] ?? ''
  }
  const engine = scriptedEngine(({ prompt }) => answer(prompt), model)
  return { ...engine, said, answer, steps: () => engine.asked.map(({ prompt }) => stepOf(prompt)) }
}

export function stepOf(prompt: string): keyof Script {
  if (prompt.includes('An answer to this was given before')) return 'again'
  if (prompt.includes('This was answered before')) return 'gleaning'
  if (prompt.includes('You see the links and the quotes only')) return 'verification'
  if (prompt.includes('contradict each other')) return 'contradiction'
  return prompt.includes('Parts of this source are blanked') ? 'counterfactual' : 'first'
}

/** A line for each link that the prompt shows with a key. */
function judge(prompt: string, say: (link: string) => object): string {
  const shown = [...prompt.matchAll(/^\[(\w{6})\] (.*)$/gm)]
  return JSON.stringify({ links: shown.map(([, key, link = '']) => ({ link: key, ...say(link) })) })
}

function contradict(prompt: string, say: Script['contradiction']): string {
  const [own, known] = prompt.split('\n\nKnown:\n').map((part) => /\[(\w{6})\]/.exec(part)?.[1] ?? '')
  return JSON.stringify({ links: say(own ?? '', known ?? '') })
}
