import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readSchema } from '../src/read-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-schema-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['linkTypes: [{ name: leads }]', 'linkTypes[1].name must be written like REPORTS_TO', 'REPORTS_TO'],
  ['linkTypes: [{ name: A, singelValued: to }]', 'linkTypes[1].singelValued is no key', "Did you mean 'singleValued'?"],
  ['linkTypes: [{ name: A, singleValued: frm }]', 'linkTypes[1].singleValued is not of its form', 'singleValued is to'],
  ['linkTypes: [{ name: A, reversedBy: [{ typ: B }] }]', 'linkTypes[1].reversedBy[1].typ is no key', "'type'?"],
  ['linkTypes: [{ name: A }, { name: A }]', 'linkTypes[2].name is the name of type 1 too', 'link types like'],
  ['linkTypes: { A: owns }', 'linkTypes must be a list', "'- name: LEADS'"],
  ['entityTypes: [{ hint: none }]', 'entityTypes[1].name is missing', 'Person'],
  ['entitytypes: []', 'entitytypes is no key of a schema', "Did you mean 'entityTypes'?"],
  ['open: maybe', 'open must be true or false', 'open: true also takes'],
])('of a schema with %s the line, what is wrong and how it is written', (text, wrong, mend) => {
  const path = join(folder, 'schema.yaml')
  writeFileSync(path, `# ours\n${text}\n`)
  expect(() => readSchema(path)).toThrow(
    expect.objectContaining({
      code: 'invalid-schema',
      message: expect.stringContaining(`${path}, line 2: ${wrong}`),
      hint: expect.stringContaining(mend),
    }),
  )
})
