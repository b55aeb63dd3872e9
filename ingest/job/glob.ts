/** In one list; this and the next are far beyond what a person writes. */
export const MAX_GLOBS = 200
const MAX_GLOB_LENGTH = 1000
const MAX_ALTERNATIVES = 100

/** A pattern for paths inside a folder. */
export interface Glob {
  /** Whether the path itself is meant. */
  readonly matches: (path: string) => boolean
  /** Whether something below the folder of this path may be meant. */
  readonly reachesBelow: (folder: string) => boolean
  /** Whether the folder, or all that is in it, is meant. */
  readonly coversFolder: (folder: string) => boolean
}

type Piece = { readonly star: true } | { readonly star: false; readonly accepts: (sign: string) => boolean }
/** One name between two slashes; `null` is `**`, any number of folders. */
type Segment = readonly Piece[] | null

/**
 * `*` any part of a name, `?` one sign, `[a-z]` one of several, `{md,vtt}` one or the other, `**` any number of folders,
 * `\` before a sign that is meant as it is. Brackets, plus and the like stand for themselves: file names are full of
 * them. Not made into a regular expression, which takes exponential time on `*a*a*a` and the right name: here a path
 * costs at most its length times the pattern's.
 *
 * @throws Error that says in words what is wrong
 */
export function parseGlob(pattern: string): Glob {
  const problem = problemOf(pattern)
  if (problem !== null) throw new Error(problem)
  const trimmed = pattern.normalize('NFC').replace(/^(?:\.\/+)+/, '')
  const whole = trimmed.endsWith('/') ? `${trimmed}**` : trimmed
  const alternatives = expandBraces(whole).map((one) => parseSegments(one))
  return {
    matches: (path) => alternatives.some((segments) => walk(segments, path)[segments.length] === true),
    reachesBelow: (folder) =>
      alternatives.some((segments) => walk(segments, folder).some((alive, index) => alive && index < segments.length)),
    coversFolder: (folder) =>
      alternatives.some((segments) => {
        const alive = walk(segments, folder)
        return alive[segments.length] === true || (segments.at(-1) === null && alive[segments.length - 2] === true)
      }),
  }
}

function problemOf(pattern: string): string | null {
  if (pattern.trim() === '') return 'is empty'
  if (pattern.length > MAX_GLOB_LENGTH) return `is longer than ${MAX_GLOB_LENGTH} characters`
  if (pattern.includes('\0')) return 'holds a NUL'
  if (pattern.replaceAll('\\\\', '').endsWith('\\')) return "ends in a '\\' that nothing follows"
  if (pattern.startsWith('/') || /^[A-Za-z]:[\\/]/.test(pattern)) return 'must be relative to the folder: no leading /'
  if (pattern.startsWith('!')) return "begins with '!': name under exclude what is not wanted"
  if (pattern.split('/').includes('..')) return "leads out of the folder: leave out '..'"
  const bare = pattern.replaceAll(/\\./gs, '')
  if (/[@!+*?]\(/.test(bare)) return "has a '(' after a sign: write {a,b} for one or the other, or \\( for the bracket"
  if (/\{[^{},]*\.\.[^{},]*\}/.test(bare)) return 'has a range in braces: write {1,2,3}'
  if (bare.includes('[[:')) return 'has a named class: write [a-z]'
  return null
}

/** `a{b,c{d,e}}` to `ab`, `acd`, `ace`, leftmost first. A pair without a comma stands for itself. */
function expandBraces(pattern: string): string[] {
  const done: string[] = []
  const open = [{ text: pattern, from: 0 }]
  for (let entry = open.pop(); entry; entry = open.pop()) {
    if (open.length + done.length >= MAX_ALTERNATIVES) throw new Error(`has over ${MAX_ALTERNATIVES} alternatives`)
    const { text, from } = entry
    const brace = findBraces(text, from)
    if (brace === null) done.push(text)
    else if (brace.options.length === 1) open.push({ text, from: brace.start + 1 })
    else
      for (const option of brace.options.toReversed())
        open.push({ text: text.slice(0, brace.start) + option + text.slice(brace.end), from: brace.start })
  }
  return done
}

interface Braces {
  readonly start: number
  readonly end: number
  readonly options: readonly string[]
}

function findBraces(text: string, from: number): Braces | null {
  let depth = 0
  let start = -1
  let begin = 0
  const options: string[] = []
  for (let index = from; index < text.length; index += 1) {
    const sign = text[index]
    if (sign === '\\') index += 1
    else if (sign === '[') index = endOfClass(text, index)
    else if (sign === '{') {
      depth += 1
      if (depth > 1) continue
      start = index
      begin = index + 1
    } else if (depth === 1 && (sign === ',' || sign === '}')) {
      options.push(text.slice(begin, index))
      begin = index + 1
      if (sign === '}') return { start, end: index + 1, options }
    } else if (sign === '}' && depth > 1) depth -= 1
  }
  if (depth > 0) throw new Error("has a '{' that is never closed: write \\{ for the sign itself")
  return null
}

/** A class may hold `]` as its first sign. */
function endOfClass(text: string, start: number): number {
  let index = start + 1
  if (text[index] === '!' || text[index] === '^') index += 1
  if (text[index] === ']') index += 1
  for (; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '/') break
    else if (text[index] === ']') return index
  }
  throw new Error("has a '[' that is never closed: write \\[ for the sign itself")
}

function parseSegments(pattern: string): Segment[] {
  const segments = pattern
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .map(parseSegment)
  // At the end `**` is what is in the folder, which is one name at least.
  return segments.at(-1) === null ? [...segments.slice(0, -1), [{ star: true }], null] : segments
}

function parseSegment(text: string): Segment {
  if (text === '**') return null
  const pieces: Piece[] = []
  const signs = [...text]
  for (let index = 0; index < signs.length; index += 1) {
    const sign = signs[index] ?? ''
    if (sign === '*') {
      if (pieces.at(-1)?.star !== true) pieces.push({ star: true })
    } else if (sign === '?') pieces.push({ star: false, accepts: () => true })
    else if (sign === '[') {
      const rest = signs.slice(index).join('')
      const body = rest.slice(1, endOfClass(rest, 0))
      pieces.push({ star: false, accepts: parseClass(body) })
      index += [...body].length + 1
    } else {
      if (sign === '\\') index += 1
      const own = signs[index]
      pieces.push({ star: false, accepts: (other) => other === own })
    }
  }
  return pieces
}

function parseClass(body: string): (sign: string) => boolean {
  const isNegated = /^[!^]/.test(body)
  const signs = [...(isNegated ? body.slice(1) : body)]
  const ranges: [string, string][] = []
  const next = (index: number): number => (signs[index] === '\\' ? index + 1 : index)
  for (let index = 0; index < signs.length; index += 1) {
    index = next(index)
    const first = signs[index] ?? ''
    let last = first
    if (signs[index + 1] === '-' && index + 2 < signs.length) {
      index = next(index + 2)
      last = signs[index] ?? ''
    }
    ranges.push([first, last])
  }
  const code = (sign: string): number => sign.codePointAt(0) ?? 0
  return (sign) => ranges.some(([first, last]) => code(first) <= code(sign) && code(sign) <= code(last)) !== isNegated
}

/** Which prefixes of the pattern the whole path may be: index n is true where the first n segments match it. */
function walk(segments: readonly Segment[], path: string): boolean[] {
  let alive = spread(segments, [true])
  for (const name of path.normalize('NFC').split('/').filter(Boolean)) {
    const signs = [...name]
    const next: boolean[] = []
    for (const [index, segment] of segments.entries()) {
      if (alive[index] !== true) continue
      if (segment === null) next[index] = true
      else if (matchesName(segment, signs)) next[index + 1] = true
    }
    alive = spread(segments, next)
  }
  return alive
}

/** `**` may be no folder at all. */
function spread(segments: readonly Segment[], alive: boolean[]): boolean[] {
  const all = Array.from({ length: segments.length + 1 }, (_, index) => alive[index] === true)
  for (const [index, segment] of segments.entries()) if (segment === null && all[index]) all[index + 1] = true
  return all
}

/** Goes back to the last star only, which is enough: what the stars before it took need never change. */
function matchesName(pieces: readonly Piece[], signs: readonly string[]): boolean {
  let piece = 0
  let sign = 0
  let afterStar = -1
  let starEnd = 0
  while (sign < signs.length) {
    const current = pieces[piece]
    if (current?.star === true) {
      afterStar = piece += 1
      starEnd = sign
    } else if (current?.accepts(signs[sign] ?? '') === true) {
      piece += 1
      sign += 1
    } else if (afterStar >= 0) {
      piece = afterStar
      sign = starEnd += 1
    } else return false
  }
  if (pieces[piece]?.star === true) piece += 1
  return piece === pieces.length
}
