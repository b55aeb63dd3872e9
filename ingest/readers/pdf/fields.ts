import type { PdfAnnotation, PdfViewport } from './pdfjs.ts'
import type { Run } from './runs.ts'

/** Fonts of fields are often "automatic": as high as a line of a form usually is. */
const LARGEST = 11
const MAX_FIELDS = 5000

/** What was filled into a form, as runs where the fields lie, so that it is read beside the labels. */
export function fieldRuns(annotations: readonly PdfAnnotation[], viewport: PdfViewport): Run[] {
  return annotations.slice(0, MAX_FIELDS).flatMap((annotation) => {
    if (annotation.subtype !== 'Widget' || annotation.hidden === true || annotation.password === true) return []
    const lines = valueOf(annotation)
      .split(/[\r\n\u2028\u2029]+/)
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
    const box = boxOf(annotation.rect ?? [], viewport)
    if (lines.length === 0 || box === null) return []
    const size = Math.min(LARGEST, (box.bottom - box.top) * 0.75)
    const middle = (box.top + box.bottom) / 2 + size * 0.35
    const single = lines.length === 1 && annotation.multiLine !== true
    return lines.map((text, index) => ({
      text,
      left: box.left + 2,
      right: Math.max(box.left + 3, Math.min(box.right, box.left + 2 + text.length * size * 0.5)),
      baseline: single ? middle : box.top + size * (1 + index * 1.2),
      size,
      bold: false,
      rtl: false,
      spaceAfter: true,
    }))
  })
}

function valueOf(annotation: PdfAnnotation): string {
  const { fieldType, fieldValue } = annotation
  if (fieldType === 'Sig') return ''
  if (fieldType === 'Btn') {
    if (annotation.checkBox === true)
      return isSet(fieldValue) && fieldValue === (annotation.exportValue ?? fieldValue) ? '☒' : ''
    if (annotation.radioButton === true) return isSet(fieldValue) && fieldValue === annotation.buttonValue ? '☒' : ''
    return ''
  }
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue]
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => annotation.options?.find((option) => option.exportValue === value)?.displayValue ?? value)
    .join(', ')
}

function isSet(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value !== 'Off'
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function boxOf(rect: readonly number[], viewport: PdfViewport): Box | null {
  const [x1, y1, x2, y2] = rect
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = viewport.transform
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return null
  const xs = [a * x1 + c * y1 + e, a * x2 + c * y2 + e]
  const ys = [b * x1 + d * y1 + f, b * x2 + d * y2 + f]
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  const visible = box.right - box.left > 1 && box.bottom - box.top > 1
  return visible && Object.values(box).every(Number.isFinite) ? box : null
}
