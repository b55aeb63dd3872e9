import { type Document, isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { UsageError } from '../../src/model/errors.ts'
import { formatKey } from '../../src/model/key-path.ts'

type KeyPath = readonly PropertyKey[]

/** Where in a job file something is wrong, and how it is said. */
export interface JobText {
  /** The file's values, not checked yet. */
  readonly value: unknown
  /** An error that names file, line and key. Values are never in it: they may be secrets. */
  readonly problem: (path: KeyPath, what: string, hint: string) => UsageError
}

/** No person writes so much; and the parser takes many times its size. */
const MAX_LENGTH = 1024 * 1024
const MAX_ALIASES = 100

/** @throws UsageError `invalid-job` */
export function parseJobText(text: string, file: string): JobText {
  const invalid = (line: number | null, what: string, hint: string): UsageError => {
    const place = line === null ? file : `${file} line ${line}`
    return new UsageError('invalid-job', `${file}${line === null ? '' : `, line ${line}`}: ${what}`, { hint, place })
  }
  if (text.length > MAX_LENGTH)
    throw invalid(null, 'is larger than 1 MB', 'List many files in a file of its own: list.')
  const lines = new LineCounter()
  const read = (): { document: Document<ParsedNode>; value: unknown } => {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
    const error = document.errors[0]
    if (error !== undefined)
      throw invalid(lines.linePos(error.pos[0]).line, `is not valid YAML: ${error.message}`, 'Correct the line.')
    return { document, value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown }
  }
  let parsed: ReturnType<typeof read>
  try {
    parsed = read()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    // Aliases of aliases, or brackets in brackets without end.
    throw invalid(null, 'is nested too deeply, or repeats itself too often', 'Write it out without anchors.')
  }
  const { document, value } = parsed
  return {
    value,
    problem: (path, what, hint) => {
      const offset = offsetOf(document, path)
      const key = formatKey(path)
      return invalid(offset === null ? 1 : lines.linePos(offset).line, key === '' ? what : `${key} ${what}`, hint)
    },
  }
}

/** Of the key where there is one, else of the nearest thing around it. */
function offsetOf(document: Document<ParsedNode>, path: KeyPath): number | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent = length === 0 ? null : document.getIn(path.slice(0, length - 1), true)
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(path[length - 1]),
      )
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0]
    }
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (hasRange(node)) return node.range[0]
  }
  return null
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}
