import { childOf, childrenOf, descendantsOf, textOf, type XmlElement } from '../../xml.ts'
import { isOn } from './styles.ts'
import { symbolOf } from './symbols.ts'

/** What a paragraph holds besides its style. */
export interface Inline {
  /** `\n` where a line was broken inside. */
  readonly text: string
  /** Text boxes and diagrams that are anchored here. */
  readonly boxes: readonly Box[]
  readonly references: readonly Reference[]
}

/** A text box, or the id of a diagram's part. */
export type Box = XmlElement | string

/** A mark in the text that stands for a note or comment. */
export interface Reference {
  readonly kind: 'footnote' | 'endnote' | 'comment'
  readonly id: string
}

/** A field (`{ PAGE }`): an instruction and, after it, the result that is shown. It may reach over paragraphs. */
export interface Field {
  instruction: string
  isResult: boolean
  /** Whether words at this point of the field, and of those around it, are part of the text. */
  isShown: boolean
}

/** Counts what was left out, for the notes. */
export interface Tally {
  deletions: number
  hidden: number
  /** Notes whose mark was deleted went with it. */
  readonly deletedNotes: Set<string>
}

const SKIPPED = new Set(['w:pPr', 'w:rPr', 'w:sdtPr', 'w:delText', 'w:rt', 'w:delInstrText', 'v:shapetype'])
const PAGE_FIELD = /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/i
const REFERENCES: Readonly<Record<string, Reference['kind']>> = {
  'w:footnoteReference': 'footnote',
  'w:endnoteReference': 'endnote',
  'w:commentReference': 'comment',
  'w:commentRangeStart': 'comment',
}

/**
 * The words of a `w:p` as they read with all tracked changes accepted. `fields` are those still open from earlier
 * paragraphs; where `isPageMargin` (headers and footers), page numbers are left out.
 */
export function readInline(paragraph: XmlElement, fields: Field[], tally: Tally, isPageMargin: boolean): Inline {
  const parts: string[] = []
  const boxes: Box[] = []
  const references: Reference[] = []
  const write = (text: string): void => {
    if (fields.at(-1)?.isShown ?? true) parts.push(text)
  }
  const open: XmlElement[] = childrenOf(paragraph).toReversed()
  for (let element = open.pop(); element; element = open.pop()) {
    const { name, attributes } = element
    if (SKIPPED.has(name)) continue
    const reference = REFERENCES[name]
    if (reference !== undefined) references.push({ kind: reference, id: attributes['w:id'] ?? '' })
    else if (name === 'w:t' || name === 'm:t') write(textOf(element).replace(/[\r\n]+/g, ' '))
    else if (name === 'w:tab' || name === 'w:ptab') write('\t')
    else if (name === 'w:br' || name === 'w:cr') write('\n')
    else if (name === 'w:noBreakHyphen') write('-')
    else if (name === 'w:sym') write(symbolOf(attributes['w:font'], attributes['w:char']))
    else if (name === 'w:fldChar') turnField(fields, attributes['w:fldCharType'], isPageMargin)
    else if (name === 'w:instrText') addInstruction(fields, textOf(element))
    else if (name === 'w:txbxContent') boxes.push(element)
    else if (name === 'dgm:relIds') boxes.push(attributes['r:dm'] ?? '')
    else if (name === 'w:del' || name === 'w:moveFrom') countDeletion(element, tally)
    else if (name === 'w:fldSimple' && isPageMargin && PAGE_FIELD.test(attributes['w:instr'] ?? '')) continue
    else if (name === 'w:r' && isOn(childOf(element, 'w:rPr'), 'w:vanish')) {
      if (textsOf(element, 'w:t')) tally.hidden += 1
      // Fields that only mark a word for the index are hidden as a whole.
      const marks = childrenOf(element).filter((child) => child.name === 'w:fldChar' || child.name === 'w:instrText')
      for (const mark of marks.toReversed()) open.push(mark)
    } else pushChildren(open, element)
  }
  // An instruction rarely reaches over a paragraph's end; one without an end must not swallow the rest of the file.
  while (fields.at(-1)?.isShown === false) fields.pop()
  return { text: parts.join(''), boxes, references }
}

/** Below an alternative only the first one counts: the others say the same for older programs. */
export function pushChildren(open: XmlElement[], element: XmlElement): void {
  if (element.name === 'mc:AlternateContent') {
    const chosen = childOf(element, 'mc:Choice') ?? childOf(element, 'mc:Fallback')
    if (chosen !== undefined) open.push(chosen)
    return
  }
  for (let index = element.children.length - 1; index >= 0; index -= 1) {
    const child = element.children[index]
    if (child !== undefined && typeof child !== 'string') open.push(child)
  }
}

/** A move is no deletion: its words come again where they went. */
export function countDeletion(element: XmlElement, tally: Tally): void {
  if (element.name !== 'w:moveFrom' && (textsOf(element, 'w:delText') || textsOf(element, 'w:t'))) tally.deletions += 1
  for (const { name, attributes } of descendantsOf(element)) {
    const kind = REFERENCES[name]
    if (kind !== undefined && kind !== 'comment') tally.deletedNotes.add(`${kind} ${attributes['w:id'] ?? ''}`)
  }
}

function turnField(fields: Field[], type: string | undefined, isPageMargin: boolean): void {
  const field = fields.at(-1)
  if (type === 'begin') fields.push({ instruction: '', isResult: false, isShown: false })
  else if (type === 'end') fields.pop()
  else if (type === 'separate' && field !== undefined) {
    field.isResult = true
    field.isShown = (fields.at(-2)?.isShown ?? true) && !(isPageMargin && PAGE_FIELD.test(field.instruction))
  }
}

function addInstruction(fields: Field[], text: string): void {
  const field = fields.at(-1)
  if (field !== undefined && !field.isResult && field.instruction.length < 100) field.instruction += text
}

function textsOf(element: XmlElement, name: string): boolean {
  for (const text of descendantsOf(element, name)) if (textOf(text).trim() !== '') return true
  return false
}
