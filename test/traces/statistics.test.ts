import { expect, it } from 'vitest'
import { advise } from '../../src/traces/study/advice.ts'
import { TraceTally, type StudiedLink, type StudiedReply } from '../../src/traces/study/statistics.ts'
import type { TraceFacts } from '../../src/traces/study/trace-facts.ts'

const FACTS: TraceFacts = {
  characters: 3000,
  steps: 20,
  idle: 8,
  again: 0,
  loops: 0,
  language: 'en',
  hedges: 2,
  turns: 1,
  read: { telling: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], unread: [] },
}
const LINK: StudiedLink = { steps: 2, hedges: false, turns: false, accepted: null }

function reply(
  id: string,
  facts: Partial<TraceFacts> = {},
  links: readonly Partial<StudiedLink>[] = [{}],
): StudiedReply {
  const all = links.map((link) => ({ ...LINK, ...link }))
  return { id, group: 'r1', facts: { ...FACTS, ...facts }, isCut: false, refused: 0, links: all }
}

function tallied(...replies: StudiedReply[]) {
  const tally = new TraceTally()
  for (const one of replies) tally.add(one)
  return tally.result()
}

const decided = (count: number, accepted: number, link: Partial<StudiedLink> = {}): Partial<StudiedLink>[] =>
  Array.from({ length: count }, (_, at) => ({ ...link, accepted: at < accepted }))

it('adds up by group and over all; a reply without a trace counts as a reply only', () => {
  const without: StudiedReply = { ...reply('d', {}, [{ accepted: true }]), group: 'other', facts: null }
  const { groups, total } = tallied(reply('a'), reply('b', { language: null }, [{}, { steps: 0 }]), {
    ...without,
    isCut: true,
  })
  expect(groups.map(({ group, replies, studied, cut }) => [group, replies, studied, cut])).toEqual([
    ['r1', 2, 2, 0],
    ['other', 1, 0, 1],
  ])
  expect(total).toMatchObject({
    replies: 3,
    steps: 40,
    idle: 16,
    readable: 20,
    hedges: 4,
    links: 3,
    withoutStep: 1,
    decided: 0,
  })
})

it('puts outcomes beside the length of traces', () => {
  const { lengths } = tallied(
    reply('a', { characters: 999 }, decided(2, 1)),
    reply('b', { characters: 1000 }),
    { ...reply('c', { characters: 1500 }), refused: 3 },
    reply('d', { characters: 900_000 }),
  )
  expect(lengths).toEqual([
    { from: 0, replies: 1, links: 2, refused: 0, decided: 2, accepted: 1 },
    { from: 1000, replies: 2, links: 2, refused: 3, decided: 0, accepted: 0 },
    { from: 64_000, replies: 1, links: 1, refused: 0, decided: 0, accepted: 0 },
  ])
})

it('holds links of traces that loop, hedge, turn or lead nowhere against the others, with intervals', () => {
  const stats = tallied(
    reply('a', { loops: 2 }, decided(10, 1)),
    reply('b', {}, [...decided(10, 9), ...decided(2, 0, { hedges: true }), ...decided(1, 1, { steps: 0 })]),
  )
  const [loops, hedges, turns, noStep] = stats.contrasts
  expect(loops).toMatchObject({ with: { decided: 10, accepted: 1 }, without: { decided: 13, accepted: 10 } })
  expect(loops?.with?.low).toBeCloseTo(0.0179, 3)
  expect(loops?.with?.high).toBeCloseTo(0.4042, 3)
  expect(hedges).toMatchObject({ with: { decided: 2, accepted: 0 }, without: { decided: 21, accepted: 11 } })
  expect(turns?.with).toBeNull()
  expect(noStep).toMatchObject({ trait: 'no step', with: { decided: 1, accepted: 1 } })
})

it('names the three worst, the worst first, and never a trace of a few sentences', () => {
  const { worst } = tallied(
    reply('idle', { idle: 20 }),
    reply('again', { idle: 8, again: 15, loops: 1 }),
    reply('unread', { idle: 12, read: { telling: [0, 1, 2, 3], unread: [2, 3] } }),
    reply('short', { steps: 4, idle: 4, again: 4 }),
    reply('good', { idle: 0 }),
  )
  expect(worst.map(({ id }) => id)).toEqual(['again', 'unread', 'idle'])
  expect(worst[1]).toMatchObject({ waste: 1.1, unread: [3, 4] })
})

it.each<[string, Partial<TraceFacts>, Partial<StudiedLink>[], RegExp]>([
  [
    'the second half is never looked at',
    { read: { telling: [0, 1, 2, 3, 4, 5], unread: [4, 5] } },
    [{}],
    /^67% of the units in the second half of chunks are never looked at \(first half: 0%\): make chunks smaller \(chunkTokens\)\.$/,
  ],
  [
    'units here and there',
    { read: { telling: [0, 1, 2, 3, 4, 5], unread: [1, 4] } },
    [{}],
    /^33% of the units are never looked at, anywhere/,
  ],
  ['loops', { loops: 1 }, [{}], /^4 of 4 traces go round in circles/],
  ['restatements', { again: 4 }, [{}], /^20% of the steps say again/],
  ['links without a step', {}, [{}, { steps: 0 }], /^50% of the links have no step/],
  ['idle steps', { idle: 19 }, [{}], /^95% of the steps serve no link/],
  ['nothing', {}, [{}], /^Nothing stands out\.$/],
])('says what to do where %s stands out', (_, facts, links, expected) => {
  const stats = tallied(...['a', 'b', 'c', 'd'].map((id) => reply(id, facts, links)))
  const said = advise(stats)
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(expected)
})

it('of decided links, says which to review first; of two traces, that they are too few', () => {
  const odd = reply('a', { loops: 1 }, decided(20, 2))
  const stats = tallied(odd, ...['b', 'c', 'd'].map((id) => reply(id, {}, decided(10, 9))))
  expect(advise(stats).join('\n')).toContain('less often: loops (2 of 20, others 27 of 30). Review them first.')
  expect(advise(tallied(reply('a'), reply('b')))).toEqual(['There are 2 traces to study: too few to say what to do.'])
})
