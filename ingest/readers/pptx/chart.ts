import { InputError } from '../../../src/model/errors.ts'
import { foldSpace } from '../../passage.ts'
import { textOf, type XmlElement } from '../../xml.ts'
import { elementAt, elementsIn, localName, pushAll } from '../office/elements.ts'
import { lineOf, paragraphsOf } from './paragraphs.ts'

/** The words and numbers of a chart: its title and those of its axes, and its data as a table, names first. */
export interface Chart {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Values by the number of their point. */
type Points = ReadonlyMap<string, string>

interface Column {
  readonly name: string
  readonly values: Points
}

/** Points and series are multiplied into cells; a chart that a person can read has a few hundred. */
const MAX_CELLS = 200_000

/** Reads a chart from what it keeps of its workbook: `c:chartSpace`, or `cx:chartSpace` of the newer kinds. */
export function readChart(root: XmlElement): Chart {
  const chart = elementAt(root, 'chart')
  const plots = elementsIn(elementAt(chart, 'plotArea'))
  const axes = plots.filter((plot) => /Ax$|^axis$/.test(localName(plot)))
  const titles = [chart, ...axes].map(titleOf).filter((title) => title !== '')
  const data = elementAt(root, 'chartData')
  const series = data === undefined ? plots.flatMap((plot) => elementsIn(plot, 'ser')) : elementsIn(data, 'data')
  const labels = new Map(series.flatMap((one) => [...pointsOf(labelsIn(one))]))
  const names = data === undefined ? [] : seriesNames(elementAt(chart, 'plotArea', 'plotAreaRegion'))
  const columns = series.flatMap((one, index) => columnsOf(one, names[index] ?? valuesIn(elementAt(one, 'tx'))))
  return { titles, rows: rowsOf(labels, columns) }
}

function rowsOf(labels: Points, columns: readonly Column[]): string[][] {
  const points = new Set([...labels.keys(), ...columns.flatMap(({ values }) => [...values.keys()])])
  if (points.size * columns.length > MAX_CELLS)
    throw new InputError('limit', `it has ${points.size} points in ${columns.length} series`)
  const rows = [...points]
    .toSorted((a, b) => Number(a) - Number(b))
    .map((point) => [labels.get(point) ?? '', ...columns.map(({ values }) => values.get(point) ?? '')])
  return columns.some(({ name }) => name !== '') ? [['', ...columns.map(({ name }) => name)], ...rows] : rows
}

/** Labels of a series; where points have two measures, the first of these. */
function labelsIn(series: XmlElement): XmlElement | undefined {
  return ['cat', 'xVal', 'strDim'].map((name) => elementAt(series, name)).find((labels) => labels !== undefined)
}

function columnsOf(series: XmlElement, name: string): Column[] {
  const measures = elementsIn(series).filter((child) => /^(?:val|yVal|bubbleSize|numDim)$/.test(localName(child)))
  return measures.map((measure) => ({ name, values: pointsOf(measure) }))
}

/** Labels of several levels are joined, the outer first; an outer one (a year) goes on until the next. */
function pointsOf(data: XmlElement | undefined): Points {
  const levels = elementsIn(elementAt(data, 'multiLvlStrRef', 'multiLvlStrCache') ?? data, 'lvl')
  const [inner, ...outer] = (levels.length === 0 ? [data] : levels).map(valuesByPoint)
  const points = new Map(inner)
  for (const level of outer) {
    let label = ''
    for (const [index, value] of inner ?? []) {
      label = level.get(index) ?? label
      points.set(index, `${label} ${points.get(index) ?? value}`.trim())
    }
  }
  return points
}

function valuesByPoint(data: XmlElement | undefined): Points {
  const points = new Map<string, string>()
  const open = data === undefined ? [] : [data]
  for (let element = open.pop(); element; element = open.pop()) {
    if (localName(element) !== 'pt') {
      pushAll(open, elementsIn(element))
      continue
    }
    const index = element.attributes['idx'] ?? ''
    const value = valuesIn(element)
    if (value !== '') points.set(index, value)
  }
  return points
}

/** The newer kinds keep the names of their series apart from the data, in the same order. */
function seriesNames(region: XmlElement | undefined): string[] {
  return elementsIn(region, 'series').map((series) => valuesIn(elementAt(series, 'tx')))
}

/** The older kinds wrap values in `c:v`, the newer ones only names. */
function valuesIn(element: XmlElement | undefined): string {
  if (element === undefined) return ''
  const values: string[] = []
  const open = [element]
  for (let next = open.pop(); next; next = open.pop()) {
    if (localName(next) === 'v') values.push(textOf(next))
    else pushAll(open, elementsIn(next))
  }
  return foldSpace(values.length > 0 ? values.join(' ') : localName(element) === 'pt' ? textOf(element) : '')
}

function titleOf(element: XmlElement | undefined): string {
  return paragraphsOf(elementAt(element, 'title', 'tx', 'rich'))
    .map(lineOf)
    .join(' ')
}
