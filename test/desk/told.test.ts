import { expect, it } from 'vitest'
import { told } from '../../src/desk/told.ts'
import { RefusedError } from '../../src/model/errors.ts'
import { findQuotes, type Text } from '../../src/review/fix-quote.ts'

it('names no command and no flag where keys are pressed', () => {
  const of = (hint: string): string => told(new RefusedError('no', 'it is so already', { hint }))
  expect(of("To say that it is right: 'whygraph review accept 72qm'.")).toBe('it is so already')
  expect(of("Give another subject. 'whygraph review list' lists them. Or use --where.")).toBe(
    'it is so already. Give another subject.',
  )
  expect(of('Reject this one by itself.')).toBe('it is so already. Reject this one by itself.')
})

it('keeps what is to be done where a command would do it too', () => {
  const text = { chunk: { id: 'k3vq7x', units: [] }, document: { path: 'a.md' } } as unknown as Text
  let said = ''
  try {
    findQuotes(['never said'], [text])
  } catch (error) {
    said = told(error)
  }
  expect(said).toBe(
    "“never said” does not stand in a.md. A quote is the source's own words, copied from within one unit.",
  )
})
