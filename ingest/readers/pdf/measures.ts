import type { Line } from './lines.ts'

/** How a document is usually set: what headings, paragraphs and footnotes depart from. */
export interface Measures {
  /** Height of the font of most of the text. */
  readonly bodySize: number
  /** Whether most of the text is bold, so that bold says nothing. */
  readonly boldBody: boolean
  /** Distance of the lines of a paragraph that is set in a font of this height. */
  leading(size: number): number
}

/** Distance of lines as a share of the font's height, where nothing else is known. */
const USUAL_LEADING = 1.25
/** Wider ones have to be seen within a sentence. */
const LOOSEST = 1.5

export function measure(lines: readonly Line[]): Measures {
  const letters = new Map<number, number>()
  let all = 0
  let bold = 0
  for (const line of lines) {
    // Cells and labels of figures are many and small; they are no measure for prose.
    const weight = line.cells.length > 1 || !line.upright ? 0 : line.text.length
    letters.set(bucket(line.size), (letters.get(bucket(line.size)) ?? 0) + weight)
    all += weight
    if (line.bold) bold += weight
  }
  const bodySize = [...letters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, -1])[0]
  const leadings = usualLeadings(lines)
  return {
    bodySize,
    boldBody: bold > all * 0.5,
    leading: (size) =>
      leadings.get(bucket(size)) ?? (leadings.get(bodySize) ?? bodySize * USUAL_LEADING) * (size / (bodySize || size)),
  }
}

export function bucket(size: number): number {
  return Math.round(size * 2) / 2
}

function usualLeadings(lines: readonly Line[]): Map<number, number> {
  const within = new Map<number, number[]>()
  const any = new Map<number, number[]>()
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1]
    if (above === undefined || above.region !== line.region || bucket(above.size) !== bucket(line.size)) continue
    const gap = line.baseline - above.baseline
    if (gap <= line.size * 0.6 || gap > line.size * 2.6) continue
    push(any, bucket(line.size), gap)
    // A line that begins small goes on with a paragraph for sure.
    if (/^\p{Ll}/u.test(line.text)) push(within, bucket(line.size), gap)
  }
  const leadings = new Map<number, number>()
  for (const [size, gaps] of any) {
    const sure = within.get(size)
    leadings.set(
      size,
      sure !== undefined && sure.length >= 2 ? quantile(sure, 0.5) : Math.min(quantile(gaps, 0.25), size * LOOSEST),
    )
  }
  return leadings
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)] ?? 0
}
