import type { XmlElement } from '../../xml.ts'

/** Programs choose their own prefixes (`a:t`, `t`), so elements are found by what follows. */
export function localName(element: XmlElement): string {
  return withoutPrefix(element.name)
}

export function elementsIn(element: XmlElement | undefined, local?: string): XmlElement[] {
  return (element?.children ?? []).filter(
    (child): child is XmlElement => typeof child !== 'string' && (local === undefined || localName(child) === local),
  )
}

/** The element at the end of a path: the first child of the first name, its first child of the next, and so on. */
export function elementAt(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element
  for (const local of path)
    found = found?.children.find(
      (child): child is XmlElement => typeof child !== 'string' && localName(child) === local,
    )
  return found
}

/** `r:id` beside `id`: the attribute that points to another part of the file has a prefix. */
export function relationshipId(element: XmlElement | undefined, local = 'id'): string | undefined {
  const name = Object.keys(element?.attributes ?? {}).find(
    (name) => name.includes(':') && withoutPrefix(name) === local,
  )
  return name === undefined ? undefined : element?.attributes[name]
}

/**
 * What to read of content that is there twice, for newer and for older programs: the newer one, unless it holds none
 * of what is looked for.
 */
export function chooseAlternative(element: XmlElement, isContent: (element: XmlElement) => boolean): XmlElement[] {
  const choice = elementAt(element, 'Choice')
  const chosen = choice !== undefined && contains(choice, isContent) ? choice : elementAt(element, 'Fallback')
  return elementsIn(chosen)
}

function contains(root: XmlElement, isContent: (element: XmlElement) => boolean): boolean {
  const open = [root]
  for (let element = open.pop(); element; element = open.pop()) {
    if (isContent(element)) return true
    for (const child of element.children) if (typeof child !== 'string') open.push(child)
  }
  return false
}

/** Onto a stack, so that the first is taken first. One by one: as arguments a million would overflow the stack. */
export function pushAll<Item>(stack: Item[], items: readonly Item[]): void {
  for (let index = items.length - 1; index >= 0; index -= 1) stack.push(items[index] as Item)
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
