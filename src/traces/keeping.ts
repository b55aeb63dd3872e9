import type { TraceKeeping } from '../store/derivation.ts'
import { capSteps, cutTrace } from './cut-trace.ts'
import { policyOf, type TraceSettings } from './policy.ts'

/** What a store keeps of traces by the settings. */
export function keepingOf(settings: TraceSettings): TraceKeeping {
  const policy = policyOf(settings)
  return {
    capSteps: (reply, proposals) => capSteps(policy, reply, proposals),
    cutTrace: (reply, proposals) => cutTrace(policy, reply, proposals),
    keepsUntaken: policy.keep !== 'none',
    compress: settings?.compress ?? true,
    isOver: ({ taken, replacedBy, purpose }, isRead) => {
      // No further steps are looked for in these: those of a summary's labels were found before, and are kept with it.
      if (taken || purpose === 'contradiction' || purpose === 'summary') return true
      // One that was sent on or mended may be taken after all, under other rules; only here would no words of steps be kept of it.
      return policy.keep === 'none' && (replacedBy !== undefined || (isRead && purpose === undefined))
    },
  }
}
