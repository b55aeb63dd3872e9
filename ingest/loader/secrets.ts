import { UsageError } from '../../src/model/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Words shorter than this are no secrets, and hiding them would make any message unreadable. */
const SHORTEST = 4

export interface Resolved {
  readonly value: unknown
  /** The text with the name of the variable in place of every value that came from one. */
  readonly hide: (text: string) => string
}

/**
 * A copy in which every `{env: NAME}` is the variable's value.
 *
 * @throws UsageError `missing-variable`, which names it
 */
export function resolveSecrets(value: unknown, environment: Environment, source: string): Resolved {
  const secrets = new Map<string, string>()
  const resolve = (one: unknown, key: string): unknown => {
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map((item: unknown, index) => resolve(item, `${key}[${index + 1}]`))
    const name = variableOf(one)
    if (name === null)
      return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, resolve(item, `${key}.${name}`)]))
    const secret = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (secret === undefined || secret === '')
      throw new UsageError('missing-variable', `source ${source}: ${key.slice(1)}: the variable ${name} is not set`, {
        hint: `Set it for the command, as in ${name}=… whygraph ingest --job …`,
      })
    secrets.set(secret, name)
    return secret
  }
  const resolved = resolve(value, '')
  const spellings = [...secrets]
    .filter(([secret]) => secret.length >= SHORTEST)
    .flatMap(([secret, name]) => spellingsOf(secret).map((spelling) => [spelling, name] as const))
    // The longer first: a secret may hold another.
    .toSorted(([a], [b]) => b.length - a.length)
  return {
    value: resolved,
    hide: (text) => spellings.reduce((shown, [secret, name]) => shown.replaceAll(secret, `‹${name}›`), text),
  }
}

function variableOf(value: object): string | null {
  const [entry, ...others] = Object.entries(value) as [string, unknown][]
  const isVariable = others.length === 0 && entry?.[0] === 'env' && typeof entry[1] === 'string'
  return isVariable && /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(entry[1])) ? String(entry[1]) : null
}

/** As it is, in an address, in a JSON string, and as base64. */
function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = Buffer.from(secret).toString('base64')
  return [...new Set([secret, encodeURIComponent(secret.toWellFormed()), json, base64])]
}
