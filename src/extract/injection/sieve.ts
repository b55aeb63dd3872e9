import type { Rule } from './rule.ts'
import { signFinder } from './signs.ts'

/** The rules that a text in small letters may match, in their order: those of which it has a sign, and those without. */
export type Sieve = (small: string) => readonly Rule[]

/** Looks for the signs of all rules at once. */
export function sieve(rules: readonly Rule[]): Sieve {
  const signs = [...new Set(rules.flatMap((rule) => rule.signs))]
  const numbers = new Map(signs.map((sign, number) => [sign, number]))
  const sifted = rules.map((rule) => ({ rule, own: rule.signs.map((sign) => numbers.get(sign) as number) }))
  const find = signFinder(signs)
  return (small) => {
    const seen = find(small)
    return sifted.flatMap(({ rule, own }) => (own.length === 0 || own.some((sign) => seen[sign] === 1) ? rule : []))
  }
}
