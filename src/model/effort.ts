/**
 * How much is asked about a chunk; each level does what the one before it does, and more. `quick`: one request.
 * `standard`: a malformed answer is asked for once more, and names that no link has are looked at again. `thorough`:
 * several readings, and checks of what they say.
 */
export const EFFORT_LEVELS = ['quick', 'standard', 'thorough'] as const

export type EffortLevel = (typeof EFFORT_LEVELS)[number]

/** What was done about a chunk, or is to be. */
export interface Effort {
  readonly level: EffortLevel
  /** Readings in all, where it is thorough. */
  readonly samples?: number
  /** Fingerprint of who checks what was said, where it is thorough. */
  readonly verifier?: string
}

export const QUICK: Effort = { level: 'quick' }

export function rankOf(level: EffortLevel): number {
  return EFFORT_LEVELS.indexOf(level)
}

/** Whether nothing is left to do where this was done; what another engine has checked is to be checked by this one. */
export function covers(done: Effort, wanted: Effort): boolean {
  if (rankOf(done.level) < rankOf(wanted.level)) return false
  if (wanted.level !== 'thorough') return true
  return done.verifier === wanted.verifier && (done.samples ?? 1) >= (wanted.samples ?? 1)
}

/** `standard`, `thorough.3.k4j…`; empty: quick. */
export function formatEffort({ level, samples = 1, verifier = '' }: Effort): string {
  if (level === 'quick') return ''
  return level === 'standard' ? level : `${level}.${samples}.${verifier}`
}

export function parseEffort(text: string): Effort {
  const [name, samples, verifier] = text.split('.')
  const level = EFFORT_LEVELS.find((one) => one === name) ?? 'quick'
  return level === 'thorough' ? { level, samples: Number(samples), verifier: verifier ?? '' } : { level }
}
