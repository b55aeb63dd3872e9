import {
  isRecord,
  isScalar,
  type ListOf,
  type ListValue,
  type RecordValue,
  type ScalarValue,
  type Value,
} from './value.ts'

/** A list of things that have names for their parts. */
export function isRecordList(value: Value): value is ListOf<RecordValue> {
  return value.kind === 'list' && value.items.length > 0 && value.items.every(isRecord)
}

export function isScalarList(value: Value): value is ListOf<ScalarValue> {
  return value.kind === 'list' && value.items.every(isScalar)
}

/** `[["Ana", 3], ["Bo", 4]]`: rows without names. */
export function isMatrix(value: Value): value is ListOf<ListValue> {
  return value.kind === 'list' && value.items.length >= 2 && value.items.every((item) => isScalarList(item))
}

/** `{"alpha": {"lead": "Ana"}, "beta": {"lead": "Bo"}, …}`: records that go by a name each. */
export function isRecordMap(value: Value): value is RecordValue {
  if (value.kind !== 'record' || value.entries.length < 3) return false
  const records = value.entries.flatMap(({ value }) => (isRecord(value) ? [value] : []))
  return records.length === value.entries.length && areAlike(records)
}

/** `{"alpha": [{"who": "Ana"}], "beta": [{"who": "Bo"}]}`: records sorted under headings. */
export function isRecordListMap(value: Value): value is RecordValue {
  if (value.kind !== 'record' || value.entries.length < 2) return false
  const lists = value.entries.flatMap(({ value }) => (isRecordList(value) ? [value.items] : []))
  return lists.length === value.entries.length && areAlike(lists.map(unionOf)) && areAlike(lists.flat())
}

/** Whether records have mostly the same names for their parts. */
function areAlike(records: readonly RecordValue[]): boolean {
  const counts = new Map<string, number>()
  let total = 0
  for (const { entries } of records) {
    for (const { key } of entries) counts.set(key, (counts.get(key) ?? 0) + 1)
    total += entries.length
  }
  const shared = [...counts.values()].filter((count) => count >= records.length * 0.6)
  return shared.length > 0 && shared.reduce((sum, count) => sum + count, 0) >= total * 0.6
}

function unionOf(records: readonly RecordValue[]): RecordValue {
  const entries = new Map(records.flatMap((record) => record.entries).map((entry) => [entry.key, entry]))
  return { kind: 'record', entries: [...entries.values()], line: records[0]?.line ?? 1 }
}
