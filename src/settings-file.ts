import { readFileSync } from 'node:fs'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { UsageError } from './model/errors.ts'

/** A YAML file of settings or of a schema, not checked yet. */
export interface SettingsFile {
  readonly values: Readonly<Record<string, unknown>>
  /** `FILE, line 3`: where a key stands, or the nearest one around it; only the file where it has none. */
  readonly placeOf: (path: readonly PropertyKey[]) => string
}

/** @throws UsageError with the file and the line */
export function readSettingsFile(path: string): SettingsFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError('unreadable-file', `${path} cannot be read`, { hint: 'Is the path right?', cause })
  }
  const lines = new LineCounter()
  const invalid = (what: string, offset: number, cause?: unknown): UsageError => {
    const place = `${path}, line ${lines.linePos(offset).line}`
    const hint = "Settings stand one to a line, as 'name: value'."
    return new UsageError('invalid-yaml', `${place}: ${what}`, { hint, place, cause })
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) throw invalid(`is not valid YAML: ${error.message}`, error.pos[0])
  let values: unknown
  try {
    values = document.toJS() ?? {}
  } catch (cause) {
    throw invalid('repeats itself too often: write it out without anchors', 0, cause)
  }
  if (typeof values !== 'object' || Array.isArray(values))
    throw invalid("must hold settings as 'name: value' lines", document.contents?.range[0] ?? 0)

  const placeOf: SettingsFile['placeOf'] = (keys) => {
    let offset: number | null = null
    let node: unknown = document.contents
    for (const key of keys) {
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
      const item = isSeq(node) ? node.items[Number(key)] : pair?.value
      const named: unknown = pair?.key ?? item
      if (!isNode(named) || !named.range) break
      offset = named.range[0]
      node = item
    }
    return offset === null ? path : `${path}, line ${lines.linePos(offset).line}`
  }
  return { values: values as Record<string, unknown>, placeOf }
}

/** What values are called by those who write them. */
const IN_YAML: Readonly<Record<string, string>> = {
  array: "a list, each item after '- '",
  boolean: 'true or false',
  int: 'a whole number',
  object: "'name: value' lines",
  record: "'name: value' lines",
  string: 'text',
}

/** What was expected of a value, as the end of a sentence that begins with its name. */
export function expectation(issue: z.core.$ZodIssue | undefined): string {
  // Where the shape has words of its own, they say it best.
  if (issue !== undefined && !/^(?:Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message
  switch (issue?.code) {
    case 'invalid_type':
      if (issue.input === undefined && issue.message.endsWith('received undefined')) return 'is missing'
      return `must be ${IN_YAML[issue.expected] ?? `a ${issue.expected}`}`
    case 'too_small':
      if (issue.origin === 'string') return 'is empty'
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_key':
      return expectation(issue.issues[0])
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address that begins with http:// or https://' : 'is not of its form'
    default:
      return issue?.message ?? 'is not valid'
  }
}
