import { courseOf, takesBack, type Decision, type Verdict } from './decision.ts'

/** A decision as somebody may see it who is to decide without knowing what others chose. */
export type SeenDecision = Omit<Decision, 'verdict'> & {
  readonly verdict: Verdict | 'withheld'
  /** It is an undo of an undo, and gives again what that took back. */
  readonly redo?: true
}

/**
 * Ids of those of the decisions about a link of which a person is not to know the verdict: others', which need a second
 * and have none yet; taken back or not. Once two are there, all may know. Null: whoever asks is nobody known.
 */
export function withheldFrom(viewer: string | null, decisions: readonly Decision[]): ReadonlySet<string> {
  const { inForce, open } = courseOf(decisions)
  if (open.length > 1) return new Set()
  const isHidden = ({ needsSecond, reviewer, sequence }: Decision): boolean =>
    needsSecond === true && reviewer !== viewer && sequence > (inForce?.sequence ?? 0)
  return new Set(decisions.filter(isHidden).map(({ id }) => id))
}

/** A decision without what was decided and why. Its hash goes too: one of two verdicts is easily guessed by it. */
export function withhold(decision: Decision): SeenDecision {
  const { revision: _, says: _says, grounds: _grounds, rules: _rules, called: _called, ...told } = decision
  return { ...told, verdict: 'withheld', reason: null, note: null, hash: '' }
}

/** The decisions about a link as a person may see them. */
export function asSeenBy(viewer: string | null, decisions: readonly Decision[]): readonly SeenDecision[] {
  const withheld = withheldFrom(viewer, decisions)
  const isRedo = (one: Decision): boolean => one.undoes !== null && !takesBack(one, decisions)
  return decisions.map((decision) => {
    if (withheld.has(decision.id)) return withhold(decision)
    return isRedo(decision) ? { ...decision, redo: true } : decision
  })
}
