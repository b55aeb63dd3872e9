import { expect, it } from 'vitest'
import { parseTodo, withoutNoteSign } from '../../src/review/todo.ts'

const read = (text: string) => {
  const { lines, bad } = parseTodo(text)
  expect(bad).toEqual([])
  return lines.map(({ number: _number, ...line }) => line)
}

it('reads a word, a link with its revision, and what stands behind', () => {
  expect(read('accept k3vq7x@3  Ana ──APPROVED──▶ Billing')).toEqual([{ verdict: 'accept', id: 'k3vq7x', rev: 3 }])
  expect(read('x k3vq7x@0\r\nl abcd2@12\ra abcd3@1\nF abcd4@2 # who is that?\ns abcd5@1')).toEqual([
    { verdict: 'reject', id: 'k3vq7x', rev: 0 },
    { verdict: null, id: 'abcd2', rev: 12 },
    { verdict: 'accept', id: 'abcd3', rev: 1 },
    { verdict: 'flag', id: 'abcd4', rev: 2, note: 'who is that?' },
    { verdict: 'skip', id: 'abcd5', rev: 1 },
  ])
  expect(read('reject:wrong-type k3vq7x@3 A ──B──▶ C # she is no owner ')).toEqual([
    { verdict: 'reject', id: 'k3vq7x', rev: 3, reason: 'wrong type', note: 'she is no owner' },
  ])
  expect(read('reject:7 k3vq7x@3')).toEqual([{ verdict: 'reject', id: 'k3vq7x', rev: 3, reason: 'not asserted' }])
  expect(read('reject:"re-read it: no" k3vq7x@3')).toEqual([
    { verdict: 'reject', id: 'k3vq7x', rev: 3, reason: 're-read it: no' },
  ])
})

it('passes over empty lines and comments, and counts them', () => {
  const { lines } = parseTodo('\ufeff# a list\n\n   # more\n  accept k3vq7x@3')
  expect(lines).toMatchObject([{ number: 4, id: 'k3vq7x' }])
})

it('says of every line that is none what is wrong with it', () => {
  const text =
    'keep k3vq7x@3\naccept\naccept k3vq7x\naccept:sure k3vq7x@3\nreject: k3vq7x@3\nreject:"" k3vq7x@3\naccept k3vq7x@-1\nreject:wrong-tipe k3vq7x@3'
  const { lines, bad } = parseTodo(text)
  expect(lines).toEqual([])
  expect(bad.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(bad[0]?.what).toBe("'keep' is none of accept, reject, reject:REASON, flag, skip or leave")
  expect(bad[2]?.what).toContain('with its revision')
  expect(bad[7]?.what).toMatch(
    /^'wrong-tipe' is none of the reasons wrong-subject, .* Did you mean 'wrong-type'\?.*reject:"wrong tipe"$/,
  )
  expect(bad[3]?.what).toBe('only reject takes a reason, not accept')
})

it('takes no words of a document for a note', () => {
  const name = 'Plan # accepted by all #'
  expect(read(`accept k3vq7x@3  ${withoutNoteSign(name)}`)).toEqual([{ verdict: 'accept', id: 'k3vq7x', rev: 3 }])
  expect(withoutNoteSign('C# in issue #5')).toBe('C# in issue #5')
})
