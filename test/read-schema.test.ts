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
  [
    'linkTypes: [{ name: A, aliases: [C] }, { name: B, aliases: [D, C] }]',
    'linkTypes[2].aliases[2] C is an alias of A too',
    'aliases: [HEADS',
  ],
  [
    'linkTypes: [{ name: A, aliases: [B] }, { name: B }]',
    'linkTypes[1].aliases[1] B is the name of type 2 too',
    'aliases: [HEADS',
  ],
  [
    'linkTypes: [{ name: A, inverse: B }, { name: B }]',
    'linkTypes[1].inverse B is the name of type 2 too',
    'inverse: OWNED_BY',
  ],
  [
    'linkTypes: [{ name: A, inverse: [B, C], aliases: [C] }]',
    'linkTypes[1].inverse[2] C is an alias of A too',
    'inverse: OWNED_BY',
  ],
  ['linkTypes: [{ name: A, inverse: A }]', 'linkTypes[1].inverse A is the name of type 1 too', 'inverse: OWNED_BY'],
  [
    'linkTypes: [{ name: A, inverse: B }, { name: C, inverse: B }]',
    'linkTypes[2].inverse B is the inverse of A too',
    'OWNED_BY',
  ],
  [
    'linkTypes: [{ name: A, symmetric: true, inverse: B }]',
    'linkTypes[1].inverse is of no use: A is symmetric',
    'OWNED_BY',
  ],
  ['linkTypes: [{ name: A, inverse: b }]', 'linkTypes[1].inverse must be written like REPORTS_TO', 'OWNED_BY'],
  [
    'linkTypes: [{ name: A, inverse: B }, { name: C, reversedBy: [B] }]',
    'linkTypes[2].reversedBy names B, which is read as A',
    '[REVERSES',
  ],
  [
    'entityTypes: [{ name: A, aliases: [Team] }, { name: B, aliases: [TEAM] }]',
    'entityTypes[2].aliases[1] TEAM is an alias of A too',
    'aliases:',
  ],
  ['entityTypes: [{ name: Team }, { name: TEAM }]', 'entityTypes[2].name is the name of type 1 too', 'Person'],
  [
    'linkTypes: [{ name: A, symmetric: true, singleValued: from }]',
    'linkTypes[1].singleValued names one end, and A is symmetric: true says',
    'singleValued is to',
  ],
  [
    '{ open: false, entityTypes: [{ name: Person }], linkTypes: [{ name: A, from: [Person], to: [Person, Persn] }] }',
    'linkTypes[1].to[2] names Persn, which is no entity type',
    'to: [Project',
  ],
  [
    '{ entityTypes: [{ name: Person, aliases: [human] }], linkTypes: [{ name: A, from: [Human] }] }',
    'linkTypes[1].from[1] names Human, which goes by Person here',
    'from: [Person]',
  ],
  ['labels: { fixed: true }', 'labels is fixed and names no label', 'fixed: false lets'],
  [
    'labels: { names: [{ name: a }, { name: b, aliases: [A] }] }',
    'labels.names[2].aliases[1] is a label already, or one of “a”',
    'The labels that documents may have',
  ],
  ['outside: { linktypes: hold }', 'outside.linktypes is no key', "Did you mean 'linkTypes'?"],
  ['outside: { linkTypes: drop }', 'outside.linkTypes must be one of', 'outside says what becomes'],
  ['outside: hold', "outside must be 'name: value' lines", 'outside says what becomes'],
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

it('a name that a type has twice is harmless', () => {
  const path = join(folder, 'twice.yaml')
  writeFileSync(path, 'linkTypes: [{ name: LEADS, aliases: [HEADS, HEADS, LEADS] }]\n')
  expect(readSchema(path).linkTypes[0]?.aliases).toEqual(['HEADS', 'HEADS', 'LEADS'])
})
