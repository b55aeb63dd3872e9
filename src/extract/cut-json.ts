import { jsonrepair } from 'jsonrepair'

/** `isCut`: the text ends before the object does. */
export interface FoundObject {
  readonly value: Record<string, unknown>
  readonly repaired: boolean
  readonly isCut: boolean
}

/**
 * Cuts the answer's JSON object out of fences and prose. Models put words before and behind it, in braces too
 * (`{vocalsound}`), so every top-level object is tried, the longest first. Only where none parses is the text
 * repaired, from the first brace that opens a key to the end (a cut-off answer has no closing one); so is a longer one
 * behind them that was cut off.
 * Returns null where there is nothing like an object.
 */
export function cutJson(content: string): FoundObject | null {
  const { objects, rest } = topLevelObjects(content)
  const longest = rest.search(OPENS_KEY) === 0 ? rest.length : 0
  const candidates = objects.filter(({ length }) => length > longest).toSorted((a, b) => b.length - a.length)
  for (const candidate of candidates.slice(0, 5)) {
    const value = parseObject(candidate)
    if (value !== null && ('links' in value || 'entities' in value)) return { value, repaired: false, isCut: false }
  }
  const start = longest > 0 ? content.length - longest : content.search(OPENS_KEY)
  if (start < 0) return null
  const text = content.slice(start).replace(/```\s*$/, '')
  try {
    const value = parseObject(jsonrepair(text))
    return value === null ? null : { value, repaired: true, isCut: isCut(text) }
  } catch {
    return null
  }
}

/** What is whole of an object's last list: where the text ends within an item, nobody knows how that was to go on. */
export function wholeItems(list: readonly unknown[], content: string, { isCut }: FoundObject): readonly unknown[] {
  return isCut && !ITEM_ENDS.test(content) ? list.slice(0, -1) : list
}

const ITEM_ENDS = /\}[\s,\]]*$/
const OPENS_KEY = /\{\s*(?:["'“]\s*)?(?:summary|labels|entities|links|rejected)\b/

/** A stray quotation mark hides the braces behind it, but not the last one. */
function isCut(text: string): boolean {
  const { rest, inString } = topLevelObjects(text)
  return rest !== '' && !(inString && text.trimEnd().endsWith('}'))
}

/** Those that end, and what begins another one that does not. */
function topLevelObjects(text: string): { objects: string[]; rest: string; inString: boolean } {
  const objects: string[] = []
  let depth = 0
  let start = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (inString) {
      if (character === '\\') i++
      else if (character === '"') inString = false
    } else if (character === '"' && depth > 0) inString = true
    else if (character === '{') {
      if (depth === 0) start = i
      depth++
    } else if (character === '}' && depth > 0) {
      depth--
      if (depth === 0) objects.push(text.slice(start, i + 1))
    }
  }
  return { objects, rest: depth > 0 ? text.slice(start) : '', inString }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
