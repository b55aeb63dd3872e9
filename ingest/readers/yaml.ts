import type { Reading, SourceText, TextReader } from '../reading.ts'
import { readValues } from './json.ts'
import { parseYaml } from './json/parse-yaml.ts'
import type { Value } from './json/value.ts'
import { YAML } from './late-formats.ts'

/** YAML: several documents in one file are a list; what is in them is read as JSON is. */
export const yamlReader: TextReader = { ...YAML, read: readYaml }

function readYaml(source: SourceText): Reading {
  const documents = parseYaml(source.text, source.path)
  const [only] = documents
  const root: Value = documents.length === 1 && only ? only : { kind: 'list', items: documents, line: 1 }
  return readValues(source, { root, format: 'yaml', ownNotes: [] })
}
