import { InputError } from '../../../src/model/errors.ts'
import type { Place } from '../../../src/model/place.ts'
import { readSpeaker } from '../../transcripts/speakers.ts'
import { withoutRepeats } from '../docx/assemble.ts'
import type { Block, Paragraph } from '../docx/blocks.ts'
import { codePageOf, decodeBytes } from './code-pages.ts'
import { destinationOf } from './destinations.ts'
import { newGroup, newStream, type Group, type Stream } from './state.ts'
import { tokensOf } from './tokens.ts'

/** What an RTF file holds. */
export interface Rtf {
  readonly blocks: readonly Block[]
  /** Of its `\info`, by the words of the format: `title`, `author`, `doccomm`. */
  readonly values: ReadonlyMap<string, string>
  readonly hidden: number
  readonly deleted: number
  readonly hasPictures: boolean
  /** Whether all groups were closed. */
  readonly isWhole: boolean
}

const MAX_DEPTH = 1000
const SIGNS: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  page: '\n',
  column: '\n',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  '~': '\u00a0',
  _: '-',
  nestcell: ' ',
  nestrow: ' ',
}
/** Code pages that a file says it is in. */
const SETS: Readonly<Record<string, number>> = { ansi: 1252, mac: 10_000, pc: 437, pca: 850 }

/** Reads RTF (version 1.9.1) in one pass, with a stack of its own. `path` is for messages only. */
export function readRtf(source: string, path: string): Rtf {
  const blocks: Block[] = []
  const margins: Block[] = []
  /** Notes and comments, until the paragraph that refers to them is at its end. */
  const asides: Block[] = []
  const values = new Map<string, string>()
  const fonts = new Map<number, number | null>()
  const headings = new Set<number>()
  const main = newStream(null, null)
  const counts = { paragraph: 0, hidden: 0, deleted: 0 }
  let hasPictures = false
  let documentPage = 1252
  let font = 0
  let style = 0
  let toSkip = 0
  let group = newGroup(main)
  const open: Group[] = []

  const flush = (stream: Stream): void => {
    if (stream.bytes !== '') stream.parts.push(decodeBytes(stream.bytes, stream.codePage))
    stream.bytes = ''
  }
  const write = (text: string): void => {
    flush(group.stream)
    if (isShown()) group.stream.parts.push(text)
  }
  const writeBytes = (bytes: string): void => {
    if (!isShown()) return
    const { stream, codePage } = group
    if (stream.codePage !== (codePage ?? documentPage)) flush(stream)
    stream.codePage = codePage ?? documentPage
    stream.bytes += bytes
  }
  const isText = (): boolean => group.stream.name === null && !group.isSkipped && group.table === null
  const isShown = (): boolean => {
    if (group.isSkipped || group.table !== null) return false
    if (group.isHidden) counts.hidden += 1
    else if (group.isDeleted) counts.deleted += 1
    return !group.isHidden && !group.isDeleted
  }
  const placeIn = (stream: Stream): Place => stream.place ?? { paragraph: counts.paragraph }
  const endText = (stream: Stream): { text: string; place: Place } => {
    flush(stream)
    const text = stream.parts.join('')
    stream.parts = []
    if (stream.place === null) counts.paragraph += 1
    return { text, place: placeIn(stream) }
  }
  const target = (stream: Stream): Block[] => {
    if (stream === main) return blocks
    return isMargin(stream.place?.part) ? margins : asides
  }
  const pushAsides = (stream: Stream): void => {
    if (stream === main) for (const block of asides.splice(0)) blocks.push(block)
  }
  const endRow = (stream: Stream): void => {
    const place = stream.cells.find(({ text }) => text.trim() !== '')?.place
    const cells = stream.cells.map(({ text }) => text.trim())
    stream.cells = []
    if (place !== undefined) target(stream).push({ kind: 'row', isFirst: stream.isFirstRow, cells, place })
    stream.isFirstRow = false
    pushAsides(stream)
  }
  const endParagraph = (): void => {
    const { stream } = group
    if (!isText()) return
    if (group.isInTable) {
      // A paragraph inside a cell.
      if (stream.place === null) counts.paragraph += 1
      flush(stream)
      if (stream.cellPlace !== null) stream.parts.push(' ')
      else if (stream.parts.every((part) => part.trim() === '')) stream.parts = []
      else {
        stream.cellPlace = placeIn(stream)
        stream.parts.push(' ')
      }
      return
    }
    if (stream.cells.length > 0) endRow(stream)
    const role: Paragraph['role'] = stream.isItem ? 'item' : group.isHeading ? 'heading' : 'prose'
    target(stream).push({ kind: 'paragraph', role, ...endText(stream) })
    stream.isItem = false
    stream.isFirstRow = true
    pushAsides(stream)
  }
  const close = (): void => {
    const closed = group
    const around = open.pop()
    if (around === undefined) return
    if (closed.stream !== around.stream) {
      flush(closed.stream)
      const text = closed.stream.parts.join('')
      if (closed.stream.name !== null) values.set(closed.stream.name, text.trim())
      else if (closed.stream.cells.length > 0) endRow(closed.stream)
      else if (text.trim() !== '') {
        closed.isInTable = false
        endParagraph()
      }
    }
    group = around
  }
  const begin = (word: string): void => {
    const destination = destinationOf(word, group.isStarred, group.table === 'info')
    if (word === 'fonttbl' || word === 'stylesheet' || word === 'info')
      group.table = word === 'fonttbl' ? 'fonts' : word === 'info' ? 'info' : 'styles'
    if (destination === null || group.isSkipped) return
    if (word === 'pict') hasPictures = true
    if (word === 'listtext' || word === 'pntext') group.stream.isItem = true
    if (destination.kind === 'skipped') group.isSkipped = true
    else if (destination.kind === 'value') {
      group.stream = newStream({}, destination.name)
      group.table = null
    } else {
      const author = destination.part === 'comment' ? values.get('atnauthor') : undefined
      group.stream = newStream(
        {
          ...(isMargin(destination.part) ? {} : { paragraph: counts.paragraph + 1 }),
          part: destination.part,
          ...(author === undefined || author === '' ? {} : readSpeaker(author)),
        },
        null,
      )
      Object.assign(group, { isInTable: false, isHeading: false, isHidden: false, isDeleted: false })
      if (destination.part === 'comment') values.delete('atnauthor')
    }
  }
  const obey = (word: string, value: number | null): void => {
    const isOn = value !== 0
    if (word === 'u' && value !== null) {
      write(String.fromCharCode(value & 0xffff))
      toSkip = group.fallback
    } else if (word in SIGNS && Object.hasOwn(SIGNS, word)) write(SIGNS[word] ?? '')
    else if (word === 'par' || word === '\n' || word === '\r') endParagraph()
    // A section may end inside of what goes on as its last paragraph.
    else if (word === 'sect' && (group.stream.bytes !== '' || group.stream.parts.length > 0)) endParagraph()
    else if (word === 'cell' && isText()) {
      const { stream } = group
      const { text, place } = endText(stream)
      stream.cells.push({ text, place: stream.cellPlace ?? place })
      stream.cellPlace = null
    } else if (word === 'row' && isText()) endRow(group.stream)
    else if (word === 'uc') group.fallback = Math.min(Math.max(value ?? 1, 0), 10)
    else if (word === 'pard') Object.assign(group, { isInTable: false, isHeading: false })
    else if (word === 'plain') Object.assign(group, { isHidden: false, isDeleted: false, codePage: null })
    else if (word === 'intbl') group.isInTable = isOn
    else if (word === 'v') group.isHidden = isOn
    else if (word === 'deleted') group.isDeleted = isOn
    else if (word === 'outlinelevel') {
      if (group.table === 'styles' && (value ?? 9) < 9) headings.add(style)
      else group.isHeading = (value ?? 9) < 9
    } else if (word === 's') {
      if (group.table === 'styles') style = value ?? 0
      else group.isHeading = headings.has(value ?? 0)
    } else if (word === 'f') {
      font = value ?? 0
      group.codePage = fonts.get(font) ?? null
    } else if (word === 'fcharset' && group.table === 'fonts') fonts.set(font, codePageOf(value ?? 0))
    else if (word === 'ansicpg') documentPage = value ?? 1252
    else if (Object.hasOwn(SETS, word)) documentPage = SETS[word] ?? 1252
  }

  for (const token of tokensOf(source)) {
    if (token.kind === 'open') {
      if (open.length >= MAX_DEPTH) throw tooDeep(path)
      open.push(group)
      group = { ...group, isStarred: false, isNew: true }
      toSkip = 0
    } else if (token.kind === 'close') {
      close()
      toSkip = 0
    } else if (token.kind === 'bytes') {
      group.isNew = false
      const bytes = token.bytes.slice(toSkip)
      toSkip -= Math.min(toSkip, token.bytes.length)
      writeBytes(bytes)
    } else if (token.name === '*') group.isStarred = true
    else {
      if (group.isNew) begin(token.name)
      group.isNew = false
      toSkip = 0
      obey(token.name, token.value)
    }
  }
  const isWhole = open.length === 0
  while (open.length > 0) close()
  group.isInTable = false
  endParagraph()
  return {
    blocks: [...blocks, ...withoutRepeats(margins)],
    values,
    hidden: counts.hidden,
    deleted: counts.deleted,
    hasPictures,
    isWhole,
  }
}

function isMargin(part: Place['part']): boolean {
  return part === 'header' || part === 'footer'
}

function tooDeep(path: string): InputError {
  return new InputError('limit', `${path}: its groups are nested more than ${MAX_DEPTH} deep; it was not read`, {
    place: path,
    hint: 'No program writes such a file. If it is honest, save its text as .txt.',
  })
}
