import type { XmlElement } from '../../xml.ts'

/**
 * The tree with the prefixes that everybody uses. Any prefix is allowed, and some libraries number them (`ns0:p`);
 * `usual` gives the prefix for each namespace that a reader asks for.
 */
export function withUsualPrefixes(root: XmlElement, usual: Readonly<Record<string, string>>): XmlElement {
  const renamed = new Map<string, string>()
  for (const [name, value] of Object.entries(root.attributes)) {
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null
    const wanted = usual[value]
    if (prefix !== null && wanted !== undefined && wanted !== prefix) renamed.set(prefix, wanted)
  }
  return renamed.size === 0 ? root : renameTree(root, renamed)
}

function renameTree(root: XmlElement, renamed: ReadonlyMap<string, string>): XmlElement {
  const top = renameOne(root, renamed)
  const open: { from: XmlElement; to: Renamed }[] = [{ from: root, to: top }]
  for (let pair = open.pop(); pair; pair = open.pop()) {
    for (const child of pair.from.children) {
      if (typeof child === 'string') pair.to.children.push(child)
      else {
        const to = renameOne(child, renamed)
        pair.to.children.push(to)
        open.push({ from: child, to })
      }
    }
  }
  return top
}

interface Renamed {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (XmlElement | string)[]
}

function renameOne(element: XmlElement, renamed: ReadonlyMap<string, string>): Renamed {
  const attributes = Object.entries(element.attributes).map(([name, value]) => [
    // An attribute without a prefix is in no namespace.
    name.includes(':') ? rename(name, renamed) : name,
    value,
  ])
  return { name: rename(element.name, renamed), attributes: Object.fromEntries(attributes), children: [] }
}

function rename(name: string, renamed: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':')
  const prefix = renamed.get(colon < 0 ? '' : name.slice(0, colon))
  return prefix === undefined ? name : `${prefix}:${name.slice(colon + 1)}`
}

/** `dc:title` → `title`, for parts in which the prefix makes no difference. */
export function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1)
}
