import { describe, expect, it } from 'vitest'
import { nameSpeakers } from '../../src/extract/name-speakers.ts'
import type { ChunkUnit } from '../../src/model/chunk.ts'
import type { Mention } from '../../src/model/proposal.ts'

const said = (...speakers: (string | undefined)[]): { units: ChunkUnit[] } => ({
  units: speakers.map((speaker, at) => ({
    s: at + 1,
    kind: 'utterance',
    start: at,
    end: at + 1,
    place: speaker === undefined ? {} : { speaker },
    text: 'x',
  })),
})
const person = (name: string, ...aliases: string[]): Mention => ({ name, type: 'Person', aliases, units: [1] })
const names = (mentions: readonly Mention[]): string[][] => mentions.map(({ name, aliases }) => [name, ...aliases])

describe('speakers', () => {
  it('a label that is spelt otherwise is one more name of the person', () => {
    const found = nameSpeakers(
      [person('Zuzana Křížová')],
      said('Zuzana Krizova', 'Dr. Zuzana Křížová', 'Zuzana Krizova'),
    )
    expect(names(found)).toEqual([['Zuzana Křížová', 'Zuzana Krizova', 'Dr. Zuzana Křížová']])
  })

  it('a label that may be short for a person is mentioned beside, with what is said under it', () => {
    const found = nameSpeakers([person('Amara Okafor')], said('AO', undefined, 'Amara', 'AO'))
    expect(names(found)).toEqual([['Amara Okafor'], ['AO'], ['Amara']])
    expect(found[1]).toEqual({ name: 'AO', type: 'Person', aliases: [], units: [1, 4] })
  })

  it('a full label of somebody whom the reply names by one name is mentioned beside', () => {
    expect(names(nameSpeakers([person('Amara')], said('Amara Okafor')))).toEqual([['Amara'], ['Amara Okafor']])
  })

  it.each([
    ['a label of nobody whom the reply names', [person('Amara Okafor')], 'Guest'],
    ['the label that is the name already', [person('Amara Okafor', 'Amara')], 'Amara'],
    ['a label like a thing', [{ ...person('Amara Okafor'), type: 'System' }], 'Amara'],
    ['an empty label', [person('Amara Okafor')], ' '],
  ] as const)('%s changes nothing', (_, mentions, label) => {
    expect(nameSpeakers(mentions, said(label))).toEqual(mentions)
  })
})
