import { expect, it } from 'vitest'
import {
  choicesLines,
  choicesOf,
  narrow,
  PAGE,
  pressChoices,
  type Choice,
  type Choices,
} from '../../src/desk/choices.ts'

const ALL = Array.from({ length: 80 }, (_, i): Choice<number> => ({ label: `Unit ${i + 1}`, wanted: i + 1 }))

function turn(choices: Choices<number>, key: string): Choices<number> {
  const turned = pressChoices(choices, key)
  if (turned === null || 'label' in turned) throw new Error(`${key} turns no page`)
  return turned
}

it('a key picks one of the page that is shown', () => {
  const first = choicesOf('units', ALL)
  expect(pressChoices(first, '1')).toBe(ALL[0])
  expect(pressChoices(first, 'z')).toBe(ALL[PAGE - 1])
  const second = turn(first, ']')
  expect(choicesLines(second)[0]).toBe(` units, ${PAGE + 1} to ${2 * PAGE} of 80:`)
  expect(pressChoices(second, '2')).toBe(ALL[PAGE + 1])
  expect(pressChoices(turn(second, ']'), 'z')).toBeNull()
  expect(turn(second, '[')).toEqual(first)
})

it('there is no page before the first or after the last, and no other key', () => {
  expect(['[', 'A', '0', '!', 'enter'].map((key) => pressChoices(choicesOf('units', ALL), key))).toEqual(
    Array.from({ length: 5 }, () => null),
  )
  expect(pressChoices(choicesOf('units', ALL, 70), ']')).toBeNull()
  expect(turn(choicesOf('units', ALL, 10), '[').from).toBe(0)
})

it('words leave those in whose labels they stand, whatever their case', () => {
  const some = narrow(choicesOf('units', ALL, 40), ' unit 7 ')
  expect(choicesLines(some)).toEqual([
    ' units with unit 7:',
    '   1  Unit 7',
    ...Array.from({ length: 10 }, (_, i) => `   ${i < 8 ? i + 2 : 'ab'[i - 8]}  Unit ${70 + i}`),
  ])
  expect(pressChoices(some, '2')).toBe(ALL[69])
  expect(choicesLines(narrow(some, 'nowhere'))).toEqual([' units with nowhere:', '   none has these words'])
  expect(narrow(some, '')).toEqual(choicesOf('units', ALL))
})

it.each(['one with NAME', 'what is NAME, and what is to be apart'])(
  'what a document calls a thing does nothing to the terminal, in “%s” and in the labels',
  (title) => {
    const name = 'An\u001B[31ma\u202E'
    const lines = choicesLines(choicesOf(title.replace('NAME', name), [{ label: name, wanted: 1 }]))
    expect(lines.map((line) => line.replace('An‹U+001B›[31ma‹U+202E›', 'NAME'))).toEqual([` ${title}:`, '   1  NAME'])
  },
)
