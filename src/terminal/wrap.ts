import stringWidth from 'string-width'

/** Breaks a text at spaces into lines of at most `width` columns, each after the first behind `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > width - (lines.length > 0 ? indent.length : 0)) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${indent}`)
}

/** Breaks a line that begins with spaces, and leaves these before each part, and two more before those after the first. */
export function indented(line: string, width: number): string {
  const text = line.trimStart()
  const indent = line.slice(0, line.length - text.length)
  return `${indent}${wrap(text, width - indent.length, `${indent}  `)}`
}

/** Cuts a line into such of at most `width` columns, wherever that falls: words may be wider, or have no spaces between. */
export function fold(line: string, width: number): string[] {
  const lines: string[] = []
  let part = ''
  let used = 0
  for (const { segment } of GRAPHEMES.segment(line)) {
    const next = stringWidth(segment)
    if (used + next > width && part !== '') {
      lines.push(part)
      part = ''
      used = 0
    }
    part += segment
    used += next
  }
  return [...lines, part]
}

/** Lines, each with its own indent, as lines of at most `width` columns: between words where it can be. */
export function broken(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => indented(line, width).split('\n')).flatMap((line) => fold(line, width))
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
