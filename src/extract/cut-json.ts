import { jsonrepair } from 'jsonrepair'

/**
 * Cuts the answer's JSON object out of fences and prose. Models put words before and behind it, in braces too
 * (`{vocalsound}`), so every top-level object is tried, the longest first. Only where none parses is the text
 * repaired, from the first brace that opens a key to the end (a cut-off answer has no closing one).
 * Returns null where there is nothing like an object.
 */
export function cutJson(content: string): { value: Record<string, unknown>; repaired: boolean } | null {
  const candidates = topLevelObjects(content).toSorted((a, b) => b.length - a.length)
  for (const candidate of candidates.slice(0, 5)) {
    const value = parseObject(candidate)
    if (value !== null && ('links' in value || 'entities' in value)) return { value, repaired: false }
  }
  const start = content.search(/\{\s*(?:["'“]\s*)?(?:summary|labels|entities|links|rejected)\b/)
  if (start < 0) return null
  try {
    const value = parseObject(jsonrepair(content.slice(start).replace(/```\s*$/, '')))
    return value === null ? null : { value, repaired: true }
  } catch {
    return null
  }
}

function topLevelObjects(text: string): string[] {
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
  return objects
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
