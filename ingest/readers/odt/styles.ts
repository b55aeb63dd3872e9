import { childOf, childrenOf, type XmlElement } from '../../xml.ts'
import type { Paragraph } from '../docx/blocks.ts'
import { roleOfNames } from '../docx/styles.ts'

/** What the styles of an OpenDocument file tell about its paragraphs. */
export interface OdtStyles {
  readonly roleOf: (style: string | undefined) => Paragraph['role'] | null
}

/** A chain is some four long; a circle would never end. */
const LONGEST_CHAIN = 20

/** From the styles that people chose (`styles.xml`) and those that the program makes of them (`content.xml`). */
export function readOdtStyles(roots: readonly (XmlElement | null)[]): OdtStyles {
  const parents = new Map<string, string | undefined>()
  for (const root of roots) {
    for (const group of ['office:styles', 'office:automatic-styles']) {
      const styles = root === null ? undefined : childOf(root, group)
      for (const { attributes } of styles === undefined ? [] : childrenOf(styles, 'style:style')) {
        const name = attributes['style:name']
        if (name !== undefined && attributes['style:family'] === 'paragraph')
          parents.set(name, attributes['style:parent-style-name'])
      }
    }
  }
  const roles = new Map<string, Paragraph['role'] | null>()
  return {
    roleOf: (style) => {
      if (style === undefined) return null
      const known = roles.get(style)
      if (known !== undefined) return known
      const names: string[] = []
      for (let next: string | undefined = style; next !== undefined && names.length < LONGEST_CHAIN;) {
        names.push(next.replaceAll('_20_', ' '))
        next = parents.get(next)
      }
      const role = roleOfNames(names)
      roles.set(style, role)
      return role
    },
  }
}
