import { formatEffort, parseEffort, type Effort } from './effort.ts'

/** What a chunk is done with, by one engine: with the same mark it is not asked about again. */
export interface DoneMark {
  /** Of engine, model, parameters, schema and examples, see `engineFingerprint`. */
  readonly fingerprint: string
  /** The `maxOutputTokens` that cut the reply, empty where none are set: with others it is asked about again. Null: it was not cut. */
  readonly budget: string | null
  readonly effort: Effort
  /** Fingerprint of the engine that mapped steps to links; null: none did. */
  readonly aligner: string | null
  /** Null: no rules over first replies have judged it. */
  readonly judged: JudgedMark | null
}

/** What rules over a first reply came to. */
export interface JudgedMark {
  /** What they are known by. */
  readonly by: string
  /** Place of the rule that sent the chunk on to whoever read it, from 0. */
  readonly sentBy?: number
  /** The engine that it would have been sent on to, had there been room. */
  readonly keptFrom?: string
}

/** As it is stored: `FINGERPRINT~BUDGET^EFFORT+ALIGNER|JUDGED>RULE` or `…|JUDGED!ENGINE`, each part where there is one. */
export function doneMark({ fingerprint, budget, effort, aligner, judged }: DoneMark): string {
  const worked = formatEffort(effort)
  return [
    fingerprint,
    budget === null ? '' : `~${budget}`,
    worked === '' ? '' : `^${worked}`,
    aligner === null ? '' : `+${aligner}`,
    judged === null ? '' : `|${judged.by}`,
    judged?.sentBy === undefined ? '' : `>${judged.sentBy}`,
    judged?.keptFrom === undefined ? '' : `!${judged.keptFrom}`,
  ].join('')
}

/** The parts of it; a reply's own fingerprint is a mark, too. */
export function splitMark(mark: string): DoneMark {
  const [done = '', end = ''] = mark.split('|')
  const [worked = '', aligner = null] = done.split('+')
  const [asked = '', effort = ''] = worked.split('^')
  const [fingerprint = '', budget = null] = asked.split('~')
  const [, by, sentBy, keptFrom] = /^([^!>]+)(?:>(\d+)|!(.+))?$/.exec(end) ?? []
  const sent = sentBy === undefined ? {} : { sentBy: Number(sentBy) }
  const kept = keptFrom === undefined ? {} : { keptFrom }
  const judged = by === undefined ? null : { by, ...sent, ...kept }
  return { fingerprint, budget, effort: parseEffort(effort), aligner, judged }
}
