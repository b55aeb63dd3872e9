import { readFileSync } from 'node:fs'
import { examplesOf, type Examples } from './extract/examples.ts'
import { UsageError } from './model/errors.ts'
import { decidedCase, type DecidedCase } from './model/example.ts'
import type { SettingValues } from './settings.ts'
import { expectation } from './settings-file.ts'

/** Reads the decided links that the settings name, if any, as `review export --format few-shot` writes them. @throws UsageError with the file and the line */
export function readExamples({ examples: path, exampleTokens }: SettingValues): Examples | null {
  if (path === undefined) return null
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError('unreadable-file', `the examples ${path} cannot be read`, { hint: HINT, cause })
  }
  const cases = text.split('\n').flatMap((line, index): DecidedCase[] => {
    if (line.trim() === '') return []
    const place = `${path}, line ${index + 1}`
    const parsed = decidedCase.safeParse(parseJson(line))
    if (parsed.success) return [parsed.data]
    const [issue] = parsed.error.issues
    const what = `${issue?.path.join('.') || 'the line'} ${expectation(issue)}`
    throw new UsageError('invalid-examples', `${place}: ${what}`, { hint: HINT, place })
  })
  return examplesOf(cases, exampleTokens ?? null)
}

const HINT =
  "Examples are lines of 'whygraph review export --format few-shot --out FOLDER', such as FOLDER/train.jsonl."

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
