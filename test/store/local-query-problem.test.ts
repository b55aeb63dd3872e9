import { expect, it } from 'vitest'
import { newFolder, openHere } from './local-folders.ts'

it('a wrong query is told in our words, with the place and what to do', { timeout: 120_000 }, async () => {
  const database = await openHere(newFolder())
  const told = async (text: string): Promise<unknown> => {
    const error = await database.query(text, {}, { seconds: 60 }).catch((cause: unknown) => cause)
    const { name, code, message, hint = '', place = '' } = error as Error & Record<string, string>
    expect(`${message}${hint}`).not.toMatch(/grafeo/i)
    return [name, code, message, hint, place]
  }
  const readme = 'cypher/README.md describes the graph, with examples to start from.'
  expect(await told('MATCH (n RETURN n')).toEqual([
    'UsageError',
    'cypher-syntax',
    "The query cannot be run: expected ')' before 'RETURN n' (line 1, column 10)",
    readme,
    'line 1, column 10',
  ])
  const unended = await told('MATCH (n)\nRETURN n.name AS')
  expect(unended).toContain('The query cannot be run: expected identifier at the end (line 2, column 17)')
  expect(await told('MATCH (n) RETURN foo')).toContain(
    'A variable is bound before it is used, by MATCH, WITH … AS or UNWIND … AS.',
  )
  expect(await told('RETURN $absent AS x')).toEqual([
    'UsageError',
    'missing-parameter',
    'The query has a parameter $absent, which was given no value.',
    'On the command line: --param absent=VALUE.',
    '',
  ])
  expect(await told('RETURN 1 / 0 AS x')).toContain('The query cannot be run: division by zero: 1 / 0')
})
