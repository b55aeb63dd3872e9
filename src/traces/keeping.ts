import type { TraceKeeping } from '../store/derivation.ts'
import { capSteps, cutTrace } from './cut-trace.ts'
import { policyOf, type TraceSettings } from './policy.ts'

/** What a store keeps of traces by the settings. */
export function keepingOf(settings: TraceSettings): TraceKeeping {
  const policy = policyOf(settings)
  return {
    capSteps: (reply, proposals) => capSteps(policy, reply, proposals),
    cutTrace: (reply, proposals) => cutTrace(policy, reply, proposals),
    compress: settings?.compress ?? true,
  }
}
