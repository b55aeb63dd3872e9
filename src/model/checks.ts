/** What else was found out about what one reply says of a link: it flags, and takes nothing away. */
export interface Checks {
  /** How many of several readings of the chunk say it. */
  readonly agreement?: { readonly said: number; readonly of: number }
  /** What an engine says that was shown the link with its quotes only. */
  readonly verification?: Judged & { readonly verdict: Verdict }
  /** What an engine says that was shown the chunk with the quotes blanked. */
  readonly counterfactual?: Judged & { readonly survives: boolean }
}

export const VERDICTS = ['supported', 'not supported', 'unsure'] as const

export type Verdict = (typeof VERDICTS)[number]

/** Who says it, and why. */
export interface Judged {
  /** In the engine's words. */
  readonly reason: string
  /** The model as the server named it. */
  readonly by: string
  readonly replyId: string
}

/** Each in words, for people and for those who query. */
export function describeChecks({ agreement, verification, counterfactual }: Checks): string[] {
  const because = ({ reason, by }: Judged): string => ` (${by}${reason === '' ? '' : `: ${reason}`})`
  return [
    ...(agreement === undefined ? [] : [`said by ${agreement.said} of ${agreement.of} readings`]),
    ...(verification === undefined ? [] : [`${verification.verdict} by its quotes${because(verification)}`]),
    ...(counterfactual === undefined
      ? []
      : [`${counterfactual.survives ? 'not dependent' : 'dependent'} on evidence${because(counterfactual)}`]),
  ]
}
