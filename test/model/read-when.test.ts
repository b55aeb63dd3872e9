import { describe, expect, it } from 'vitest'
import { readWhen } from '../../src/model/read-when.ts'

/** A Tuesday. */
const SAID = '2025-06-10'

describe('words for a time become days', () => {
  it.each([
    ['6 May 2025', '2025-05-06', '2025-05-06'],
    ['2025-03-18', '2025-03-18', '2025-03-18'],
    ['From 2 June 2025', '2025-06-02', null],
    ['by 16 May 2025', null, '2025-05-16'],
    ['before 12 March 2025', null, '2025-03-11'],
    ['after 31 December 2024', '2025-01-01', null],
    ['since 2019', '2019-01-01', null],
    ['in 2022', '2022-01-01', '2022-12-31'],
    ['2019-2021', '2019-01-01', '2021-12-31'],
    ['from 2019 to 2021', '2019-01-01', '2021-12-31'],
    ['Q2 2025', '2025-04-01', '2025-06-30'],
    ['in the second quarter of 2025', '2025-04-01', '2025-06-30'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['since 2024-02', '2024-02-01', null],
    ['February 2024', '2024-02-01', '2024-02-29'],
    ['3-5 May 2025', '2025-05-03', '2025-05-05'],
    ['between 3 and 5 May 2025', '2025-05-03', '2025-05-05'],
    ['May 2025 to June 2025', '2025-05-01', '2025-06-30'],
    ['until the end of 2025', null, '2025-12-31'],
  ])('%s, whenever it was said', (words, from, to) => {
    expect(readWhen(words, null)).toEqual({ from, to })
    expect(readWhen(words, SAID)).toEqual({ from, to })
  })

  it.each([
    ['now', '2025-06-10', null],
    ['as of today', '2025-06-10', null],
    ['tonight', '2025-06-10', '2025-06-10'],
    ['in March', '2025-03-01', '2025-03-31'],
    ['since January', '2025-01-01', null],
    ['since November', '2024-11-01', null],
    ['since Friday', '2025-06-06', null],
    ['by Friday', null, '2025-06-13'],
    ['by Friday the twenty-seventh of June', null, '2025-06-27'],
    ['by the fourth of July', null, '2025-07-04'],
    ['until the end of June', null, '2025-06-30'],
    ['last Tuesday', '2025-06-03', '2025-06-03'],
    ['this week', '2025-06-09', '2025-06-15'],
    ['next week', '2025-06-16', '2025-06-22'],
    ['last month', '2025-05-01', '2025-05-31'],
    ['next year', '2026-01-01', '2026-12-31'],
    ['in two weeks', '2025-06-24', '2025-06-24'],
    ['Two weeks ago', '2025-05-27', '2025-05-27'],
  ])('%s, seen from the day on which it was said', (words, from, to) => {
    expect(readWhen(words, SAID)).toEqual({ from, to })
    expect(readWhen(words, null)).toBeNull()
  })

  it.each([
    '',
    'at any time',
    'If the rehearsals fail on 3 June 2025',
    'until it is switched off',
    'since the beginning of the outbreak',
    'August 2025 likely',
    'Through Fall 2026',
    '03/04/2025',
    '03.04.2025',
    'Monday',
    'eight days now',
    'after election',
    '30 February 2025',
    '2021 to 2019',
    'x'.repeat(100_000),
    `since ${'the end of '.repeat(9)}2025`,
  ])('%.60s: the words do not settle it', (words) => {
    expect(readWhen(words, SAID)).toBeNull()
  })
})
