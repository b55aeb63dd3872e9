const OPTION = /(?:key|token|secret|password|credentials?|authorization)$/i
const VARIABLE = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/

/** Every text that may be a key, of the options or of the variables in which packages look for theirs. */
export function secretsIn(values: Readonly<Record<string, unknown>>): readonly string[] {
  const isSecret = (name: string): boolean => OPTION.test(name) || VARIABLE.test(name)
  return Object.entries(values).flatMap(([name, value]) =>
    isSecret(name) ? textsIn(value) : isRecord(value) ? secretsIn(value) : [],
  )
}

/** A copy of the options without what may be a key. */
export function withoutSecrets(options: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(options, (name, value: unknown) => (OPTION.test(name) ? undefined : value)))
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
