import { rulesOf, typesOtherwise, type LinkRules } from '../model/link-rules.ts'
import { ruleChanges, type RuleChange } from '../model/rule-change.ts'
import type { Schema } from '../model/schema.ts'
import type { Database, GraphReader, GraphWriter } from './database.ts'

/** The rules by which links are compared, as the store keeps them: they outlive whoever read the schema. */
export interface RulesInUse {
  readonly rules: LinkRules
  /** Types of which all links have to be compared anew, as they were last compared by other rules. */
  readonly recheck: readonly string[]
}

const NODE = { kind: 'Schema', id: 'rules' } as const

export async function readRules(reader: GraphReader): Promise<RulesInUse> {
  const [node] = await reader.get(NODE.kind, [NODE.id])
  const { data, recheck } = node?.properties ?? {}
  return {
    rules: typeof data === 'string' ? (JSON.parse(data) as LinkRules) : {},
    recheck: (recheck ?? []) as readonly string[],
  }
}

/** Whether any schema's rules were ever kept, and still are. */
export async function areRulesKept(reader: GraphReader): Promise<boolean> {
  return (await reader.get(NODE.kind, [NODE.id], ['id'])).length > 0
}

/** Keeps what schemas say of the types that they name. Where that is what was kept before, nothing is written. */
export async function useSchemas(database: Database, schemas: readonly Schema[]): Promise<RulesInUse> {
  const before = await database.read(readRules)
  if (typesOtherwise(before.rules, rulesOf(schemas, before.rules)).length === 0) return before
  return database.write(async (writer) => {
    await writer.lock(NODE.kind, [NODE.id])
    const { rules: old, recheck } = await readRules(writer)
    const rules = rulesOf(schemas, old)
    const next = { rules, recheck: [...new Set([...recheck, ...typesOtherwise(old, rules)])].toSorted() }
    await putRules(writer, next)
    return next
  })
}

/** Types of which all links have been compared by these rules; if others are in use by now, that did not count. */
export async function doneRechecking(database: Database, types: readonly string[], rules: LinkRules): Promise<void> {
  await database.write(async (writer) => {
    await writer.lock(NODE.kind, [NODE.id])
    const now = await readRules(writer)
    if (typesOtherwise(now.rules, rules).length > 0) return
    await putRules(writer, { ...now, recheck: now.recheck.filter((type) => !types.includes(type)) })
  })
}

/** What rules say otherwise of links that are there. */
export async function changesForLinks(database: Database, before: LinkRules, now: LinkRules): Promise<RuleChange[]> {
  const changes = ruleChanges(before, now)
  if (changes.length === 0) return []
  return database.read(async (reader) => {
    const found = await reader.findEach(
      'Link',
      'type',
      changes.map(({ type }) => type),
      1,
    )
    const types = new Set(found.map(({ properties }) => properties['type']))
    return changes.filter(({ type }) => types.has(type))
  })
}

async function putRules(writer: GraphWriter, { rules, recheck }: RulesInUse): Promise<void> {
  const data = JSON.stringify(rules)
  const left = recheck.length > 0 ? recheck : null
  await writer.putNodes([{ ...NODE, properties: { id: NODE.id, data, recheck: left } }])
}
