import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Reply } from '../../src/model/reply.ts'
import { key, keyedItems } from '../../src/reading/keyed-items.ts'

const SAID = '{"links":[{"link":"[L3]"},{"link":"L12"}]}'

it.each([
  [SAID, ['L3', 'L12'], true],
  [SAID.slice(0, SAID.indexOf('2"')), ['L3'], false],
  [SAID.slice(0, -2), ['L3', 'L12'], false],
  ['{"links":[{"link":"L3"},{"link":7}]}', ['L3'], false],
  ['{"links":[]}', [], true],
  ['{"links":"L3"}', null, undefined],
])('items of %s', (content, links, isWhole) => {
  const said = keyedItems({ content } as Reply, z.object({ link: key }))
  expect(said?.items.map(({ item }) => item.link) ?? null).toEqual(links)
  expect(said?.isWhole).toBe(isWhole)
})
