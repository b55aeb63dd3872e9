import type { QueryResult } from '../database.ts'
import type { Outcome } from './driver.ts'

type Plan = NonNullable<Outcome['plan']>

/** Procedures that read the graph and nothing else. */
const PROCEDURES =
  /^db\.(?:labels|relationshipTypes|propertyKeys|schema\.\w+|index\.(?:fulltext\.query(?:Nodes|Relationships)|vector\.queryNodes))$/

/** Steps that touch more than the graph, though Neo4j counts most of them as reading. */
const FORBIDDEN = /^(?:LoadCSV|Show\w*|Terminate\w*|Administration\w*|Transaction\w+)$/

/** The first step of a plan that does more than read this database, as a person would name it, or null. */
export function findForbiddenStep(plan: Plan, database: string): string | null {
  for (const step of stepsOf(plan)) {
    const [operator = '', where] = step.operatorType.split('@')
    if (FORBIDDEN.test(operator)) return operator === 'LoadCSV' ? 'LOAD CSV' : operator
    if (operator.endsWith('ProcedureCall')) {
      const name = detailsOf(step).split('(')[0]?.replaceAll('`', '').trim() ?? ''
      if (!PROCEDURES.test(name)) return `CALL ${name}`
    }
    if (where !== undefined && where !== database) return `reading the database ${where}`
  }
  return null
}

/**
 * The first of the namespaces from which the text may call a function. It looks at strings and comments too, and takes
 * them for calls: better one refusal too many.
 */
export function findNamespace(text: string, namespaces: readonly string[]): string | null {
  const decoded = text.replaceAll(/\\u+([0-9a-fA-F]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  const gap = String.raw`(?:\s|\x60|/\*(?:[^*]|\*(?!/))*\*/|//[^\n\r]*[\n\r])*`
  return (
    namespaces.find((namespace) => {
      const name = namespace.replaceAll(/[^\w]/g, String.raw`\$&`)
      return new RegExp(String.raw`(?<![\w])${name}${gap}[.(]`, 'i').test(decoded)
    }) ?? null
  )
}

/** A plan as rows, each step below the one that it feeds. `rows` and `dbHits` are known after PROFILE only. */
export function planTable(plan: Plan): QueryResult {
  const columns = ['operator', 'details', 'estimatedRows', 'rows', 'dbHits']
  const rows = stepsOf(plan).map((step) => {
    const { rows: count, dbHits } = step as { rows?: number; dbHits?: number }
    const operator = '  '.repeat(step.depth) + (step.operatorType.split('@')[0] ?? '')
    return [operator, detailsOf(step), step.arguments['EstimatedRows'] ?? null, count ?? null, dbHits ?? null]
  })
  return { columns, rows }
}

interface Step {
  readonly depth: number
  readonly operatorType: string
  readonly arguments: Readonly<Record<string, unknown>>
}

function stepsOf(plan: Plan, depth = 0): Step[] {
  return [{ ...plan, depth }, ...plan.children.flatMap((child) => stepsOf(child, depth + 1))]
}

function detailsOf(step: Step): string {
  const details = step.arguments['Details']
  return typeof details === 'string' ? details : ''
}
