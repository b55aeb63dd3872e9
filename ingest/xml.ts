import { SaxesParser } from 'saxes'
import { InputError } from '../src/model/errors.ts'

/** Office files of people nest some 30 deep; beyond this walks and other parsers overflow the stack. */
const MAX_DEPTH = 256
/** An element with an attribute and a word costs some 200 bytes of tree; a book of 900 pages has 300,000. */
const MAX_ELEMENTS = 1_000_000
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

/** An element with what is in it, in order. Names are as written, prefix included (`w:p`). */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (XmlElement | string)[]
}

/**
 * The tree of an XML part of a file. Entities of the document's own are never expanded and nothing outside is read:
 * a DOCTYPE that declares any is refused.
 *
 * @throws InputError `corrupt`, `limit`; `path` is for the message only
 */
export function parseXml(bytes: Uint8Array, path: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false })
  const root: Building = { name: '', attributes: {}, children: [] }
  const open: Building[] = [root]
  let elements = 0
  // Every name that the parser gives is a string of its own.
  const names = new Map<string, string>()
  const known = (name: string): string => {
    const same = names.get(name)
    if (same === undefined) names.set(name, name)
    return same ?? name
  }
  parser.on('error', (error) => {
    throw corrupt(path, error)
  })
  parser.on('doctype', (declaration) => {
    if (declaration.includes('<!ENTITY')) throw overLimit(path, 'declares entities of its own')
  })
  parser.on('opentag', ({ name, attributes }) => {
    elements += 1
    if (open.length > MAX_DEPTH) throw overLimit(path, `is nested more than ${MAX_DEPTH} deep`)
    if (elements > MAX_ELEMENTS) throw overLimit(path, `has more than ${MAX_ELEMENTS} elements`)
    const element: Building = { name: known(name), attributes: compact(attributes), children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const addText = (text: string): void => {
    if (open.length > 1) open.at(-1)?.children.push(text)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(decode(bytes)).close()
  const [element] = root.children
  if (element === undefined || typeof element === 'string') throw corrupt(path, undefined)
  return element
}

interface Building {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (XmlElement | string)[]
}

/** The parser's own objects are hash tables, five times as large. */
function compact(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  for (const _ in attributes) return { ...(attributes as Record<string, string>) }
  return NO_ATTRIBUTES
}

/** The elements right below this one, of one name where one is given. */
export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  )
}

export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child): child is XmlElement => typeof child !== 'string' && child.name === name)
}

/** Every element below (and with) this one, in the order of the text. */
export function* descendantsOf(root: XmlElement, name?: string): Iterable<XmlElement> {
  const open: XmlElement[] = [root]
  for (let element = open.pop(); element; element = open.pop()) {
    if (name === undefined || element.name === name) yield element
    for (let index = element.children.length - 1; index >= 0; index -= 1) {
      const child = element.children[index]
      if (child !== undefined && typeof child !== 'string') open.push(child)
    }
  }
}

/** All text inside, as it stands. */
export function textOf(element: XmlElement): string {
  const parts: string[] = []
  const open: (XmlElement | string)[] = [element]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === 'string') parts.push(node)
    else for (let index = node.children.length - 1; index >= 0; index -= 1) open.push(node.children[index] ?? '')
  }
  return parts.join('')
}

/** UTF-8, or what a byte order mark, the zeros of UTF-16 or the declaration in the first line say. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return decodeAs(bytes, 'utf-16le')
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return decodeAs(bytes, 'utf-16be')
  const head = String.fromCharCode(...bytes.subarray(0, 200))
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1] ?? 'utf-8'
  // Bytes that begin with `<?xml` are no UTF-16, whatever they say.
  return decodeAs(bytes, /^utf-?16/i.test(declared) ? 'utf-8' : declared)
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    // A name that nobody knows.
    return new TextDecoder().decode(bytes)
  }
}

function corrupt(path: string, cause: unknown): InputError {
  const what = cause instanceof Error ? `: ${cause.message.split('\n')[0]}` : ''
  return new InputError('corrupt', `${path}: its XML is damaged${what}`, {
    place: path,
    hint: 'Open it in the program that wrote it and save it again.',
    cause,
  })
}

function overLimit(path: string, what: string): InputError {
  return new InputError('limit', `${path}: its XML ${what}; it was not read`, {
    place: path,
    hint: 'No program writes such a file. If it is honest, save its text as .txt.',
  })
}
