import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StoreError } from '../../model/errors.ts'
import { ENTITY_TYPE, LINK_TYPE } from '../../model/schema.ts'

/** Cypher has no parameters for names, so these are put into the text, and are checked before. */
const NAME_RULES = {
  label: [ENTITY_TYPE, /^__[A-Za-z]+__$/],
  type: [LINK_TYPE],
  property: [/^[a-z][A-Za-z0-9]*$/],
  direction: [/^(?:ASC|DESC)$/],
}

const PLACEHOLDERS: Readonly<Record<string, keyof typeof NAME_RULES>> = {
  label: 'label',
  otherLabel: 'label',
  fromLabel: 'label',
  toLabel: 'label',
  type: 'type',
  property: 'property',
  order: 'property',
  direction: 'direction',
}

export type Names = Readonly<Record<string, string | readonly string[]>>

const texts = new Map<string, string>()

/** The text of cypher/queries/NAME.cypher with its placeholders filled; a list becomes alternatives, `A|B`. */
export function cypher(name: string, names: Names = {}): string {
  return readCypher(`queries/${name}.cypher`).replaceAll(/\{\{(\w+)\}\}/g, (_, placeholder: string) => {
    const given = names[placeholder]
    const rule = PLACEHOLDERS[placeholder]
    if (given === undefined || rule === undefined) throw new Error(`${name}.cypher: nothing given for ${placeholder}`)
    return (typeof given === 'string' ? [given] : given).map((one) => quoteName(rule, one)).join('|')
  })
}

/** A text of the folder `cypher`, without its comments: they would only make the server's query cache larger. */
export function readCypher(path: string): string {
  let text = texts.get(path)
  if (text === undefined) {
    const file = readFileSync(fileURLToPath(import.meta.resolve(`#cypher/${path}`)), 'utf8')
    text = file.replaceAll(/^\/\/.*\n/gm, '').trim()
    texts.set(path, text)
  }
  return text
}

function quoteName(rule: keyof typeof NAME_RULES, name: string): string {
  checkName(rule, name)
  return rule === 'direction' ? name : `\`${name}\``
}

/** @throws StoreError where a name may not stand in a query */
export function checkName(rule: keyof typeof NAME_RULES, name: string): void {
  if (NAME_RULES[rule].some((pattern) => pattern.test(name))) return
  throw new StoreError('bad-name', `${JSON.stringify(name)} cannot be a ${rule} in Neo4j.`, {
    hint: 'Labels are written like Person, types like REPORTS_TO, properties like reviewedBy.',
  })
}
