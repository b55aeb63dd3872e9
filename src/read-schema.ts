import type { z } from 'zod'
import { didYouMean } from './model/did-you-mean.ts'
import { UsageError } from './model/errors.ts'
import { formatKey } from './model/key-path.ts'
import { schemaFile, storedSchema, type Schema } from './model/schema.ts'
import { expectation, readSettingsFile } from './settings-file.ts'

const KEYS = {
  schema: Object.keys(storedSchema.shape),
  entityTypes: Object.keys(storedSchema.shape.entityTypes.unwrap().element.shape),
  linkTypes: Object.keys(storedSchema.shape.linkTypes.unwrap().element.shape),
}
const LABEL_KEYS = { labels: ['fixed', 'names'], names: ['name', 'hint', 'aliases'] }

const REVERSAL_KEYS = ['type', 'sameSubject']

/** How a value is written, by the nearest key. */
const EXAMPLES: Readonly<Record<string, string>> = {
  open: 'open: true also takes link types that the schema does not name; false does not.',
  outside:
    'outside says what becomes of other types: { entityTypes: keep, linkTypes: hold }; where it does not, open does.',
  entityTypes: "Entity types are a list: '- name: Person', each with hint and aliases where it has any.",
  linkTypes: "Link types are a list: '- name: LEADS', each with hint, from, to, aliases and what contradicts it.",
  name: 'Entity types are written like Person or ActionItem, link types like REPORTS_TO.',
  from: "The entity types that may stand at this end: 'from: [Person]'.",
  to: "The entity types that may stand at this end: 'to: [Project, Organization]'.",
  aliases: "Other names of the type: 'aliases: [HEADS, RUNS]'.",
  inverse: "What the link is called from its other end: 'inverse: OWNED_BY', or a list.",
  labels:
    "The labels that documents may have: 'labels: { fixed: true, names: [{ name: billing, hint: …, aliases: [invoices] }] }'. fixed: false lets models name others too.",
  symmetric: 'symmetric: true is for links without direction.',
  singleValued:
    'singleValued is to (or true: one object of a subject), from (one subject of an object), both or false.',
  reversedBy: 'reversedBy lists link types that take one back: [REVERSES, { type: DROPPED, sameSubject: true }].',
  supersedes: 'supersedes is later, or never, which is the default.',
}

/** @throws UsageError with the file and the line, what is wrong there, and how it is written */
export function readSchema(path: string): Schema {
  const { values, placeOf } = readSettingsFile(path)
  const parsed = schemaFile.safeParse(values)
  if (parsed.success) return parsed.data
  // What is missing is often only misspelt.
  const issues = parsed.error.issues.map(nearest)
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  const problem = (keys: readonly PropertyKey[], what: string, hint: string): UsageError => {
    const [place, key] = [placeOf(keys), formatKey(keys)]
    return new UsageError('invalid-schema', `${place}: ${key === '' ? '' : `${key} `}${what}`, { hint, place })
  }
  if (issue?.code === 'unrecognized_keys') {
    const word = issue.keys[0] ?? ''
    const kind = issue.path[0] === 'entityTypes' || issue.path[0] === 'linkTypes' ? issue.path[0] : 'schema'
    const known =
      issue.path[0] === 'outside'
        ? ['entityTypes', 'linkTypes']
        : issue.path[0] === 'labels'
          ? labelKeys(issue.path)
          : issue.path.length > 2
            ? REVERSAL_KEYS
            : KEYS[kind]
    const hint = `${didYouMean(word, known)} Keys are: ${known.join(', ')}.`.trim()
    throw problem([...issue.path, word], 'is no key of a schema.', hint)
  }
  const isExplained = (part: PropertyKey): boolean => typeof part === 'string' && Object.hasOwn(EXAMPLES, part)
  const [first] = issue?.path ?? []
  // What stands below these is written otherwise than what types have by the same names.
  const key = first === 'outside' || first === 'labels' ? first : issue?.path.findLast(isExplained)
  const hint =
    EXAMPLES[String(key)] ?? 'A schema file has the keys open, outside, entityTypes and linkTypes; see docs/schema.md.'
  throw problem(issue?.path ?? [], expectation(issue), hint)
}

function labelKeys(path: readonly PropertyKey[]): readonly string[] {
  return path.length > 1 ? LABEL_KEYS.names : LABEL_KEYS.labels
}

/** Of a value that may have several forms, what is wrong by the form that it comes nearest to. */
function nearest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const within = issue.errors.flat().map((inner) => nearest({ ...inner, path: [...issue.path, ...inner.path] }))
  return (
    within.find(({ code }) => code === 'unrecognized_keys') ??
    within.find(({ path }) => path.length > issue.path.length) ?? { ...issue, message: 'is not of its form' }
  )
}
