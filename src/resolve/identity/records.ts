import type { Guard, IdentityVerdict } from './judgement.ts'
import { isOneSlip } from './spelling.ts'

/** A row about one thing: what its columns say. Empty values are unknown. */
export interface AttributeRecord {
  readonly id: string
  readonly attributes: Readonly<Record<string, string>>
}

/** How often values occur among all records: what is rare says more when two records share it. */
export interface ValueCounts {
  readonly total: number
  count(attribute: string, value: string): number
}

/** What is made of two records. */
export interface RecordJudgement {
  readonly a: string
  readonly b: string
  readonly verdict: IdentityVerdict
  readonly rule: 'attributes'
  /** Evidence for one thing in bits, beyond what two records taken at random have against them. */
  readonly bits: number
  readonly agreeing: readonly string[]
  readonly alike: readonly string[]
  readonly guards: readonly Guard[]
}

/** Weights as in Fellegi and Sunter, "A Theory for Record Linkage" (1969), with values' own frequencies. */
const ERROR_SHARE = 0.1
const ALIKE_SHARE = 0.8
const MOST_BITS = 12
/** One in a hundred wrong: log2(99). */
const JOIN_BITS = 6.6
const PROPOSE_BITS = 0
/** A value that more records share finds no partners. */
const MOST_SHARING = 40

/** Finds records of one thing among many, through values that few share. Sorted; independent of order. */
export function linkRecords(records: readonly AttributeRecord[]): RecordJudgement[] {
  const byValue = new Map<string, AttributeRecord[]>()
  for (const record of records)
    for (const [attribute, value] of known(record)) {
      const key = `${attribute}=${value}`
      const sharing = byValue.get(key)
      if (sharing === undefined) byValue.set(key, [record])
      else sharing.push(record)
    }
  const counts = {
    total: records.length,
    count: (attribute: string, value: string) => byValue.get(`${attribute}=${value}`)?.length ?? 0,
  }
  const pairs = new Map<string, readonly [AttributeRecord, AttributeRecord]>()
  for (const sharing of byValue.values()) {
    if (sharing.length > MOST_SHARING) continue
    for (const [index, one] of sharing.entries())
      for (const other of sharing.slice(index + 1)) {
        const [a, b] = one.id < other.id ? [one, other] : [other, one]
        pairs.set(`${a.id}\u0000${b.id}`, [a, b])
      }
  }
  return [...pairs.keys()].toSorted().map((key) => {
    const [a, b] = pairs.get(key) as readonly [AttributeRecord, AttributeRecord]
    return compareRecords(a, b, counts)
  })
}

/**
 * Weighs what two records agree and differ in. Slips alone join nobody: `rack 1, slot 4` and `rack 1, slot 5` are two, so
 * what agrees to the letter has to outweigh chance by itself. The order of columns and of the two does not matter.
 */
export function compareRecords(a: AttributeRecord, b: AttributeRecord, counts: ValueCounts): RecordJudgement {
  const others = new Map(known(b))
  const agreeing: string[] = []
  const alike: string[] = []
  const conflicting: string[] = []
  let exactBits = 0
  let bits = -Math.log2(Math.max(2, counts.total))
  for (const [attribute, value] of known(a).toSorted(([x], [y]) => (x < y ? -1 : 1))) {
    const other = others.get(attribute)
    if (other === undefined) continue
    const commoner = Math.max(1, counts.count(attribute, value), counts.count(attribute, other))
    const agreement = Math.min(MOST_BITS, Math.log2(Math.max(2, counts.total) / commoner))
    if (value === other) {
      agreeing.push(attribute)
      exactBits += agreement
    } else if (areAlikeValues(value, other)) alike.push(attribute)
    else conflicting.push(attribute)
    bits +=
      value === other ? agreement : areAlikeValues(value, other) ? ALIKE_SHARE * agreement : Math.log2(ERROR_SHARE)
  }
  const guards = conflicting.map((attribute): Guard => ({
    guard: 'attributes-conflict',
    weight: 'doubt',
    why: attribute,
  }))
  const isSafe =
    bits >= JOIN_BITS && exactBits >= Math.log2(Math.max(2, counts.total)) && agreeing.length + alike.length > 1
  const verdict = isSafe ? 'join' : bits >= PROPOSE_BITS ? 'propose' : null
  return { a: a.id, b: b.id, verdict, rule: 'attributes', bits, agreeing, alike, guards }
}

function known({ attributes }: AttributeRecord): [string, string][] {
  return Object.entries(attributes).flatMap(([attribute, value]): [string, string][] => {
    const folded = value
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
    return folded === '' ? [] : [[attribute, folded]]
  })
}

function areAlikeValues(a: string, b: string): boolean {
  if (isOneSlip(a, b)) return true
  const [left, right] = [a.replaceAll(' ', ''), b.replaceAll(' ', '')]
  return (
    left === right || (Math.min(left.length, right.length) > 3 && (left.startsWith(right) || right.startsWith(left)))
  )
}
