import { UsageError } from '../../model/errors.ts'
import type { PropertiesSet } from '../../review/fix-properties.ts'

const SUPPORTS = ['stated', 'inferred'] as const
const READ: { readonly [name in keyof Required<PropertiesSet>]: (value: string) => PropertiesSet[name] } = {
  when: (value) => value.trim(),
  confidence: (value) => {
    const confidence = Number(value)
    if (value.trim() !== '' && confidence >= 0 && confidence <= 1) return confidence
    throw new UsageError('bad-property', `--set confidence=${value}: a confidence is a number from 0 to 1`)
  },
  support: (value) => {
    const support = SUPPORTS.find((one) => one === value)
    if (support !== undefined) return support
    throw new UsageError('bad-property', `--set support=${value}: it is one of ${SUPPORTS.join(', ')}`)
  },
}

/** Of `--set property=value …`: the properties that a person may set. */
export function readSetFlag(set: readonly string[] = []): PropertiesSet {
  const asked: Record<string, unknown> = {}
  for (const text of set) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? []
    if (!(name in READ)) throw unknownProperty(text, name)
    if (name in asked) throw new UsageError('set-twice', `${name} is set twice`)
    asked[name] = READ[name as keyof PropertiesSet](value)
  }
  return asked
}

function unknownProperty(text: string, name: string): UsageError {
  const hint =
    name === 'polarity'
      ? "Whether a link holds is a verdict: 'whygraph review accept' or 'reject'."
      : 'As in when=2024-03, when= where nobody knows, confidence=0.6, support=inferred.'
  return new UsageError('unknown-property', `--set ${text}: only when, confidence and support can be set`, { hint })
}
