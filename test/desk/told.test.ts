import { expect, it } from 'vitest'
import { told } from '../../src/desk/told.ts'
import { RefusedError } from '../../src/model/errors.ts'

it('names no command and no flag where keys are pressed', () => {
  const of = (hint: string): string => told(new RefusedError('no', 'it is so already', { hint }))
  expect(of("To say that it is right: 'whygraph review accept 72qm'.")).toBe('it is so already')
  expect(of("Give another subject. 'whygraph review list' lists them. Or use --where.")).toBe(
    'it is so already. Give another subject.',
  )
  expect(of('Reject this one by itself.')).toBe('it is so already. Reject this one by itself.')
})
