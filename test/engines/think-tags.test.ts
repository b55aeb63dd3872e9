import { array, assert, boolean, constantFrom, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createThinkSplitter, splitThinkTags } from '../../src/engines/think-tags.ts'

const OBJECT = '{\n  "summary": "Ana leads.",\n  "entities": [\n    {"id": "e1"},\n    {"id": "e2"}\n  ]\n}'

/** As where the thinking came through a channel of its own. */
function splitKnowing(text: string) {
  const splitter = createThinkSplitter()
  splitter.thoughtElsewhere()
  return [...splitter.push(text), ...splitter.end()]
}

/** The characters, in any order, without the tags. */
function sorted(text: string): string {
  return [...text.replaceAll(/<\/?think>/g, '')].toSorted().join('')
}

describe('what is thinking and what is the answer', () => {
  test.each([
    ['both tags', `<think>S1 says so.</think>\n\n${OBJECT}`, 'S1 says so.', `\n\n${OBJECT}`],
    ['a blank before the opening tag', `\n<think>S1.</think>${OBJECT}`, '\nS1.', OBJECT],
    ['no opening tag', `S1 says so.\n</think>\n${OBJECT}`, 'S1 says so.\n', `\n${OBJECT}`],
    ['no tags: an answer', OBJECT, '', OBJECT],
    ['no tags: an answer with chat around it', `Here it is:\n\n${OBJECT}\nBye`, '', `Here it is:\n\n${OBJECT}\nBye`],
    ['nothing', '', '', ''],
    ['an empty thought', `<think>\n\n</think>${OBJECT}`, '\n\n', OBJECT],
    [
      'braces and drafts in the thought',
      `<think>{S1, S2}\n{"id": "e1"}\nno.</think>{}`,
      '{S1, S2}\n{"id": "e1"}\nno.',
      '{}',
    ],
    ['a fence in the thought', '<think>```json\n{"a": 1}\n```\nno</think>{}', '```json\n{"a": 1}\n```\nno', '{}'],
    ['a second thought', `<think>One.</think>\n<think>Two.</think>{}`, 'One.\nTwo.', '{}'],
    ['a closing tag too many', `One.</think> But wait. </think>{"a": 1}`, 'One. But wait. ', '{"a": 1}'],
    ['chat after the thought', `<think>One.</think>Here:\n{}`, 'One.', 'Here:\n{}'],
    ['a tag as a word of a thought', `<think>They say <think> here.</think>{}`, 'They say <think> here.', '{}'],
    ['tags quoted in an answer', `{"quote": "<think>a</think>b"}`, '', `{"quote": "<think>a</think>b"}`],
    ['tags quoted after chat', `So:\n{"quote": "a</think>b"}`, '', `So:\n{"quote": "a</think>b"}`],
    ['tags quoted after a thought', `x</think>{"quote": "a</think>b"}`, 'x', `{"quote": "a</think>b"}`],
    ['a tag quoted, none closing', `<think>x\n{"quote": "a</think>b"}`, 'x\n', `{"quote": "a</think>b"}`],
    ['a stray brace and quote in the thought', `Is {a} "so"?\nOr "{b\n</think>{}`, 'Is {a} "so"?\nOr "{b\n', '{}'],
  ])('%s', (_name, text, reasoning, answer) => {
    expect(splitThinkTags(text)).toEqual({ reasoning, answer })
  })
})

describe('a thought that is never closed', () => {
  const draft = '{"subject": "Ana"}'
  test.each([
    ['the answer begins a line', `Ana leads.\n\n`, OBJECT],
    ['with a fence', `Ana leads.\n`, '```json\n' + OBJECT + '\n```'],
    ['the last of several objects', `I may write\n${draft}\nor better:\n`, OBJECT],
    ['a draft in the middle of a line', `I may write ${draft} here.\n`, OBJECT],
    ['cut off in the middle', `Ana leads.\n`, OBJECT.slice(0, 60)],
    ['a short goodbye', `Ana leads.\n`, `${OBJECT}\nThat is all.`],
    ['a comma before it', `Now, as I said,\n`, OBJECT],
    ['in a line, at the very end', `So it is: `, `${OBJECT}\n`],
    [
      'a draft that is thought about further is no answer',
      `Maybe\n${draft}\nBut S2 denies it, so I must look again.`,
      '',
    ],
    ['a draft in a line is no answer', `I may write ${draft}, but S2`, ''],
    ['no object', `Ana leads {Saltmarsh}, says S1.`, ''],
    ['a stray quote and brace before it', `She said {"so it is\nAnd then:\n`, OBJECT],
  ])('%s', (_name, reasoning, answer) => {
    expect(splitThinkTags(`<think>${reasoning}${answer}`)).toEqual({ reasoning, answer })
  })
})

describe('a thought that came through a channel of its own', () => {
  test('leaves the content as the answer', () => {
    expect(splitKnowing('Here you are: none.')).toEqual([{ kind: 'answer', text: 'Here you are: none.' }])
  })

  test('does not hide an inline thought', () => {
    expect(splitKnowing('<think>x</think>{}')).toEqual([
      { kind: 'reasoning', text: 'x' },
      { kind: 'answer', text: '{}' },
    ])
  })
})

test('thinking flows out as it comes, an answer too', () => {
  const splitter = createThinkSplitter()
  expect(splitter.push('<think>S1 says')).toEqual([{ kind: 'reasoning', text: 'S1 says' }])
  expect(splitter.push(' so.</th')).toEqual([{ kind: 'reasoning', text: ' so.' }])
  expect(splitter.push('ink>\n{"a"')).toEqual([{ kind: 'answer', text: '\n{"a"' }])
  expect(splitter.push(': 1}')).toEqual([{ kind: 'answer', text: ': 1}' }])
  expect(splitter.end()).toEqual([])
})

describe('however the stream is cut', () => {
  const fragment = constantFrom(
    '<think>',
    '</think>',
    '<thi',
    '</',
    '<',
    '>',
    '{',
    '{"',
    '"',
    '}',
    '`',
    '```json\n',
    '```',
    '\n',
    ' ',
    ',',
    '[',
    ':',
    '\\',
    'S1 says so.',
    OBJECT,
    '{"quote": "</think>"}',
  )
  const text = array(fragment, { maxLength: 14 }).map((fragments) => fragments.join(''))

  test('the parts are the same', () => {
    assert(
      property(text, array(nat(200), { maxLength: 20 }), boolean(), (whole, places, elsewhere) => {
        const run = (cuts: readonly number[]) => {
          const splitter = createThinkSplitter()
          if (elsewhere) splitter.thoughtElsewhere()
          const parts = { reasoning: '', answer: '' }
          const bounds = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length]
          const pieces = bounds.slice(1).flatMap((end, index) => splitter.push(whole.slice(bounds[index], end)))
          for (const piece of [...pieces, ...splitter.end()]) parts[piece.kind] += piece.text
          return parts
        }
        const characters = Array.from({ length: whole.length }, (_, index) => index)
        expect(run(places)).toEqual(run([]))
        expect(run(characters)).toEqual(run([]))
      }),
      { numRuns: 3000 },
    )
  })

  test('nothing is lost but tags', () => {
    assert(
      property(text, (whole) => {
        const { reasoning, answer } = splitThinkTags(whole)
        expect(sorted(reasoning + answer)).toBe(sorted(whole))
      }),
      { numRuns: 3000 },
    )
  })
})

test('a long thought in small pieces takes no long time', () => {
  const splitter = createThinkSplitter()
  const thought = `So {this} is "it", S1.\n{"draft": "x"}\n`.repeat(8000)
  const started = performance.now()
  for (let at = 0; at < thought.length; at += 4) splitter.push(thought.slice(at, at + 4))
  splitter.end()
  const held = createThinkSplitter()
  held.push('<think>')
  for (let at = 0; at < thought.length; at += 4) held.push(thought.slice(at, at + 4))
  held.end()
  expect(performance.now() - started).toBeLessThan(8000)
})

test.each([
  ['blanks', '', ' \n'],
  ['blanks behind a brace', '{', '  '],
  ['chat behind a thought', '</think>', 'word '],
  ['blanks and a brace behind a thought', '</think>{', '    '],
  ['tags that do not count', 'x', '<think> '],
  ['tags in a string', '<think>{"', '</think>'],
  ['objects in one line', '<think>', 'x{"'],
  ['objects that do not end', '<think>x', '{"}'],
])('%s take no long time, in one piece or in 40,000', (_name, before, token) => {
  const started = performance.now()
  const splitter = createThinkSplitter()
  splitter.push(before)
  for (let count = 0; count < 40_000; count++) splitter.push(token)
  splitter.end()
  splitThinkTags(before + token.repeat(40_000))
  expect(performance.now() - started).toBeLessThan(1000)
})
